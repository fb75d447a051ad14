"""Working days: Monday to Friday without the public holidays of a country. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from balie.catalogue.public_holidays import holiday_names


@cache
def is_working_day(day: date, country: str) -> bool:
    """Whether carriers and banks work on this day.

    Args:
        day: The day.
        country: ISO 3166 code; an unknown one has no holidays, only weekends.
    """
    return day.weekday() < 5 and not holiday_names(day, country)


def add_working_days(day: date, count: int, country: str) -> date:
    """The working day that lies ``count`` working days after ``day``; ``day`` itself when 0."""
    for _ in range(count):
        day = _next_working_day(day, country)
    return day


def count_working_days(after: date, until: date, country: str) -> int:
    """How many working days lie after the one day, up to and including the other; 0 when it is not later."""
    days = (after + timedelta(days=offset) for offset in range(1, (until - after).days + 1))
    return sum(is_working_day(day, country) for day in days)


def _next_working_day(day: date, country: str) -> date:
    day += timedelta(days=1)
    while not is_working_day(day, country):
        day += timedelta(days=1)
    return day
