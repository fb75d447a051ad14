"""The thread that the server lives in, with a loop of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import uvicorn
from uvicorn.server import ServerState

START_S: Final = 10.0
LAST_ANSWERS_S: Final = 1.0


@dataclass
class Wires:
    """What belongs to the loop of the server's thread."""

    loop: asyncio.AbstractEventLoop | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Something for the postman."""
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    pollers: set[asyncio.Event] = field(default_factory=set)

    def ring(self) -> None:
        """Say from any thread that there may be something to hand out."""
        loop = self.loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.wake)

    def wake(self) -> None:
        """The same, from the loop itself."""
        self.changed.set()
        for poller in self.pollers:
            poller.set()


class ServerThread:
    """Listens on loopback. ``uvicorn.Server`` would take a quarter of a second to stop, for each test."""

    def __init__(self, application: Any, beside: Callable[[Wires], Awaitable[None]]) -> None:
        self._config = uvicorn.Config(
            application,
            lifespan="off",
            ws="none",
            access_log=False,
            log_config=None,
            log_level=None,
            # As the real one does: connections that rest are kept longer than bots keep them.
            timeout_keep_alive=75,
        )
        self._config.load()
        self._beside = beside
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self.wires = Wires()
        self.port = 0

    def start(self) -> None:
        """Listen: on a free port the first time, later on the same."""
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        self._ready.clear()
        self._thread = threading.Thread(
            target=self._run, args=(listener,), name="stand-in Bot API", daemon=True
        )
        self._thread.start()
        if not self._ready.wait(START_S):
            raise TimeoutError("the stand-in Bot API did not start")

    def stop(self) -> None:
        """Answer what is being asked, then hang up."""
        if self._thread is None:
            return
        if self.wires.loop is not None:
            self.wires.loop.call_soon_threadsafe(self._close)
        self._thread.join(START_S)
        self._thread = None

    def _close(self) -> None:
        self.wires.closing.set()
        self.wires.wake()

    def _run(self, listener: socket.socket) -> None:
        with asyncio.Runner(loop_factory=self._config.get_loop_factory()) as runner:
            runner.run(self._serve(listener))

    async def _serve(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        self.wires = Wires(loop)
        state = ServerState()
        made: Any = self._config.http_protocol_class
        protocol = partial(made, config=self._config, server_state=state, app_state={})
        listening = await loop.create_server(protocol, sock=listener)
        beside = asyncio.ensure_future(self._beside(self.wires))
        self._ready.set()
        await self.wires.closing.wait()
        listening.close()
        listener.close()
        for connection in list(state.connections):
            connection.shutdown()
        if state.tasks:
            await asyncio.wait(state.tasks, timeout=LAST_ANSWERS_S)
        await beside
        self.wires.loop = None
