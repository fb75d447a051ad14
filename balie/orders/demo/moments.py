"""Moments of the demo shop: the time of loading, and wall-clock times as aware UTC."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final

from balie.kernel.clock import DEFAULT_TIMEZONE

LOADED_AT: Final = time(7, 30)
"""The demo shop stands still at this time of its last day: before the shops open, with vans on the road."""


def at(day: date, clock_time: time) -> datetime:
    """The moment of a wall-clock time in the shop's time zone, in UTC.

    In the two nights of a year in which clocks change, times before three are those of the day's noon.
    """
    return _noon(day) + timedelta(
        hours=clock_time.hour - 12, minutes=clock_time.minute, seconds=clock_time.second
    )


def some_time(rng: random.Random, day: date, first_hour: int, last_hour: int) -> datetime:
    """A moment of a day, from the first hour up to the end of the last."""
    seconds = int(rng.random() * (last_hour + 1 - first_hour) * 3600)
    return _noon(day) + timedelta(hours=first_hour - 12, seconds=seconds)


@cache
def _noon(day: date) -> datetime:
    # Working out a time zone is slow, and there are only a few hundred days.
    return datetime.combine(day, time(12), DEFAULT_TIMEZONE).astimezone(UTC)


def unless_after(moment: datetime | None, now: datetime) -> datetime | None:
    """The moment if it has come by now: what lies ahead has not happened."""
    return moment if moment is not None and moment <= now else None
