"""When a letter that could not be sent is tried again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

BACK_OFF: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""How long to wait after the first failure, the second, and so on."""


def next_try(attempts: int, failed_at: datetime) -> datetime | None:
    """When to try again after so many attempts; None when it is to be given up.

    >>> next_try(2, datetime(2026, 11, 3, 10, 0)).isoformat()
    '2026-11-03T10:05:00'
    >>> next_try(6, datetime(2026, 11, 3, 10, 0)) is None
    True
    """
    return failed_at + BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None
