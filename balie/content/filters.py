"""The filters of answers: money, days, dates and lists as people of each language write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby
from typing import Any, Protocol

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_currency

# The English of a Dutch shop is British; the others follow the country the customers live in.
LOCALES = {"nl": "nl_NL", "en": "en_GB", "fr": "fr_BE", "zh": "zh_CN"}
WORKING_DAY_KEY = "working_day"
NEAR_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}
SAME_YEAR_DAYS = 300
"""Beyond it, a day without its year would be misunderstood."""


TimeOfDay = str | time
"""As ISO writes it, or as it is."""


class OpenPeriod(Protocol):
    """A stretch in which somebody is there."""

    @property
    def opens_at(self) -> time:
        """When it begins."""
        ...

    @property
    def closes_at(self) -> time:
        """When it ends."""
        ...


class Filters:
    """The filters of one language.

    Args:
        language: A code of ``LOCALES``.
        words: ``data/shop/words.yml``: the few words that filters have to put in themselves.
        currency: ISO 4217 code of amounts in the shop's file.
    """

    def __init__(self, language: str, words: Mapping[str, Any], currency: str) -> None:
        self._language = language
        self._words = words
        self._currency = currency
        self._locale = Locale.parse(LOCALES[language])

    def named(self) -> dict[str, Callable[..., str]]:
        """The filters under the names that templates use."""
        return {
            "money": self.money,
            "t": self.translate,
            "name_from": self.name_from,
            "working_days": self.working_days,
            "date": self.day,
            "weekday": self.weekday,
            "near_day": self.near_day,
            "day_name": self.day_name,
            "hours": self.hours,
            "week": self.week,
            "time": self.time,
            "country": self.country,
            "join_and": self.join_and,
            "join_or": self.join_or,
        }

    def money(self, cents: int) -> str:
        """Cents as an amount: 395 is € 3,95 in Dutch."""
        return format_currency(Decimal(int(cents)) / 100, self._currency, locale=self._locale)

    def translate(self, value: Any) -> str:
        """A per-language value in this language; anything else as it is."""
        return str(value[self._language]) if isinstance(value, Mapping) else str(value)

    def name_from(self, code: str, entries: Sequence[Mapping[str, Any]]) -> str:
        """The name of the entry with this code, of a list in the shop's file such as its payment methods."""
        return self.translate({entry["code"]: entry["name"] for entry in entries}[code])

    def working_days(self, value: Any) -> str:
        """A number, or a first and last number, of working days."""
        first, last = value if isinstance(value, Sequence) else (value, value)
        number = str(first) if first == last else f"{first}–{last}"
        form = "one" if number == "1" else "many"
        return self.translate(self._words["working_day"][form]).format(number=number)

    def day(self, value: str | date) -> str:
        """A date without its year: 3 november."""
        return format_date(_as_date(value), self.translate(self._words["day_format"]), locale=self._locale)

    def weekday(self, value: str | date) -> str:
        """The name of a date's weekday."""
        return format_date(_as_date(value), "EEEE", locale=self._locale)

    def near_day(self, value: str | date, today: str | date) -> str:
        """A date within a sentence, as people say it from another day: vandaag, on Friday 3 November."""
        return self._spoken_day(value, today, "in_sentence")

    def day_name(self, value: str | date, today: str | date) -> str:
        """A date by itself, as at the head of a line: vandaag, Friday 3 November."""
        return self._spoken_day(value, today, "alone")

    def _spoken_day(self, value: str | date, today: str | date, form: str) -> str:
        day, from_day = _as_date(value), _as_date(today)
        words, ahead = self._words["near_day"], (day - from_day).days
        if ahead in NEAR_DAYS:
            return self.translate(words[NEAR_DAYS[ahead]])
        if abs(ahead) > SAME_YEAR_DAYS:
            return format_date(day, self.translate(words["year_format"]), locale=self._locale)
        return self.translate(words[form]).format(weekday=self.weekday(day), date=self.day(day))

    def time(self, value: TimeOfDay) -> str:
        """A time of day, or that of an ISO moment: 9.00 in Dutch, 9 am in English."""
        moment = time.fromisoformat(value.split("T")[-1]) if isinstance(value, str) else value
        formats = self._words["time_format"]["minutes" if moment.minute else "whole_hour"]
        return format_time(moment, self.translate(formats), locale=self._locale)

    def hours(self, periods: Sequence[Mapping[str, TimeOfDay]]) -> str:
        """Opening hours: 9.00–12.30 en 13.00–18.00 uur."""
        spoken = [f"{self.time(period['opens_at'])}–{self.time(period['closes_at'])}" for period in periods]
        return self.translate(self._words["hours"]).format(periods=self.join_and(spoken))

    def week(self, week: Mapping[int, Sequence[OpenPeriod]]) -> str:
        """A week's hours, 0 is Monday: maandag t/m vrijdag 8.30–21.00 uur, zaterdag 9.00–17.00 uur."""
        spoken = [(day, self._spoken_periods(week.get(day, ()))) for day in range(7)]
        runs = [(hours, [day for day, _ in run]) for hours, run in groupby(spoken, key=lambda each: each[1])]
        return ", ".join(f"{self._days(days)} {hours}" for hours, days in runs if hours)

    def _spoken_periods(self, periods: Sequence[OpenPeriod]) -> str:
        named = [{"opens_at": each.opens_at, "closes_at": each.closes_at} for each in periods]
        return self.hours(named) if named else ""

    def _days(self, days: Sequence[int]) -> str:
        names = self._locale.days["format"]["wide"]
        if len(days) == 1:
            return str(names[days[0]])
        return self.translate(self._words["days"]).format(first=names[days[0]], last=names[days[-1]])

    def country(self, code: str) -> str:
        """A country's name from its ISO code."""
        return str(self._locale.territories[code])

    def join_and(self, values: Sequence[Any]) -> str:
        """A list as people write it: a, b en c."""
        return format_list([self.translate(value) for value in values], "standard", locale=self._locale)

    def join_or(self, values: Sequence[Any]) -> str:
        """A list of alternatives: a, b of c."""
        return format_list([self.translate(value) for value in values], "or", locale=self._locale)


def _as_date(value: str | date) -> date:
    if isinstance(value, str):
        return datetime.fromisoformat(value).date()
    return value
