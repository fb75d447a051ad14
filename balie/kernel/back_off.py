"""When something that an outside world did not do is tried again. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

BACK_OFF: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts that failed, 1 the first; the longest wait repeats without end.

    >>> wait_after(1), wait_after(9)
    (datetime.timedelta(seconds=60), datetime.timedelta(seconds=21600))
    """
    return BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]
