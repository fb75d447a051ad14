"""One uvicorn server among others in the same event loop: signals and logs are somebody else's."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from balie.gateway.errors import PortTakenError

MAX_EVENT_BYTES: Final = 64 * 1024
BACKLOG: Final = 512


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave signals to whoever runs several servers."""
        yield


def bind(host: str, port: int, *, setting: str) -> socket.socket:
    """A socket that already listens; connections wait until :func:`serving` takes them.

    Args:
        host: Address to listen on.
        port: Port, or 0 for any free one.
        setting: Name of the setting to change when the port is taken.

    Raises:
        PortTakenError: Somebody else listens there, or we may not.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named: only then does asyncio send small answers at once, instead of 40 ms later.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise PortTakenError(host, port, setting) from error
    return listening


@asynccontextmanager
async def serving(
    app: ASGIApp,
    listening: socket.socket,
    *,
    trusted_proxies: str = "",
    grace: timedelta = timedelta(seconds=5),
) -> AsyncIterator[None]:
    """Serve an app as long as the block lasts, then let running requests end.

    Args:
        app: What to serve.
        listening: From :func:`bind`; closed at the end.
        trusted_proxies: Addresses whose ``X-Forwarded-For`` is believed, separated by commas.
        grace: How long requests and sockets may still go on.
    """
    server = _Server(_config(app, trusted_proxies, grace))
    running = asyncio.create_task(server.serve(sockets=[listening]), name="server")
    try:
        yield
    finally:
        server.should_exit = True
        await running


def _config(app: ASGIApp, trusted_proxies: str, grace: timedelta) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        # Addresses are nobody's business: no access log, nor a line for every socket.
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=trusted_proxies,
        ws_max_size=MAX_EVENT_BYTES,
        ws_per_message_deflate=False,  # messages are short: packing them costs more than it saves
        timeout_graceful_shutdown=max(1, round(grace.total_seconds())),
    )
