from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from balie.handoff.waiting import FEWEST, Observation, WaitRange, estimate_wait
from tests.support.handoffs import NOW

observations = st.lists(
    st.builds(
        Observation,
        st.integers(0, 40_000).map(lambda minutes: NOW - timedelta(minutes=minutes)),
        st.integers(0, 3600).map(lambda seconds: timedelta(seconds=seconds)),
    ),
    max_size=80,
)


def seen(minutes: float, *, ago: timedelta = timedelta(minutes=1), times: int = FEWEST) -> list[Observation]:
    return [Observation(NOW - ago, timedelta(minutes=minutes))] * times


def test_what_is_said_is_a_range_around_the_median() -> None:
    assert estimate_wait(1, seen(4), NOW) == WaitRange(3, 5)
    assert estimate_wait(3, seen(4), NOW) == WaitRange(9, 15)


def test_nothing_is_said_with_too_few_who_came_before() -> None:
    assert estimate_wait(1, seen(4, times=FEWEST - 1), NOW) is None


def test_nothing_is_said_of_less_than_a_minute() -> None:
    assert estimate_wait(1, seen(0.9), NOW) is None
    assert estimate_wait(2, seen(0.9), NOW) == WaitRange(1, 3)


def test_the_last_ten_minutes_count_when_there_were_enough_in_them() -> None:
    earlier = seen(20, ago=timedelta(hours=1), times=100)
    assert estimate_wait(1, [*earlier, *seen(4)], NOW) == WaitRange(3, 5)


def test_else_the_last_two_hours_and_else_three_weeks() -> None:
    few_now = seen(4, times=FEWEST - 1)
    this_morning = seen(8, ago=timedelta(hours=1), times=100)
    last_week = seen(40, ago=timedelta(days=7), times=1000)
    assert estimate_wait(1, [*few_now, *this_morning, *last_week], NOW) == WaitRange(6, 10)
    assert estimate_wait(1, [*few_now, *last_week], NOW) == WaitRange(30, 50)


def test_what_is_older_than_three_weeks_is_forgotten() -> None:
    assert estimate_wait(1, seen(4, ago=timedelta(weeks=3, seconds=1)), NOW) is None


def test_one_who_waited_very_long_does_not_move_it() -> None:
    assert estimate_wait(1, [*seen(4, times=40), *seen(600, times=3)], NOW) == WaitRange(3, 5)


@given(observations, st.integers(1, 50))
def test_whatever_was_seen_the_range_is_one(observed: list[Observation], position: int) -> None:
    found = estimate_wait(position, observed, NOW)
    assert found is None or 1 <= found.from_minutes < found.to_minutes


@given(observations, st.integers(1, 50))
def test_whoever_stands_further_back_is_never_told_less(observed: list[Observation], position: int) -> None:
    here, behind = (estimate_wait(place, observed, NOW) for place in (position, position + 1))
    if here is not None:
        assert behind is not None
        assert behind.from_minutes >= here.from_minutes
        assert behind.to_minutes >= here.to_minutes


@given(observations, st.randoms(use_true_random=False))
def test_the_order_in_which_it_was_seen_does_not_matter(observed: list[Observation], random: object) -> None:
    shuffled = list(observed)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert estimate_wait(2, shuffled, NOW) == estimate_wait(2, observed, NOW)
