from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.handoff.bands import Band
from balie.handoff.kinds import Reason
from balie.handoff.triggers import Act, Situation, find_trigger

situations = st.builds(
    Situation,
    asked=st.booleans(),
    leading=st.none() | st.sampled_from(("anger", "confusion", "joy", "neutral")),
    angry_turns=st.integers(0, 8),
    confused_turns=st.integers(0, 8),
    not_understood=st.integers(0, 8),
    failed=st.integers(0, 8),
    band=st.sampled_from(Band),
)

TABLE: list[tuple[dict[str, Any], Act | None, Reason | None]] = [
    ({}, None, None),
    ({"asked": True}, Act.HAND_OFF, Reason.ASKED),
    ({"asked": True, "leading": "anger", "angry_turns": 8}, Act.HAND_OFF, Reason.ASKED),
    ({"leading": "anger", "angry_turns": 2}, None, None),
    ({"leading": "anger", "angry_turns": 3}, Act.HAND_OFF, Reason.ANGRY),
    ({"leading": "neutral", "angry_turns": 3}, None, None),
    ({"leading": "anger", "angry_turns": 1, "band": Band.TOP}, Act.HAND_OFF, Reason.VALUABLE),
    ({"leading": "anger", "angry_turns": 1, "band": Band.LOYAL}, None, None),
    ({"leading": "confusion", "confused_turns": 3}, None, None),
    ({"leading": "confusion", "confused_turns": 4}, Act.HAND_OFF, Reason.CONFUSED),
    ({"failed": 1}, None, None),
    ({"failed": 1, "band": Band.TOP}, Act.HAND_OFF, Reason.VALUABLE),
    ({"failed": 2}, Act.HAND_OFF, Reason.FAILED),
    ({"not_understood": 1}, None, None),
    ({"not_understood": 2}, Act.CHOOSE, Reason.NOT_UNDERSTOOD),
    ({"not_understood": 3}, Act.HAND_OFF, Reason.NOT_UNDERSTOOD),
]


@pytest.mark.parametrize(("facts", "act", "reason"), TABLE)
def test_what_calls_for_a_person_and_what_does_not(
    facts: dict[str, Any], act: Act | None, reason: Reason | None
) -> None:
    trigger = find_trigger(Situation(**facts))
    assert (trigger and trigger.act, trigger and trigger.reason) == (act, reason)


def test_what_the_reason_rests_on_is_written_down() -> None:
    angry = find_trigger(Situation(leading="anger", angry_turns=4))
    assert angry is not None
    assert angry.facts == {"angry_turns": 4}


@given(situations)
def test_whoever_asks_for_a_person_gets_one_whatever_else_is_the_matter(situation: Situation) -> None:
    trigger = find_trigger(situation)
    if situation.asked:
        assert trigger is not None
        assert (trigger.act, trigger.reason) == (Act.HAND_OFF, Reason.ASKED)
    else:
        assert trigger is None or trigger.reason is not Reason.ASKED


@given(situations)
def test_one_bad_turn_calls_nobody_unless_the_customer_is_a_top_one(situation: Situation) -> None:
    worst = max(situation.angry_turns, situation.confused_turns, situation.not_understood, situation.failed)
    if not situation.asked and worst <= 1 and situation.band is not Band.TOP:
        assert find_trigger(situation) is None


@given(situations)
def test_every_fact_of_a_reason_is_more_than_none(situation: Situation) -> None:
    trigger = find_trigger(situation)
    assert trigger is None or all(count > 0 for count in trigger.facts.values())
