"""Telegram numbers all messages of a bot's private chats with one counter; what we know of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

REMEMBERED: Final = 5000
"""Numbers, counted back from the newest."""


class MessageNumbers:
    """Remembers the highest number that anybody has told us, and whose the last ones are."""

    def __init__(self) -> None:
        self.newest = 0
        self._accounted: set[int] = set()

    def note(self, number: int) -> None:
        """A message with this number is there; whose it is, this does not say."""
        self.newest = max(self.newest, number)

    def account_for(self, numbers: Iterable[int]) -> None:
        """Messages of customers, and of ours that are known to have arrived."""
        for number in numbers:
            self.note(number)
            self._accounted.add(number)
        if len(self._accounted) > 2 * REMEMBERED:
            self._accounted = {known for known in self._accounted if known > self.newest - REMEMBERED}

    def is_accounted_for(self, number: int) -> bool:
        """Whether it is known whose message this is: a doubtful one of ours it is not, then."""
        return number in self._accounted
