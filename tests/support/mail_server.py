"""A real mail server on loopback that takes mail, refuses it, or says nothing, as a test wants."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from balie.post.smtp import MailServer

LOGIN = ("balie", "a password of the tests")
TAKEN = "250 Taken"


@dataclass
class Received:
    """A mail as the server got it."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    was_safe: bool


@dataclass
class FakePost:
    """What the server says to each step, and what it took."""

    port: int = 0
    mail: str = TAKEN
    rcpt: str = TAKEN
    data: str = TAKEN
    hangs: bool = False
    received: list[Received] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def server(self, security: Literal["starttls", "tls", "none"] = "none", **changes: Any) -> MailServer:
        """How to reach it."""
        usual = {"timeout": timedelta(seconds=5), "tls": None if security == "none" else trusting_context()}
        return MailServer("127.0.0.1", self.port, security, **{**usual, **changes})

    # aiosmtpd finds these by their names.
    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.mail

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.hangs:
            await asyncio.Event().wait()
        if self.data == TAKEN:
            message = message_from_bytes(envelope.content or b"", policy=default)
            assert server.transport is not None
            was_safe = server.transport.get_extra_info("sslcontext") is not None
            self.received.append(
                Received(envelope.mail_from or "", list(envelope.rcpt_tos), message, was_safe)
            )
            self.came.set()
        return self.data


@asynccontextmanager
async def mail_server(
    security: Literal["starttls", "tls", "none"] = "none", *, with_login: bool = False, port: int = 0
) -> AsyncIterator[FakePost]:
    """A server that listens as long as the block lasts."""
    post, loop = FakePost(), asyncio.get_running_loop()
    connections: list[SMTP] = []

    def protocol() -> SMTP:
        connection = SMTP(
            post,
            hostname="mail.example",
            loop=loop,
            tls_context=server_context() if security == "starttls" else None,
            require_starttls=security == "starttls",
            auth_required=with_login,
            auth_require_tls=security == "starttls",
            authenticator=_check_login,
        )
        connections.append(connection)
        return connection

    tls = server_context() if security == "tls" else None
    server = await loop.create_server(protocol, "127.0.0.1", port, ssl=tls)
    post.port = server.sockets[0].getsockname()[1]
    try:
        yield post
    finally:
        server.close()
        await _end(connections)


async def _end(connections: list[SMTP]) -> None:
    """Break off what is still open, and wait until it is gone."""
    for connection in connections:
        if connection.transport is not None:
            connection.transport.abort()
    handlers = [one._handler_coroutine for one in connections if one._handler_coroutine is not None]
    for handler in handlers:
        handler.cancel()
    await asyncio.gather(*handlers, return_exceptions=True)
    await asyncio.sleep(0)  # transports close with the loop's next step


def _check_login(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: LoginPassword
) -> AuthResult:
    return AuthResult(success=(given.login.decode(), given.password.decode()) == LOGIN, handled=False)


@cache
def _certificate() -> tuple[Path, Path]:
    folder = Path(tempfile.mkdtemp(prefix="balie-test-"))
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    names = "subjectAltName=IP:127.0.0.1,DNS:localhost"
    kind = [
        "req",
        "-x509",
        "-nodes",
        "-days",
        "2",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
    ]
    what = ["-subj", "/CN=localhost", "-addext", names, "-keyout", key, "-out", certificate]
    subprocess.run(["openssl", *kind, *what], check=True, capture_output=True)
    return certificate, key


def server_context() -> ssl.SSLContext:
    """Shows a certificate that was made for these tests."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*_certificate())
    return context


def trusting_context() -> ssl.SSLContext:
    """Trusts that certificate, and checks the name in it."""
    return ssl.create_default_context(cafile=_certificate()[0])
