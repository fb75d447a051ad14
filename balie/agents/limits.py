"""How many tries to sign in may fail, and how long the door stays closed then. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LOOK_BACK: Final = timedelta(days=1)
"""Failures count for so long: whoever goes on gets ever fewer tries."""
KNOWN_FOR: Final = timedelta(days=30)
"""An address from which somebody has signed in is theirs for so long."""
_MOST_DOUBLINGS: Final = 4


@dataclass(frozen=True, slots=True)
class Door:
    """So many failures within a window; the window doubles each time that the failures of a day do.

    Attributes:
        free: Failures within the window that do not close it.
        window: At first; at most sixteen times as long.
    """

    free: int
    window: timedelta = timedelta(minutes=15)

    @property
    def most_counted(self) -> int:
        """More failures than these change nothing."""
        return self.free << _MOST_DOUBLINGS

    def wait(self, failures: Sequence[datetime], now: datetime) -> timedelta:
        """How long until the next try is looked at; zero when it is now.

        Args:
            failures: When tries of the last day failed, newest first; ``most_counted`` of them will do.
            now: The present moment.

        >>> door, noon = Door(free=2), datetime(2026, 11, 3, 12)
        >>> ago = [noon - timedelta(minutes=minutes) for minutes in (1, 5, 40, 41)]
        >>> [str(door.wait(ago[:count], noon)) for count in (1, 2, 4)]
        ['0:00:00', '0:10:00', '0:25:00']
        """
        if len(failures) < self.free:
            return timedelta()
        window = self._window_after(len(failures))
        wait = failures[self.free - 1] + window - now
        # A clock that was set back must not close the door for longer than any rule does.
        return min(max(wait, timedelta()), window)

    def _window_after(self, failures: int) -> timedelta:
        doublings = (failures // self.free).bit_length() - 1
        return self.window * (1 << min(doublings, _MOST_DOUBLINGS))


PER_EMAIL: Final = Door(free=5)
PER_ADDRESS: Final = Door(free=20)
"""An office has one address, and on Monday morning many who mistype."""
