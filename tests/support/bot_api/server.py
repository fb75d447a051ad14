"""A stand-in for api.telegram.org on loopback, in a thread of its own.

Any bot library can talk to it (``/bot<token>/<method>``, ``/file/bot<token>/<path>``). It stands outside the
service, so it survives when a test kills that. Tests talk to it as people do: see ``people``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, ClassVar, Self

from tests.support.bot_api import about, messages
from tests.support.bot_api.description import Description, published
from tests.support.bot_api.faults import Faults
from tests.support.bot_api.http import Application
from tests.support.bot_api.listening import ServerThread, Wires
from tests.support.bot_api.people import Group, Person
from tests.support.bot_api.requests import Request
from tests.support.bot_api.state import BOT_ID, TOKEN, Json, World
from tests.support.bot_api.updates import UpdateQueue
from tests.support.bot_api.webhooks import HandIn, Postman, Route, Webhook


@dataclass
class Polls:
    """The ``getUpdates`` that waits just now, if any."""

    current: asyncio.Event | None = None
    """Set when another one takes its place."""


class BotApi:
    """The server. ``with BotApi() as server: …``; or ``start()`` and ``stop()``."""

    methods: ClassVar[Mapping[str, messages.Method]] = {**messages.METHODS, **about.METHODS}

    def __init__(
        self,
        *,
        name: str = "Duin & Dal",
        username: str = "duinendal_bot",
        clock: Callable[[], float] = time.time,
        description: Description | None = None,
        checks_itself: bool = False,
    ) -> None:
        self.world = World(name=name, username=username, clock=clock)
        self.queue = UpdateQueue(self.world.lock)
        self.faults = Faults(self.queue, self.world.lock)
        self.webhook = Webhook()
        self.postman = Postman(self.queue, lambda: self.webhook)
        self.requests: list[Request] = []
        self.violations: list[str] = []
        """What the bot sent that is not in the description; tests assert that it is empty."""
        self.description = description or published()
        self.checks_itself = checks_itself
        """Whether its own answers and updates are checked, too; what is wrong stands among the violations."""
        self.token = TOKEN
        self.polls = Polls()
        self._thread = ServerThread(
            Application(self), lambda wires: self.postman.run(wires.changed, wires.closing)
        )
        self.queue.on_change = self._ring

    @property
    def url(self) -> str:
        """Where it listens: what ``https://api.telegram.org`` is in real life."""
        return f"http://127.0.0.1:{self._thread.port}"

    @property
    def wires(self) -> Wires:
        """What belongs to the loop of the server."""
        return self._thread.wires

    @property
    def username(self) -> str:
        """The bot's name after ``https://t.me/``."""
        return str(self.world.bot["username"])

    # Who there is.

    def person(self, name: str = "Sanne", *, language: str | None = "nl", **more: Any) -> Person:
        """Somebody with a phone. They have not written yet, so the bot cannot write to them.

        Args:
            name: The first name.
            language: The language of their app; None when it tells none.
            **more: Other fields of a ``User``, such as ``is_bot=True``, ``username`` or ``last_name``.
        """
        user: Json = {"id": next(self.world.user_ids), "is_bot": False, "first_name": name, **more}
        if language is not None:
            user["language_code"] = language
        return Person(self, user)

    def group(self, title: str = "Team", *, kind: str = "supergroup") -> Group:
        """A group, or with ``kind="channel"`` a channel, which the bot was just added to."""
        return Group(self, title, kind)

    # What a test asks or does.

    def leads(
        self, public_url: str, to: str | HandIn, *, loop: asyncio.AbstractEventLoop | None = None
    ) -> None:
        """Say where a webhook's public address leads: ``http://127.0.0.1:…``, or a function of ``loop``."""
        self.postman.routes[public_url] = Route(to, loop)
        self._ring()

    def asked(self, method: str, *, chat: int | None = None) -> list[Request]:
        """The requests of one method, also those that were refused."""
        with self.world.lock:
            return [
                one
                for one in self.requests
                if one.method.lower() == method.lower() and chat in (None, one.chat)
            ]

    def sends_update(self, **update: Any) -> int:
        """An update with any content, for instance of a kind that nobody knows yet; its number."""
        return self.queue.add_raw(update)

    def repeats_update(self, update_id: int, **update: Any) -> None:
        """An update once more."""
        self.queue.add_raw(update, update_id=update_id)

    def waits_until(self, is_so: Callable[[], bool], *, timeout_s: float = 10.0) -> None:
        """Block this thread until something is so.

        Raises:
            TimeoutError: It never was.
        """
        with self.world.changed:
            if not self.world.changed.wait_for(is_so, timeout_s):
                raise TimeoutError("it did not happen at the stand-in server")

    # Its life.

    def start(self) -> Self:
        """Listen on a free port of loopback."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening; what it remembers stays, so that it may be started again on the same port."""
        self._thread.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _ring(self) -> None:
        with self.world.changed:
            self.world.changed.notify_all()
        self.wires.ring()


__all__ = ["BOT_ID", "BotApi", "Request"]
