from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from balie.handoff.kinds import Reason
from balie.handoff.priority import BAND_POINTS, MOOD_POINTS, REASON_POINTS, Waiting, points_of, weigh
from tests.support.handoffs import NOW

MOST_BESIDES_WAITING = 10 + 20 + 10 + 5 + 30

waitings = st.builds(
    Waiting,
    reason=st.sampled_from(Reason),
    mood=st.sampled_from(sorted(MOOD_POINTS)),
    band=st.sampled_from(sorted(BAND_POINTS)),
    waiting_since=st.integers(0, 600).map(lambda minutes: NOW - timedelta(minutes=minutes)),
    due_at=st.none() | st.integers(-600, 600).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    passed_on=st.booleans(),
)


def waiting(minutes: int = 0, **more: object) -> Waiting:
    facts = {"reason": Reason.ASKED, "mood": "normal", "band": "new", **more}
    return Waiting(waiting_since=NOW - timedelta(minutes=minutes), **facts)  # type: ignore[arg-type]


def points(who: Waiting) -> int:
    return points_of(weigh(who, NOW))


def test_a_minute_of_waiting_is_a_point() -> None:
    [only] = weigh(waiting(minutes=7), NOW)
    assert (only.code, only.points, only.facts) == ("waiting", 7, {"minutes": 7})


def test_a_high_mood_stands_where_somebody_stands_who_waited_twenty_minutes_longer() -> None:
    assert points(waiting(mood="high")) == points(waiting(minutes=20))


def test_everything_that_counts_is_named_the_heaviest_first() -> None:
    who = waiting(
        minutes=12,
        mood="raised",
        band="top",
        reason=Reason.ANGRY,
        due_at=NOW - timedelta(minutes=7),
        passed_on=True,
    )
    assert [(because.code, because.points) for because in weigh(who, NOW)] == [
        ("late", 30),
        ("waiting", 12),
        ("mood", 10),
        ("band", 10),
        ("passed_on", 10),
        ("reason", 5),
    ]


def test_nobody_is_late_before_the_moment_has_passed() -> None:
    assert points(waiting(due_at=NOW)) == 0
    assert points(waiting(due_at=NOW - timedelta(seconds=1))) == 30


def test_a_clock_that_was_put_back_takes_no_points_away() -> None:
    assert points(waiting(minutes=-30)) == 0


def test_every_reason_has_its_points() -> None:
    assert set(REASON_POINTS) == set(Reason)


@given(waitings)
def test_every_point_has_a_reason_that_can_be_shown(who: Waiting) -> None:
    why = weigh(who, NOW)
    assert [because.points for because in why] == sorted((each.points for each in why), reverse=True)
    assert all(because.points > 0 or because.code == "waiting" for because in why)
    assert len({because.code for because in why}) == len(why)


@given(waitings, waitings)
def test_nobody_is_overtaken_for_ever(early: Waiting, late: Waiting) -> None:
    much_later = NOW + timedelta(minutes=MOST_BESIDES_WAITING)
    newcomer = Waiting(late.reason, late.mood, late.band, much_later, None, late.passed_on)

    assert points_of(weigh(early, much_later)) >= points_of(weigh(newcomer, much_later))


@given(waitings, st.integers(0, 120))
def test_whoever_waits_longer_is_never_less_urgent(who: Waiting, minutes: int) -> None:
    assert points_of(weigh(who, NOW + timedelta(minutes=minutes))) >= points(who)
