"""Updates wait here until the bot says that it has them; a test may have them doubled and mixed up."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

ONLY_WHEN_ASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LONGEST_HOLD_S = 0.25
MOST_THAT_PASS = 3


@dataclass
class Disorder:
    """What goes wrong on the way. Shares are between 0 and 1."""

    doubled: float = 0.0
    reordered: float = 0.0
    within_chat: bool = True
    """Whether an update may be overtaken by a later one of its own chat."""
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def happens(self, share: float) -> bool:
        """Throw the dice."""
        return share > 0 and self.chance.random() < share


@dataclass
class Entry:
    """An update on its way to the bot, or its double."""

    update: Json
    chat: int | None
    is_late: bool = False
    """Out of its place: not forgotten before it was handed out once, whatever the offset says."""
    was_handed_out: bool = False
    is_being_sent: bool = False
    attempts: int = 0
    not_before: float = 0.0
    """Monotonic seconds: when a webhook may be tried again."""


@dataclass
class Held:
    """An update that comes later than it should: after some others, or after a moment when none come."""

    entry: Entry
    left: int
    until: float
    is_double: bool


class UpdateQueue:
    """Updates that the bot does not have yet."""

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock
        self._ids = itertools.count(880_000_001)
        self._entries: list[Entry] = []
        self._held: list[Held] = []
        self.disorder = Disorder()
        self.allowed: list[str] = []
        self.made_at: dict[int, float] = {}
        """When each update was made, monotonic seconds."""
        self.doubles = 0
        self.swaps = 0
        self.on_change: Callable[[], None] = lambda: None

    def add(self, kind: str, body: Json, *, chat: int | None) -> int | None:
        """Queue an update; None when the bot does not want this kind."""
        with self._lock:
            if not self._is_wanted(kind):
                return None
            update_id = next(self._ids)
            self.made_at[update_id] = time.monotonic()
            self._bring(Entry({"update_id": update_id, kind: body}, chat))
            self.on_change()
            return update_id

    def add_raw(self, update: Json, *, update_id: int | None = None) -> int:
        """Queue anything at all as it is: a kind that nobody knows yet, or an old update once more."""
        with self._lock:
            number = next(self._ids) if update_id is None else update_id
            is_late = update_id is not None
            self._entries.append(Entry({"update_id": number, **update}, None, is_late=is_late))
            self.on_change()
            return number

    def acknowledge(self, offset: int) -> None:
        """Forget what lies before an offset; a negative one keeps that many from the end."""
        with self._lock:
            if offset < 0:
                self._held.clear()
                self._entries = self._entries[offset:]
            else:
                self._entries = [one for one in self._entries if not self._is_done(one, offset)]

    def forget_all(self) -> None:
        """Drop what the bot does not have yet."""
        with self._lock:
            self._entries.clear()
            self._held.clear()

    def hand_out(self, limit: int) -> list[Json]:
        """The oldest updates; they stay until they are acknowledged."""
        with self._lock:
            self._release_due()
            taken = self._entries[:limit]
            for entry in taken:
                entry.was_handed_out = True
            return [entry.update for entry in taken]

    def next_to_post(self) -> Entry | None:
        """The next update for a webhook: a chat's updates go one after the other, chats beside each other."""
        with self._lock:
            self._release_due()
            busy: set[int | None] = set()
            now = time.monotonic()
            for entry in self._entries:
                if entry.is_being_sent or entry.chat in busy or entry.not_before > now:
                    busy.add(entry.chat)
                    continue
                entry.is_being_sent = True
                return entry
            return None

    def wait_s(self) -> float | None:
        """Seconds until something may be due without a new update; None when nothing is."""
        with self._lock:
            times = [one.not_before for one in self._entries if one.not_before and not one.is_being_sent]
            times += [held.until for held in self._held]
            return max(0.0, min(times) - time.monotonic()) if times else None

    def settle(self, entry: Entry, *, is_taken: bool, retry_s: float) -> None:
        """A webhook took an update, or is to be asked again."""
        with self._lock:
            entry.is_being_sent = False
            entry.attempts += 1
            if is_taken:
                self._entries = [one for one in self._entries if one is not entry]
            else:
                entry.not_before = time.monotonic() + retry_s
            self.on_change()

    def pending(self) -> int:
        """How many updates the bot does not have yet, doubles included."""
        with self._lock:
            return len(self._entries) + len(self._held)

    def waiting(self) -> Sequence[Json]:
        """The updates that the bot does not have yet."""
        with self._lock:
            return [entry.update for entry in self._entries]

    def _is_wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in ONLY_WHEN_ASKED

    @staticmethod
    def _is_done(entry: Entry, offset: int) -> bool:
        is_before = bool(entry.update["update_id"] < offset)
        return is_before and (entry.was_handed_out or not entry.is_late)

    def _bring(self, entry: Entry) -> None:
        if not self.disorder.within_chat:
            self._release([held for held in self._held if held.entry.chat == entry.chat])
        if self.disorder.happens(self.disorder.reordered):
            self._hold(entry, is_double=False)
        else:
            self._entries.append(entry)
            self._count_down()
        if self.disorder.happens(self.disorder.doubled):
            self.doubles += 1
            self._hold(Entry(entry.update, entry.chat), is_double=True)

    def _hold(self, entry: Entry, *, is_double: bool) -> None:
        entry.is_late = True
        left = self.disorder.chance.randint(1, MOST_THAT_PASS)
        until = time.monotonic() + self.disorder.chance.uniform(0, LONGEST_HOLD_S)
        self._held.append(Held(entry, left, until, is_double))

    def _count_down(self) -> None:
        for held in self._held:
            held.left -= 1
            self.swaps += held.left == 0 and not held.is_double
        self._release([held for held in self._held if held.left <= 0])

    def _release_due(self) -> None:
        now = time.monotonic()
        self._release([held for held in self._held if held.until <= now])

    def _release(self, due: Sequence[Held]) -> None:
        for held in due:
            self._held.remove(held)
            self._entries.append(held.entry)
