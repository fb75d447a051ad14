"""Public holidays of a country, with their names. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Final

import holidays

# Our languages, and what the library calls them.
_LOCALES: Final = {"nl": "nl", "en": "en_US", "fr": "fr", "de": "de"}

# Holidays by name only: shops are open and carriers drive. The Dutch government lists Good Friday so.
_WORKED: Final = {("NL", "Good Friday")}


def holiday_names(day: date, country: str) -> dict[str, str]:
    """What a public holiday is called, per language; empty on any other day.

    Args:
        day: The day.
        country: ISO 3166 code; a country nobody has a calendar of has no holidays.

    Returns:
        Names in those of our languages in which the country's holidays have one, else in its own.
    """
    names = {language: calendar.get(day) for language, calendar in _calendars(country).items()}
    known = {language: name for language, name in names.items() if name is not None}
    return {} if (country, known.get("en")) in _WORKED else known


@cache
def _calendars(country: str) -> Mapping[str, Mapping[date, str]]:
    try:
        calendar = holidays.country_holidays(country)
    except NotImplementedError:
        return {}
    named = {
        language: holidays.country_holidays(country, language=locale)
        for language, locale in _LOCALES.items()
        if locale in calendar.supported_languages
    }
    return named or {calendar.default_language or "en": calendar}
