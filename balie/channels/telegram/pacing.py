"""How fast we talk: as Telegram allows, to a chat and to all of them, and not while it asks for rest."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aiolimiter import AsyncLimiter

from balie.channels.errors import OutsideUnavailableError

BURST: Final = 5
"""Messages to one chat that may go at once; afterwards one a second (core.telegram.org/bots/faq)."""

CHATS_SHARE: Final = 30

LONGEST_WAIT: Final = timedelta(seconds=4)
"""Who would have to wait longer comes back later: a claim lasts longer than this and one request."""

LONGEST_WAIT_IN_A_CHAT: Final = timedelta(seconds=0.3)
"""Shorter: whoever waits keeps a place that somebody else could have."""

TIDY_ABOVE: Final = 2000
CHATS_THAT_MEAN_ALL: Final = 3
"""So many chats asked to rest at the same time: then it is the bot that talks too fast."""

FLOOD_MEMORY_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class _Rest:
    asked_at: float
    until: float


class Pacer:
    """Lets messages through one by one."""

    def __init__(self, per_second: int, *, seconds: Callable[[], float]) -> None:
        """Build it.

        Args:
            per_second: Of all chats together.
            seconds: The time, in seconds from any beginning.
        """
        self._all = AsyncLimiter(per_second, 1.0)
        # To one chat a thirtieth of what goes to all: one a second where thirty go.
        self._burst_s = BURST * CHATS_SHARE / per_second
        self._chats: dict[str, AsyncLimiter] = {}
        self._all_gone: deque[float] = deque(maxlen=max(1, per_second // 2))
        self._gone: dict[str, deque[float]] = {}
        self._rests: dict[str, _Rest] = {}
        self._all_rest_until = 0.0
        self._seconds = seconds

    async def wait_for(self, chat: str) -> None:
        """Wait until one more message may go to a chat.

        Raises:
            OutsideUnavailableError: Telegram has asked for rest, and it has not ended.
        """
        self._check_rest(chat)
        limiter = self._chats.get(chat)
        if limiter is None:
            self._tidy()
            limiter = self._chats[chat] = AsyncLimiter(BURST, self._burst_s)
        await _wait_for(limiter, LONGEST_WAIT_IN_A_CHAT)
        await _wait_for(self._all, LONGEST_WAIT)
        self._check_rest(chat)
        now = self._seconds()
        self._all_gone.append(now)
        self._gone.setdefault(chat, deque(maxlen=BURST)).append(now)

    def is_idle(self, chat: str) -> bool:
        """Whether a message to a chat would go at once, with some to spare for others; from any thread."""
        now = self._seconds()
        in_chat = self._gone.get(chat)
        if in_chat is not None and len(in_chat) == BURST and now - in_chat[0] <= self._burst_s:
            return False
        is_busy = len(self._all_gone) == self._all_gone.maxlen and now - self._all_gone[0] <= 1.0
        return not is_busy and self._rest_of(chat) <= 0

    async def wait(self) -> None:
        """The same for what no chat counts: looking whether a message is there."""
        await self._all.acquire()

    def may_hint(self, chat: str) -> bool:
        """Whether something may be sent that nobody misses."""
        return self._rest_of(chat) <= 0 and self._all.has_capacity(2)

    def note_flood(self, chat: str, wait: timedelta) -> None:
        """Remember that Telegram asks for rest, for this chat; for all, when it asks several of them."""
        now = self._seconds()
        until = now + wait.total_seconds()
        self._rests[chat] = _Rest(now, until)
        recent = [rest for rest in self._rests.values() if now - rest.asked_at < FLOOD_MEMORY_S]
        if len(recent) >= CHATS_THAT_MEAN_ALL:
            self._all_rest_until = max(self._all_rest_until, min(rest.until for rest in recent))

    def _check_rest(self, chat: str) -> None:
        rest_s = self._rest_of(chat)
        if rest_s > 0:
            wait = timedelta(seconds=rest_s)
            raise OutsideUnavailableError("resting", maybe_done=False, retry_after=wait, is_turn=True)

    def _rest_of(self, chat: str) -> float:
        rest = self._rests.get(chat)
        until = max(self._all_rest_until, 0.0 if rest is None else rest.until)
        return until - self._seconds()

    def _tidy(self) -> None:
        """Chats that have rested need no limiter: a fresh one lets the same through."""
        if len(self._chats) > TIDY_ABOVE:
            self._chats = {
                chat: limiter for chat, limiter in self._chats.items() if not limiter.has_capacity(BURST)
            }
            self._gone = {chat: gone for chat, gone in self._gone.items() if chat in self._chats}
            now = self._seconds()
            self._rests = {chat: rest for chat, rest in self._rests.items() if rest.until > now}


async def _wait_for(limiter: AsyncLimiter, longest: timedelta) -> None:
    try:
        async with asyncio.timeout(longest.total_seconds()):
            await limiter.acquire()
    except TimeoutError as error:
        raise OutsideUnavailableError("paced", maybe_done=False, is_turn=True) from error
