"""Mail over SMTP, one connection a mail: letters are few, and a connection that waits is one that breaks."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Literal

import aiosmtplib

from balie.post.errors import MailNotSentError
from balie.post.port import Mail

QUIT_WAIT_S: Final = 2.0
PERMANENT: Final = 500
"""Answers from here on say that trying again is no use (RFC 5321, 4.2.1)."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and as whom.

    Attributes:
        login: Name and password; None where the server asks for none.
        timeout: For one mail, from the first connection to the server's yes.
        tls: Whom to trust; None for the certificates that this machine trusts.
    """

    host: str
    port: int
    security: Literal["starttls", "tls", "none"] = "starttls"
    login: tuple[str, str] | None = field(default=None, repr=False)
    timeout: timedelta = timedelta(seconds=20)
    tls: ssl.SSLContext | None = None


class SmtpCarrier:
    """Hands mail to one mail server."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def send(self, mail: Mail) -> None:
        """Hand over a mail.

        What the server says of this mail is its last word when it is a 5xx. Whatever else goes wrong (no
        connection, a certificate, our login, our own address) is ours to mend, and worth another try.

        Raises:
            MailNotSentError: The server did not take it, or did not say so in time.
        """
        content = mail.as_message().as_bytes()
        async with self._connected() as client:
            try:
                await client.sendmail(mail.sender.address, [mail.recipient], content)
            except aiosmtplib.SMTPSenderRefused as error:
                raise MailNotSentError(permanent=False, reason="sender_refused", stops_all=True) from error
            except aiosmtplib.SMTPRecipientsRefused as error:
                permanent = all(refused.code >= PERMANENT for refused in error.recipients)
                raise MailNotSentError(permanent=permanent, reason="recipient_refused") from error
            except aiosmtplib.SMTPDataError as error:
                permanent = error.code >= PERMANENT
                raise MailNotSentError(permanent=permanent, reason="content_refused") from error

    async def check(self) -> None:
        """Whether the server lets us in.

        Raises:
            MailNotSentError: Why not.
        """
        async with self._connected():
            pass

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[aiosmtplib.SMTP]:
        client = self._client()
        try:
            async with asyncio.timeout(self._server.timeout.total_seconds()):
                await client.connect()
                yield client
        except aiosmtplib.SMTPAuthenticationError as error:
            raise MailNotSentError(permanent=False, reason="login_refused", stops_all=True) from error
        except TimeoutError as error:
            raise MailNotSentError(permanent=False, reason="timed_out", stops_all=True) from error
        except (OSError, aiosmtplib.SMTPException) as error:
            reason = "not_secure" if _is_about_tls(error) else "server_unusable"
            raise MailNotSentError(permanent=False, reason=reason, stops_all=True) from error
        else:
            # The mail is theirs by now: how they say goodbye changes nothing.
            with contextlib.suppress(OSError, aiosmtplib.SMTPException):
                await client.quit(timeout=QUIT_WAIT_S)
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        name, password = server.login or (None, None)
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=name,
            password=password,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            timeout=server.timeout.total_seconds(),
            tls_context=server.tls,
        )


def _is_about_tls(error: BaseException) -> bool:
    return isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError)
