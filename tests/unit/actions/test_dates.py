"""Days as customers write them."""

from __future__ import annotations

from datetime import date

import pytest

from actions.dates import Direction, find_day

THURSDAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "direction", "day"),
    [
        ("ik wil de bestelling van afgelopen vrijdag annuleren", Direction.PAST, date(2026, 11, 20)),
        ("the order from last Friday", Direction.PAST, date(2026, 11, 20)),
        ("die van vrijdag", Direction.PAST, date(2026, 11, 20)),
        ("that one from 3/11", Direction.PAST, date(2026, 11, 3)),
        ("besteld op 3 november", Direction.PAST, date(2026, 11, 3)),
        ("gisteren besteld", Direction.PAST, date(2026, 11, 25)),
        ("two days ago", Direction.PAST, date(2026, 11, 24)),
        ("doe maar maandag", Direction.FUTURE, date(2026, 11, 30)),
        ("next Monday please", Direction.FUTURE, date(2026, 11, 30)),
        ("komende maandag kan wel", Direction.FUTURE, date(2026, 11, 30)),
        ("overmorgen", Direction.FUTURE, date(2026, 11, 28)),
        ("maandag 30 november", Direction.FUTURE, date(2026, 11, 30)),
        ("1 december", Direction.FUTURE, date(2026, 12, 1)),
        ("tomorrow is fine", Direction.FUTURE, date(2026, 11, 27)),
        ("vrijdag", Direction.FUTURE, date(2026, 11, 27)),
    ],
)
def test_the_day_is_read(text: str, direction: Direction, day: date) -> None:
    assert find_day(text, THURSDAY, direction=direction) == day


@pytest.mark.parametrize(
    "text",
    [
        "de jas in maat M is te klein, ik wil hem ruilen",
        "I want size 42 instead",
        "mijn bestelling DD1048213",
        "ja graag",
        "2 stuks",
        "3811 BK",
        "maandag of dinsdag",
        "dat mag niet",
        "",
    ],
)
@pytest.mark.parametrize("direction", list(Direction))
def test_what_names_no_day_or_two_is_none(text: str, direction: Direction) -> None:
    assert find_day(text, THURSDAY, direction=direction) is None
