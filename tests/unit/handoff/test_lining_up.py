from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from balie.handoff.kinds import Reason
from balie.handoff.lining_up import PASSED_ON, Experience, find_place, rank, why_of
from balie.handoff.views import Handoff
from balie.handoff.waiting import Observation, WaitRange
from balie.kernel.ids import ConversationId
from tests.support.handoffs import NOW, a_handoff

queues = st.lists(
    st.builds(
        lambda minutes, team, mood, band, passed_on: a_handoff(
            ago=timedelta(minutes=minutes), team=team, mood=mood, band=band, facts={PASSED_ON: passed_on}
        ),
        st.integers(0, 90),
        st.sampled_from(("service", "workshop")),
        st.sampled_from(("normal", "raised", "high")),
        st.sampled_from(("new", "regular", "loyal", "top")),
        st.booleans(),
    ),
    max_size=12,
)


def minutes(count: int, **more: Any) -> Handoff:
    return a_handoff(ago=timedelta(minutes=count), **more)


def test_whoever_has_waited_longest_is_next_when_all_else_is_equal() -> None:
    early, late = minutes(9), minutes(3)
    assert [each.handoff for each in rank([late, early], NOW)] == [early, late]


def test_an_angry_customer_goes_before_one_who_has_waited_a_little_longer() -> None:
    calm, angry = minutes(15), minutes(1, mood="high")
    assert [each.handoff for each in rank([calm, angry], NOW)] == [angry, calm]


def test_every_team_has_a_line_of_its_own() -> None:
    service, workshop, behind = minutes(9), minutes(6, team="workshop"), minutes(3)
    assert [each.position for each in rank([service, workshop, behind], NOW)] == [1, 1, 2]


def test_a_transfer_keeps_the_time_that_was_waited_before() -> None:
    moved = minutes(20, queued_at=NOW, facts={PASSED_ON: True})
    assert {(because.code, because.points) for because in why_of(moved, NOW)} == {
        ("waiting", 20),
        ("passed_on", 10),
    }


def test_whoever_was_answered_once_is_not_late_any_more() -> None:
    due = NOW - timedelta(minutes=1)
    assert "late" in {because.code for because in why_of(minutes(6, first_reply_due_at=due), NOW)}
    answered = minutes(6, first_reply_due_at=due, first_reply_at=NOW - timedelta(minutes=3))
    assert "late" not in {because.code for because in why_of(answered, NOW)}


def test_a_reason_that_hurts_counts() -> None:
    assert [because.code for because in why_of(minutes(0, reason=Reason.FAILED), NOW)] == [
        "reason",
        "waiting",
    ]


def test_the_place_comes_with_the_minutes_of_the_own_team() -> None:
    first, second = minutes(9), minutes(3)
    seen = [Observation(NOW, timedelta(minutes=4))] * 20
    experience = Experience({"service": seen})

    place = find_place(second.conversation_id, rank([first, second], NOW), experience, NOW)
    assert place is not None
    assert (place.position, place.wait) == (2, WaitRange(6, 10))
    assert Experience({"workshop": seen}).place("service", 2, NOW).wait is None


def test_whoever_does_not_wait_has_no_place() -> None:
    assert find_place(ConversationId(uuid4()), rank([minutes(1)], NOW), Experience(), NOW) is None


@given(queues)
def test_everybody_has_one_place_and_the_places_of_a_team_have_no_gaps(queue: list[Handoff]) -> None:
    ranked = rank(queue, NOW)
    assert Counter(each.handoff.id for each in ranked) == Counter(handoff.id for handoff in queue)
    for team in ("service", "workshop"):
        places = [each.position for each in ranked if each.handoff.team == team]
        assert places == list(range(1, len(places) + 1))
    assert [each.points for each in ranked] == sorted((each.points for each in ranked), reverse=True)


@given(queues, st.randoms(use_true_random=False))
def test_the_places_are_the_same_whatever_order_the_store_answers_in(
    queue: list[Handoff], random: Any
) -> None:
    shuffled = list(queue)
    random.shuffle(shuffled)
    assert rank(shuffled, NOW) == rank(queue, NOW)
