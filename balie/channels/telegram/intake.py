"""Takes updates in: stored, and nothing else, before they are acknowledged; then taken up at once.

Telegram numbers its updates in the order in which things happened, and hands them in now and then in another.
Where a number is missing, what came after it waits for it, half a second and no longer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, Protocol

from balie.channels.errors import DeskEventInvalidError
from balie.channels.kinds import TELEGRAM
from balie.channels.store import ChannelStore
from balie.channels.telegram.numbers import MessageNumbers
from balie.channels.telegram.updates import (
    OF_CUSTOMERS,
    Heard,
    Kind,
    message_of,
    number_of,
    read_update,
    update_of,
)
from balie.channels.views import StoredEvent
from balie.kernel.clock import Clock

HELD_FOR: Final = timedelta(milliseconds=500)
LATELY: Final = timedelta(minutes=5)
"""So far back reaches what is remembered of an earlier process, to find out what it was at."""

MOST_MISSING: Final = 50
"""A greater gap is none: after a quiet week Telegram begins at another number."""


class Takes(Protocol):
    """Takes events up (``Express`` does)."""

    def take(self, event: StoredEvent) -> None:
        """Take up an event that was claimed when it was stored; returns at once."""
        ...

    def look(self, channel: str, thread: str) -> None:
        """Say that an event may wait in a thread; returns at once."""
        ...

    def look_later(self, channel: str, thread: str, wait: timedelta) -> None:
        """The same, after a while."""
        ...


class Gaps:
    """Knows which numbers are missing."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._missing: dict[int, float] = {}

    @property
    def knows_where(self) -> bool:
        """Whether it has seen a number yet."""
        return self._last is not None

    def begin_after(self, number: int) -> None:
        """The last number that was seen before."""
        self._last = number

    def note(self, number: int, now_s: float) -> None:
        """A number has come."""
        self._missing.pop(number, None)
        last = self._last
        if last is None or abs(number - last) > MOST_MISSING:
            self._last = number
            return
        self._missing |= dict.fromkeys(range(last + 1, number), now_s)
        self._last = max(last, number)

    def is_held(self, number: int, now_s: float) -> bool:
        """Whether one before it is missing, and has been for a short time only."""
        oldest = now_s - HELD_FOR.total_seconds()
        self._missing = {missing: since for missing, since in self._missing.items() if since > oldest}
        return any(missing < number for missing in self._missing)

    @property
    def are_closed(self) -> bool:
        """Whether nothing is missing."""
        return not self._missing


class TelegramIntake:
    """The door for updates."""

    def __init__(
        self, store: ChannelStore, takes: Takes, numbers: MessageNumbers, clock: Clock, *, largest_photo: int
    ) -> None:
        """Build it.

        Args:
            store: Where events go.
            takes: Who takes them up.
            numbers: Learns which messages there are.
            clock: The present moment.
            largest_photo: In bytes.
        """
        self._store = store
        self._takes = takes
        self._numbers = numbers
        self._clock = clock
        self._largest_photo = largest_photo
        self._gaps = Gaps()
        self._held: set[str] = set()

    async def receive(self, updates: Sequence[object]) -> int:
        """Store updates, and have them taken up; answers how many were not known before.

        Args:
            updates: As Telegram sent them. What is nothing for us is dropped.

        Raises:
            DeskEventInvalidError: The only one is no update.
            StoreUnavailableError: The database cannot be used; nothing was stored.
        """
        numbered = _in_order(updates)
        if not self._gaps.knows_where:
            await self._remember()
        heard = [one for number, update in numbered if (one := self._read(number, update)) is not None]
        kept = await self._keep(heard) if heard else 0
        if self._held and self._gaps.are_closed:
            await self._release()
        return kept

    async def _remember(self) -> None:
        """What an earlier process knew."""
        last = await self._store.find_last_key(TELEGRAM)
        if last is not None:
            self._gaps.begin_after(update_of(last))
        self._numbers.note(await self._store.find_highest_number(TELEGRAM))
        for facts in await self._store.list_recent_facts(TELEGRAM, LATELY):
            self._numbers.account_for(facts.get("sent") or ())
        keys = await self._store.list_recent_keys(TELEGRAM, OF_CUSTOMERS, LATELY)
        self._numbers.account_for(map(message_of, keys))

    def _read(self, number: int, update: Mapping[str, Any]) -> Heard | None:
        self._gaps.note(number, self._clock().timestamp())
        heard = read_update(update, largest_photo=self._largest_photo)
        if heard is None or heard.kind is Kind.ELSEWHERE:
            return heard
        if heard.kind in OF_CUSTOMERS:
            self._numbers.account_for([heard.message_id])
        else:
            # A press is under a message of ours, which may be the doubtful one.
            self._numbers.note(heard.message_id)
        return heard

    async def _keep(self, heard: Sequence[Heard]) -> int:
        now_s = self._clock().timestamp()
        held = {one.as_event().key for one in heard if self._gaps.is_held(one.update_id, now_s)}
        events = [one.as_event() for one in heard]
        kept = await self._store.store_in_order(events, held=held, wait=HELD_FOR)
        for event, one in zip(events, kept, strict=True):
            if one.claimed is not None:
                self._takes.take(one.claimed)
            elif event.key in held:
                self._held.add(event.thread)
                self._takes.look_later(TELEGRAM, event.thread, HELD_FOR)
            else:
                self._takes.look(TELEGRAM, event.thread)
        return sum(one.is_new for one in kept)

    async def _release(self) -> None:
        held, self._held = self._held, set()
        await self._store.release_events(TELEGRAM)
        for thread in held:
            self._takes.look(TELEGRAM, thread)


def _in_order(updates: Sequence[object]) -> list[tuple[int, Mapping[str, Any]]]:
    found: list[tuple[int, Mapping[str, Any]]] = []
    for update in updates:
        try:
            number = number_of(update)
        except DeskEventInvalidError:
            if len(updates) == 1:
                raise
            continue
        assert isinstance(update, Mapping)
        found.append((number, update))
    return sorted(found, key=lambda one: one[0])
