"""Which day a sentence names: "last Friday", "3/11", "overmorgen". Pure but for the words of the library.

dateparser reads the day; which way a weekday lies, Dutch and French say in words that it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from dateparser.search import search_dates


class Direction(StrEnum):
    """Where a day lies that could be before or after today, such as a bare weekday."""

    PAST = "past"
    FUTURE = "future"


_SAYS_PAST: Final = re.compile(
    r"\b(?:afgelopen|voorbije|vorige?|laatste|last|past|derni[eè]re?|pass[ée]e?)\b|上", re.IGNORECASE
)
_SAYS_FUTURE: Final = re.compile(
    r"\b(?:aanstaande|komende|volgende|eerstvolgende|next|coming|this|prochaine?)\b|下", re.IGNORECASE
)
_NAMES_A_DAY: Final = re.compile(
    r"\d\s*[-/.]\s*\d|\d\s*(?:st|nd|rd|th|e|er|ste|de)?\s*[^\W\d_]{3}|[^\W\d_]{4}|[月日天]", re.IGNORECASE
)
_JUST_A_NUMBER: Final = re.compile(r"[\d\s.,:]+")
_LANGUAGES: Final = ("nl", "en", "fr", "zh")


def find_day(text: str, today: date, *, direction: Direction) -> date | None:
    """The one day that a sentence names; None when it names none, or several.

    Args:
        text: What was typed.
        today: In the shop's time zone.
        direction: Where it lies when the sentence does not say.

    >>> thursday = date(2026, 11, 26)
    >>> find_day("haal het volgende maandag maar op", thursday, direction=Direction.FUTURE)
    datetime.date(2026, 11, 30)
    >>> find_day("de bestelling van afgelopen vrijdag", thursday, direction=Direction.FUTURE)
    datetime.date(2026, 11, 20)
    """
    says_past, says_future = _SAYS_PAST.search(text), _SAYS_FUTURE.search(text)
    if bool(says_past) != bool(says_future):
        direction = Direction.PAST if says_past else Direction.FUTURE
    bare = _SAYS_FUTURE.sub(" ", _SAYS_PAST.sub(" ", text))
    # Words that say how far a day lies are the library's own: "two days ago", "over 3 dagen".
    found = {*_days_in(text, today, direction), *_days_in(bare, today, direction)}
    agreeing = [day for day in found if (day < today) == (direction is Direction.PAST) or day == today]
    days = agreeing if len(found) > 1 else list(found)
    return days[0] if len(days) == 1 else None


def _days_in(text: str, today: date, direction: Direction) -> Sequence[date]:
    settings = {
        "PREFER_DATES_FROM": direction.value,
        "RELATIVE_BASE": datetime.combine(today, time(12)),
        "DATE_ORDER": "DMY",
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    found = search_dates(text, languages=list(_LANGUAGES), settings=settings) or []
    return [
        moment.date()
        for words, moment in found
        if _NAMES_A_DAY.search(words) and not _JUST_A_NUMBER.fullmatch(words)
    ]
