"""The filters of answers: money, days, dates and lists as people of each language write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency

# The English of a Dutch shop is British; the others follow the country the customers live in.
LOCALES = {"nl": "nl_NL", "en": "en_GB", "fr": "fr_BE", "zh": "zh_CN"}
WORKING_DAY_KEY = "working_day"


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
            "working_days": self.working_days,
            "date": self.day,
            "weekday": self.weekday,
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
