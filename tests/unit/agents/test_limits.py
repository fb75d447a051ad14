"""How long the door stays closed after tries that failed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.agents.limits import PER_EMAIL

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


def failed(*minutes_ago: float) -> list[datetime]:
    return [NOW - timedelta(minutes=minutes) for minutes in sorted(minutes_ago)]


def test_four_failures_close_nothing() -> None:
    assert PER_EMAIL.wait(failed(0, 0, 0, 0), NOW) == timedelta()


def test_five_within_a_quarter_of_an_hour_close_it_until_the_first_is_that_old() -> None:
    assert PER_EMAIL.wait(failed(0, 1, 2, 3, 14), NOW) == timedelta(minutes=1)
    assert PER_EMAIL.wait(failed(0, 1, 2, 3, 15), NOW) == timedelta()


def test_mistyping_now_and_then_over_a_day_closes_nothing() -> None:
    assert PER_EMAIL.wait(failed(0, 60, 120, 240, 480, 900), NOW) == timedelta()


@pytest.mark.parametrize(
    ("failures", "minutes"), [(5, 15), (9, 15), (10, 30), (20, 60), (40, 120), (80, 240)]
)
def test_whoever_goes_on_waits_longer(failures: int, minutes: int) -> None:
    assert PER_EMAIL.wait([NOW] * failures, NOW) == timedelta(minutes=minutes)


def test_more_than_is_counted_changes_nothing() -> None:
    most = PER_EMAIL.most_counted

    assert PER_EMAIL.wait([NOW] * most, NOW) == PER_EMAIL.wait([NOW] * (9 * most), NOW)


def test_a_clock_that_was_set_back_closes_it_for_no_longer_than_the_rule() -> None:
    tomorrow = [NOW + timedelta(days=1)] * 5

    assert PER_EMAIL.wait(tomorrow, NOW) == timedelta(minutes=15)


@given(st.lists(st.integers(min_value=0, max_value=24 * 60), max_size=100))
def test_whoever_waits_as_long_as_told_gets_in(minutes_ago: list[int]) -> None:
    failures = failed(*minutes_ago)

    wait = PER_EMAIL.wait(failures, NOW)

    assert PER_EMAIL.wait(failures, NOW + wait) == timedelta()
