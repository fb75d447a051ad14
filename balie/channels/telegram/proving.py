"""Whether a message of which we never heard has arrived: found out before it is sent again.

Telegram gives no key to a message that is sent, and no way to read a chat. But all messages of a bot's
private chats are numbered by one counter, and what we send to a chat goes one by one. So a message of ours
in this chat with a number above the last one that we know of can only be the doubtful one; and asking for
the keyboard that it has already changes nothing, and tells whether it is there (ADR 0091).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Final

from telegram import InlineKeyboardMarkup

from balie.channels.telegram.client import Presence, TelegramClient
from balie.channels.telegram.numbers import MessageNumbers
from balie.channels.telegram.pacing import Pacer

TELL_EVERY_S: Final = 4.0
FEWEST: Final = 25
MOST: Final = 300


def candidates(known: int, newest: int) -> range:
    """Numbers that the doubtful message may have.

    Args:
        known: The highest number that was given before it was sent.
        newest: The highest number that anybody has told us since.

    >>> candidates(100, 90), candidates(100, 200), candidates(100, 9000)
    (range(101, 126), range(101, 201), range(101, 401))
    """
    last = min(max(newest, known + FEWEST), known + MOST)
    return range(known + 1, last + 1)


class Prover:
    """Looks for it."""

    def __init__(
        self,
        client: TelegramClient,
        pacer: Pacer,
        numbers: MessageNumbers,
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds = seconds
        self._client = client
        self._pacer = pacer
        self._numbers = numbers

    async def find(
        self,
        chat: str,
        known: int,
        keyboard: InlineKeyboardMarkup | None,
        *,
        goes_on: Callable[[], Awaitable[None]],
    ) -> int | None:
        """The number of the message; None when it is not there.

        Args:
            chat: Whose.
            known: See :func:`candidates`.
            keyboard: The one that the message was sent with.
            goes_on: Told now and then that it is still looked for.

        Raises:
            OutsideUnavailableError: Telegram cannot be asked now.
            CustomerGoneError: The customer has blocked us.
        """
        told_at = self._seconds()
        for number in candidates(known, self._numbers.newest):
            if self._numbers.is_accounted_for(number):
                continue
            if self._seconds() - told_at > TELL_EVERY_S:
                await goes_on()
                told_at = self._seconds()
            await self._pacer.wait()
            if await self._client.change_keyboard(chat, number, keyboard) is not Presence.ABSENT:
                return number
        return None
