"""Days and hours as people say them."""

from __future__ import annotations

from datetime import time

import pytest

from balie.catalogue.hours import Period
from balie.content.filters import Filters
from balie.content.located_yaml import read_located_yaml
from balie.settings import PROJECT_ROOT

WORDS = read_located_yaml(PROJECT_ROOT / "data" / "shop" / "words.yml").value
TODAY = "2026-11-03"


def filters(language: str) -> Filters:
    return Filters(language, WORDS, "EUR")


@pytest.mark.parametrize(
    ("day", "dutch", "english"),
    [
        ("2026-11-03", "vandaag", "today"),
        ("2026-11-04", "morgen", "tomorrow"),
        ("2026-11-02", "gisteren", "yesterday"),
        ("2026-11-06", "vrijdag 6 november", "on Friday 6 November"),
        ("2025-03-06", "6 maart 2025", "on 6 March 2025"),
    ],
)
def test_a_day_is_said_as_people_say_it_from_today(day: str, dutch: str, english: str) -> None:
    assert filters("nl").near_day(day, TODAY) == dutch
    assert filters("en").near_day(day, TODAY) == english


@pytest.mark.parametrize("language", ["nl", "en", "fr", "zh"])
def test_every_language_has_the_words_for_days_and_hours(language: str) -> None:
    spoken = filters(language)

    assert all(spoken.near_day(day, TODAY) for day in (TODAY, "2026-11-10", "2020-01-01"))
    assert spoken.hours([{"opens_at": "09:00", "closes_at": "18:30"}])


def test_hours_of_a_store_that_closes_for_lunch() -> None:
    periods = [
        {"opens_at": "09:00:00", "closes_at": "12:30:00"},
        {"opens_at": "13:00:00", "closes_at": "18:00:00"},
    ]

    assert filters("nl").hours(periods) == "9.00–12.30 en 13.00–18.00 uur"
    assert filters("en").hours(periods) == "9 am–12:30 pm and 1 pm–6 pm"


def test_a_time_may_be_given_as_time() -> None:
    assert filters("en").time(time(20, 15)) == "8:15 pm"


def test_a_day_at_the_head_of_a_line_has_no_preposition() -> None:
    assert filters("en").day_name("2026-11-06", TODAY) == "Friday 6 November"
    assert filters("en").day_name("2026-11-04", TODAY) == "tomorrow"


def test_the_time_of_a_moment_is_that_of_its_own_zone() -> None:
    assert filters("nl").time("2026-11-03T13:00+01:00") == "13.00"
    assert filters("en").time("2026-11-03T08:30:00+01:00") == "8:30 am"


def test_days_with_the_same_hours_are_said_together_and_closed_ones_not_at_all() -> None:
    late, short = Period(time(8, 30), time(21)), Period(time(9), time(17))
    week = {0: [late], 1: [late], 2: [short], 4: [late], 5: [Period(time(9), time(12)), short]}

    assert filters("nl").week(week) == (
        "maandag t/m dinsdag 8.30–21.00 uur, woensdag 9.00–17.00 uur, vrijdag 8.30–21.00 uur, "
        "zaterdag 9.00–12.00 en 9.00–17.00 uur"
    )
    assert filters("en").week({day: [short] for day in range(7)}) == "Monday to Sunday 9 am–5 pm"
