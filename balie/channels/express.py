"""Does for customers at once, and for each by themselves, what a round of the dispatcher does a moment later.

Everything that is done here is written down before, as for rounds, and claimed: what a crash breaks off, a
round takes up. Each thread of events and each conversation has one task, while there is something to do.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from balie.channels.port import CustomerChannel
from balie.channels.steps import Steps
from balie.channels.store import ChannelStore
from balie.channels.views import StoredEvent
from balie.kernel.errors import place_of
from balie.kernel.ids import ConversationId
from balie.storage.errors import StoreUnavailableError

log = logging.getLogger(__name__)

PLACES: Final = 16
"""So many calls are claimed at the same time: after a crash there is doubt about each of them."""

MOST_KNOWN: Final = 10_000
"""Conversations."""


@dataclass
class _Thread:
    """What one customer did that was not taken up yet."""

    claimed: deque[StoredEvent] = field(default_factory=deque)
    may_wait: bool = False


class Express:
    """The fast way for channels that customers talk in."""

    def __init__(self, store: ChannelStore, channels: Mapping[str, CustomerChannel]) -> None:
        self._store = store
        self._channels = channels
        self._steps = Steps(store)
        self._threads: dict[tuple[str, str], _Thread] = {}
        self._rung: set[ConversationId] = set()
        self._serving: set[ConversationId] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._known: dict[ConversationId, tuple[str, ...]] = {}
        self._places = asyncio.Semaphore(PLACES)
        self._stopping = False

    def serves(self, channel: str) -> bool:
        """Whether a channel is served here."""
        return channel in self._channels

    def take(self, event: StoredEvent) -> None:
        """Take up an event that was claimed when it was stored; returns at once."""
        self._thread(event.channel, event.thread).claimed.append(event)

    def look(self, channel: str, thread: str) -> None:
        """Say that an event may wait in a thread; returns at once."""
        if not self._stopping:
            self._thread(channel, thread).may_wait = True

    def look_later(self, channel: str, thread: str, wait: timedelta) -> None:
        """The same, after a while."""
        asyncio.get_running_loop().call_later(wait.total_seconds(), self.look, channel, thread)

    def ring(self, conversation_id: ConversationId) -> None:
        """Say that a customer may have something to be told; returns at once."""
        if self._stopping or not self._channels:
            return
        self._rung.add(conversation_id)
        if conversation_id not in self._serving:
            self._serving.add(conversation_id)
            self._begin(self._serve(conversation_id))

    async def wait_until_idle(self) -> int:
        """Wait until there is nothing to do; how much there was."""
        done = 0
        while self._tasks:
            tasks = tuple(self._tasks)
            await asyncio.wait(tasks)
            done += len(tasks)
            for task in tasks:
                task.result()
        return done

    async def stop(self, grace: timedelta) -> None:
        """Begin nothing else, and break off what is not done by then."""
        self._stopping = True
        if not self._tasks:
            return
        _, unfinished = await asyncio.wait(tuple(self._tasks), timeout=grace.total_seconds())
        for task in unfinished:
            task.cancel()
        if unfinished:
            await asyncio.wait(unfinished)

    def _thread(self, channel: str, thread: str) -> _Thread:
        key = (channel, thread)
        if key not in self._threads:
            self._threads[key] = _Thread()
            self._begin(self._take_all(key))
        return self._threads[key]

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except StoreUnavailableError as error:
            log.warning("A customer's channel waits for the database: %s", error)
        except Exception as error:
            # Outermost loop. Without the error's text: it may quote a message.
            log.error("A customer's channel broke off: %s", place_of(error))  # noqa: TRY400

    async def _take_all(self, key: tuple[str, str]) -> None:
        name, thread_name = key
        thread = self._threads[key]
        try:
            while not self._stopping:
                event = await self._next_of(name, thread_name, thread)
                if event is None:
                    return
                await self._steps.take(self._channels[name], event)
        finally:
            del self._threads[key]

    async def _next_of(self, name: str, thread_name: str, thread: _Thread) -> StoredEvent | None:
        if thread.claimed:
            return thread.claimed.popleft()
        while thread.may_wait:
            thread.may_wait = False
            event = await self._store.claim_event_of(name, thread_name)
            if event is not None:
                thread.may_wait = True
                return event
            if thread.claimed:
                return thread.claimed.popleft()
        return None

    async def _serve(self, conversation_id: ConversationId) -> None:
        try:
            while conversation_id in self._rung and not self._stopping:
                self._rung.discard(conversation_id)
                for name in await self._served_through(conversation_id):
                    await self._serve_in(self._channels[name], conversation_id)
        finally:
            self._serving.discard(conversation_id)

    async def _served_through(self, conversation_id: ConversationId) -> tuple[str, ...]:
        """The channels of a conversation's customer; those of the last that were served are remembered."""
        known = self._known.get(conversation_id)
        if known is None:
            # Asked, and without a lock: most conversations are of the website, and have no channel here.
            names = await self._store.list_to_serve(conversation_id)
            known = tuple(name for name in names if name in self._channels)
            if known:
                self._known[conversation_id] = known
            while len(self._known) > MOST_KNOWN:
                self._known.pop(next(iter(self._known)))
        return known

    async def _serve_in(self, channel: CustomerChannel, conversation_id: ConversationId) -> None:
        while not self._stopping:
            async with self._places:
                call = await self._store.plan_and_claim(conversation_id, channel.name, channel.plan)
                if call is None:
                    return
                await self._steps.send(channel, call)
            if channel.name not in await self._store.list_to_serve(conversation_id):
                return
