"""The time, handed in so that tests can hold it still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

DEFAULT_TIMEZONE: Final = ZoneInfo("Europe/Amsterdam")
"""Where the shop's days begin and end, unless a service is told otherwise."""


def utc_now() -> datetime:
    """The present moment, aware and in UTC."""
    return datetime.now(UTC)


def local_day(moment: datetime, timezone: ZoneInfo = DEFAULT_TIMEZONE) -> date:
    """The calendar day on which an aware moment falls in a place."""
    return moment.astimezone(timezone).date()
