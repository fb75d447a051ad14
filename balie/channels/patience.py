"""When something that the other side did not take is tried again. Pure.

Customers wait for what goes out here, so the first tries come quickly, and it is never given up: a desk that
was down all night gets the night's messages in the morning.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

WAITS: Final = (
    timedelta(seconds=1),
    timedelta(seconds=3),
    timedelta(seconds=10),
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=5),
)

LONGEST_REPLY_WAIT: Final = timedelta(minutes=10)

EVENT_ATTEMPTS: Final = 30
"""An event that breaks something of ours that often, within two hours, will not stop doing so."""


def wait_after(attempts: int, asked_for: timedelta | None = None) -> timedelta:
    """How long to wait after so many attempts that failed, 1 the first.

    Args:
        attempts: The last one included.
        asked_for: How long the other side wants to be left alone; believed up to ten minutes.

    >>> wait_after(1), wait_after(99), wait_after(1, timedelta(seconds=7))
    (datetime.timedelta(seconds=1), datetime.timedelta(seconds=300), datetime.timedelta(seconds=7))
    """
    usual = WAITS[min(max(attempts, 1), len(WAITS)) - 1]
    return usual if asked_for is None else max(usual, min(asked_for, LONGEST_REPLY_WAIT))
