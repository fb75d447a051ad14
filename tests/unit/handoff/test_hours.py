from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.content.teams import Team
from balie.handoff.hours import PROMISE_WITHIN, TeamClock

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]


def a_team(**more: Any) -> Team:
    facts = {
        "id": "service",
        "name": {"nl": "Klantenservice", "en": "Customer service"},
        "languages": ["nl"],
        "country": "NL",
        "hours": [
            {"days": DAYS, "opens_at": "08:30", "closes_at": "21:00"},
            {"days": ["saturday"], "opens_at": "09:00", "closes_at": "17:00"},
        ],
        "special_days": [{"day": "2026-12-24", "opens_at": "08:30", "closes_at": "17:00"}],
        "sla": {"first_reply_minutes": 5, "next_reply_minutes": 5, "resolution_minutes": 1440},
    }
    return Team.model_validate({**facts, **more})


SERVICE = TeamClock(a_team(), AMSTERDAM)
ALWAYS = TeamClock(a_team(), AMSTERDAM, always_open=True)


def in_the_shop(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-03T08:29", False),
        ("2026-11-03T08:30", True),
        ("2026-11-03T20:59", True),
        ("2026-11-03T21:00", False),
        ("2026-11-07T17:30", False),
        ("2026-11-08T12:00", False),
        ("2026-12-24T16:59", True),
        ("2026-12-24T17:00", False),
        ("2026-12-25T12:00", False),
        ("2026-12-26T12:00", False),
    ],
)
def test_the_team_is_there_in_its_hours_and_not_on_public_holidays(moment: str, is_open: bool) -> None:
    assert SERVICE.is_open(in_the_shop(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-03T07:00", "2026-11-03T08:30"),
        ("2026-11-03T22:00", "2026-11-04T08:30"),
        ("2026-11-07T18:00", "2026-11-09T08:30"),
        ("2026-12-24T17:00", "2026-12-28T08:30"),
    ],
)
def test_the_next_opening_passes_over_sundays_and_holidays(moment: str, opens: str) -> None:
    assert SERVICE.next_opening(in_the_shop(moment)) == in_the_shop(opens)


def test_there_is_no_next_opening_while_the_team_is_there() -> None:
    assert SERVICE.next_opening(in_the_shop("2026-11-03T12:00")) is None


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-03T12:00", "2026-11-03T12:05"),
        ("2026-11-03T20:58", "2026-11-04T08:33"),
        ("2026-11-07T16:57", "2026-11-09T08:32"),
        ("2026-11-08T12:00", "2026-11-09T08:35"),
    ],
)
def test_five_minutes_are_minutes_in_which_the_team_is_there(asked: str, due: str) -> None:
    assert SERVICE.first_reply_due(in_the_shop(asked)) == in_the_shop(due)


@pytest.mark.parametrize(
    ("asked", "by"),
    [
        ("2026-11-03T12:00", "2026-11-03T16:00"),
        ("2026-11-03T12:00:01", "2026-11-03T16:15"),
        ("2026-11-03T18:00", "2026-11-04T09:30"),
        ("2026-11-07T23:00", "2026-11-09T12:30"),
        ("2026-12-24T16:00", "2026-12-28T11:30"),
    ],
)
def test_a_promise_is_for_a_quarter_of_an_hour_in_which_somebody_is_there(asked: str, by: str) -> None:
    assert SERVICE.promise(in_the_shop(asked)) == in_the_shop(by)


def test_where_the_desk_is_always_open_the_hours_do_not_matter() -> None:
    night = in_the_shop("2026-11-08T03:00")
    assert ALWAYS.is_open(night)
    assert ALWAYS.next_opening(night) is None
    assert ALWAYS.first_reply_due(night) == night + timedelta(minutes=5)
    assert ALWAYS.promise(night) == in_the_shop("2026-11-08T07:00")


def test_a_team_that_is_closed_for_weeks_still_promises_something() -> None:
    # Three months of closing days: no opening within the weeks that are looked at.
    first = in_the_shop("2026-11-02T00:00").date()
    closed = [{"day": (first + timedelta(days=day)).isoformat()} for day in range(90)]
    away = TeamClock(a_team(special_days=closed), AMSTERDAM)
    now = in_the_shop("2026-11-03T12:00")

    assert not away.is_open(now)
    assert away.next_opening(now) is None
    assert away.promise(now) == now + PROMISE_WITHIN


def test_the_hours_of_the_shop_move_with_its_summer_time() -> None:
    friday_before = in_the_shop("2027-03-26T20:00").astimezone(UTC)
    # Saturday is the day before the clock is put forward, Monday is Easter Monday.
    assert SERVICE.after_open_time(friday_before, timedelta(hours=9, minutes=30)) == in_the_shop(
        "2027-03-30T09:00"
    )


# Minutes after the new year of 2026, into the summer of 2027.
moments = st.integers(0, 750_000).map(
    lambda minute: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)


@settings(max_examples=100)
@given(moments)
def test_a_promise_falls_within_opening_hours_and_is_never_sooner_than_four_hours(now: datetime) -> None:
    by = SERVICE.promise(now)

    assert by.astimezone(UTC) - now >= PROMISE_WITHIN
    assert by.minute % 15 == 0
    assert (by.second, by.microsecond) == (0, 0)
    assert SERVICE.is_open(by - timedelta(minutes=15))


@settings(max_examples=100)
@given(moments, st.integers(1, 3000), st.integers(0, 3000))
def test_more_minutes_are_never_over_sooner(now: datetime, minutes: int, more: int) -> None:
    soon = SERVICE.after_open_time(now, timedelta(minutes=minutes))
    late = SERVICE.after_open_time(now, timedelta(minutes=minutes + more))
    assert now < soon.astimezone(UTC) <= late.astimezone(UTC)
