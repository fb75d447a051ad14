"""Which days a sentence asks about: weekdays, tomorrow, the weekend, holidays by name. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Final

from babel.dates import get_day_names

from balie.catalogue.hours import DayHours
from balie.catalogue.words import normalise_words
from balie.content.filters import LOCALES

_AHEAD: Final[Mapping[str, Sequence[int]]] = {
    "vandaag": (0,), "today": (0,), "vanavond": (0,), "vanmiddag": (0,), "tonight": (0,),
    "morgen": (1,), "tomorrow": (1,), "overmorgen": (2,),
}  # fmt: skip
_WEEKEND: Final = frozenset({"weekend", "weekends"})
_SATURDAY, _SUNDAY = 5, 6

# Words that many holidays share; they decide only between those that share another one.
_GENERIC: Final = frozenset(
    {"dag", "day", "eerste", "tweede", "first", "second", "monday", "sunday", "year", "years", "new", "eve"}
)
# How people call what the calendar calls otherwise.
_ALIASES: Final[Mapping[str, Sequence[str]]] = {
    "pasen": ("paasdag",), "kerst": ("kerstdag", "kerstavond"), "xmas": ("christmas",), "1e": ("eerste",),
    "2e": ("tweede",), "2nd": ("second",), "whit": ("pentecost",), "whitsun": ("pentecost",),
    "boxing": ("christmas", "second"), "oudjaar": ("oudejaarsdag",),
}  # fmt: skip
_SHORTEST_STEM: Final = 4
_STEM: Final = 5


def asked_days(text: str, calendar: Sequence[DayHours]) -> list[date]:
    """The days that a sentence asks about, in order; empty when it asks about none in particular.

    Args:
        text: What the customer wrote.
        calendar: Successive days, today first; holidays are recognised by the reasons in it.
    """
    if not calendar:
        return []
    words, today = normalise_words(text), calendar[0].day
    return sorted(set(_holidays(words, calendar) or _nearby_days(words, today)))


def _nearby_days(words: Sequence[str], today: date) -> Iterator[date]:
    for word in words:
        yield from (today + timedelta(days=ahead) for ahead in _AHEAD.get(word, ()))
        weekdays = (_SATURDAY, _SUNDAY) if word in _WEEKEND else _weekdays_in(word)
        yield from (_next(weekday, today) for weekday in weekdays)


def _weekdays_in(word: str) -> Sequence[int]:
    """The weekday that a word begins with: zondag, zondags, zondagochtend."""
    return [weekday for name, weekday in _weekday_names().items() if word.startswith(name)]


@cache
def _weekday_names() -> dict[str, int]:
    return {
        word: weekday
        for locale in LOCALES.values()
        for weekday, name in get_day_names("wide", locale=locale).items()
        for word in normalise_words(name)[:1]
        if len(word) >= _SHORTEST_STEM
    }


def _next(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _holidays(words: Sequence[str], calendar: Sequence[DayHours]) -> list[date]:
    """The special days whose names share most with the words."""
    asked = _with_pairs([each for word in words for each in _ALIASES.get(word, (word,))])
    likeness = {hours.day: _likeness(asked, hours) for hours in calendar if hours.reasons}
    most = max(likeness.values(), default=0)
    return [day for day, shared in likeness.items() if most and shared == most]


def _likeness(asked: Sequence[str], hours: DayHours) -> int:
    """How many words name the day, in the language that fits best; generic words alone do not count."""
    return max(_shared(asked, _with_pairs(normalise_words(reason))) for reason in hours.reasons.values())


def _shared(asked: Sequence[str], named: Sequence[str]) -> int:
    shared = {word for word in named if any(_same_stem(word, each) for each in asked)}
    return len(shared) if shared - _GENERIC else 0


def _same_stem(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    if shorter < _SHORTEST_STEM:
        return one == other
    stem = min(_STEM, shorter)
    return one[:stem] == other[:stem]


def _with_pairs(words: Sequence[str]) -> list[str]:
    """The words, and each with its neighbour: "new year" is one word in other languages."""
    return [*words, *(first + second for first, second in pairwise(words))]
