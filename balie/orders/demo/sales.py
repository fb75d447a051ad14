"""When the demo shop sells: seasons, weekdays, growth, Black Friday and the days before Sinterklaas."""

from __future__ import annotations

import random
from bisect import bisect_left
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Final

from balie.orders.demo.moments import some_time

# Share of an average month, over the whole shop; spring and summer for bikes and tents, December for gifts.
_MONTHS: Final = (0.85, 0.75, 0.95, 1.15, 1.25, 1.25, 1.15, 0.9, 0.85, 0.85, 1.1, 1.2)
# Monday first: people shop on Sunday evening and on Monday.
_WEEKDAYS: Final = (1.15, 1.05, 1.0, 1.0, 0.9, 0.85, 1.1)
_GROWTH_PER_DAY: Final = 0.25 / 365
# Orders per hour of the day.
_HOURS: Final = (1, 1, 0, 0, 0, 0, 1, 2, 4, 5, 6, 6, 6, 6, 6, 6, 6, 5, 6, 9, 11, 10, 6, 3)
_HOUR_SUMS: Final = tuple(accumulate(_HOURS))


class SalesCalendar:
    """Draws the moments at which orders are placed."""

    def __init__(self, first_day: date, today: date) -> None:
        self._first_day = first_day
        self._days = (today - first_day).days + 1
        weights = (_weight(first_day + timedelta(days=day), day) for day in range(self._days))
        self._sums = [0.0, *accumulate(weights)]

    def draw_day(self, rng: random.Random, earliest: date, latest: date) -> date:
        """A day between two, both included; busy days come up more often."""
        low = self._sums[max(0, (earliest - self._first_day).days)]
        high = self._sums[min(self._days, (latest - self._first_day).days + 1)]
        position = bisect_left(self._sums, low + rng.random() * (high - low), lo=1)
        return self._first_day + timedelta(days=min(position, self._days) - 1)

    def draw_moment(self, rng: random.Random, earliest: date, latest: date) -> datetime:
        """A moment on such a day; evenings come up most often."""
        hour = rng.choices(range(24), cum_weights=_HOUR_SUMS)[0]
        return some_time(rng, self.draw_day(rng, earliest, latest), hour, hour)


def _weight(day: date, index: int) -> float:
    usual = _MONTHS[day.month - 1] * _WEEKDAYS[day.weekday()] * (1 + _GROWTH_PER_DAY * index)
    return usual * _occasion(day)


def _occasion(day: date) -> float:
    if day.month == 11 and 23 <= day.day <= 29 and day.weekday() in {4, 5, 6}:
        return 3.0  # Black Friday weekend
    if day.month == 12 and day.day <= 4:
        return 1.6  # gifts for Sinterklaas
    if day.month == 12 and 10 <= day.day <= 21:
        return 1.4  # gifts for Christmas
    return 0.3 if (day.month, day.day) in {(12, 25), (1, 1)} else 1.0
