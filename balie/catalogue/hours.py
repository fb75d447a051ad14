"""Rules of opening hours: the usual week, special days, public holidays. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from balie.catalogue.public_holidays import holiday_names

SEARCH_DAYS: Final = 28
"""A store that stays closed longer than this has no next opening worth telling."""


@dataclass(frozen=True, slots=True)
class Period:
    """One stretch in which a store is open, in the store's own time."""

    opens_at: time
    closes_at: time


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day on which the usual hours do not hold; without a period the store stays closed."""

    period: Period | None
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DayHours:
    """When a store is open on one day.

    Attributes:
        periods: In order; empty when it stays closed.
        reasons: Why the day differs from the usual, per language; empty on a usual day.
    """

    day: date
    periods: tuple[Period, ...]
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Opening:
    """The stretch in which a store is open now, or will be next. Aware times."""

    open_now: bool
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class StoreCalendar:
    """Everything that decides when one store is open.

    Attributes:
        week: Periods per weekday, 0 is Monday; a missing weekday is closed.
        special_days: Win over everything else.
        country: Whose public holidays close the store on days that no special day mentions.
    """

    week: Mapping[int, Sequence[Period]]
    special_days: Mapping[date, SpecialDay]
    country: str

    def hours_on(self, day: date) -> DayHours:
        """When the store is open on a day."""
        special = self.special_days.get(day)
        if special is not None:
            return DayHours(day, () if special.period is None else (special.period,), special.reasons)
        reasons = holiday_names(day, self.country)
        if reasons:
            return DayHours(day, (), reasons)
        periods = sorted(self.week.get(day.weekday(), ()), key=lambda period: period.opens_at)
        return DayHours(day, tuple(periods), {})

    def find_opening(self, moment: datetime, timezone: ZoneInfo) -> Opening | None:
        """The stretch around a moment, or the next one after it; None when there is none for weeks."""
        today = moment.astimezone(timezone).date()
        for offset in range(SEARCH_DAYS):
            day = today + timedelta(days=offset)
            for period in self.hours_on(day).periods:
                opens_at = datetime.combine(day, period.opens_at, timezone)
                closes_at = datetime.combine(day, period.closes_at, timezone)
                if moment < closes_at:
                    return Opening(opens_at <= moment, opens_at, closes_at)
        return None
