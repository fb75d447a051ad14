"""When a letter that could not be sent is tried again. Pure."""

from __future__ import annotations

from datetime import datetime

from balie.kernel.back_off import BACK_OFF, wait_after


def next_try(attempts: int, failed_at: datetime) -> datetime | None:
    """When to try again after so many attempts; None when it is to be given up.

    >>> next_try(2, datetime(2026, 11, 3, 10, 0)).isoformat()
    '2026-11-03T10:05:00'
    >>> next_try(6, datetime(2026, 11, 3, 10, 0)) is None
    True
    """
    return failed_at + wait_after(attempts) if attempts <= len(BACK_OFF) else None
