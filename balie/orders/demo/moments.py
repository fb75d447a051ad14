"""Moments of the demo shop: the time of loading, and wall-clock times as aware UTC."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time
from typing import Final

from balie.kernel.clock import DEFAULT_TIMEZONE

LOADED_AT: Final = time(7, 30)
"""The demo shop stands still at this time of its last day: before the shops open, with vans on the road."""


def at(day: date, clock_time: time) -> datetime:
    """The moment of a wall-clock time in the shop's time zone, in UTC."""
    return datetime.combine(day, clock_time, DEFAULT_TIMEZONE).astimezone(UTC)


def some_time(rng: random.Random, day: date, first_hour: int, last_hour: int) -> datetime:
    """A moment of a day, from the first hour up to the end of the last."""
    second = rng.randrange(first_hour * 3600, (last_hour + 1) * 3600)
    return at(day, time(second // 3600, second // 60 % 60, second % 60))


def unless_after(moment: datetime | None, now: datetime) -> datetime | None:
    """The moment if it has come by now: what lies ahead has not happened."""
    return moment if moment is not None and moment <= now else None
