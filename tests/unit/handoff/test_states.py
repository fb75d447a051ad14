from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.conversations.status import NEXT, ConversationStatus
from balie.handoff import states
from balie.handoff.errors import StepRefusedError
from balie.handoff.kinds import HandoffState, Step
from balie.handoff.states import MOVES, OPEN, OWNER, WAITING, next_state

ARROW = re.compile(r"^ {4}(\S+) --> (\w+): (.+)$", re.MULTILINE)
ENDS = set(HandoffState) - OPEN


def test_the_picture_shows_the_table_and_nothing_else() -> None:
    drawn = {
        (
            None if source == "[*]" else HandoffState(source),
            HandoffState(target),
            Step(word.replace(" ", "_")),
        )
        for source, target, words in ARROW.findall(states.__doc__ or "")
        for word in words.split(", ")
    }
    in_table = {(source, move.target, step) for step, move in MOVES.items() for source in move.sources}

    assert drawn == in_table


def test_every_step_leads_somewhere_and_every_state_is_reached() -> None:
    assert set(MOVES) == set(Step)
    assert {move.target for move in MOVES.values()} == set(HandoffState)


@pytest.mark.parametrize(("step", "state"), list(product(Step, [None, *HandoffState])))
def test_a_step_is_taken_as_the_table_says_or_refused(step: Step, state: HandoffState | None) -> None:
    if state in MOVES[step].sources:
        assert next_state(step, state) is MOVES[step].target
        return
    with pytest.raises(StepRefusedError) as refused:
        next_state(step, state)
    assert (refused.value.step, refused.value.state) == (step.value, None if state is None else state.value)


@pytest.mark.parametrize("end", sorted(ENDS))
def test_nothing_follows_an_end(end: HandoffState) -> None:
    assert not any(end in move.sources for move in MOVES.values())


@pytest.mark.parametrize("state", sorted(OPEN))
def test_from_every_open_state_there_is_a_way_to_an_end(state: HandoffState) -> None:
    reached = {state}
    for _ in HandoffState:
        reached |= {move.target for move in MOVES.values() if reached & move.sources}

    assert reached & ENDS


def test_every_state_has_exactly_one_owner() -> None:
    assert set(OWNER) == set(HandoffState)
    assert {state for state in OPEN if OWNER[state] is ConversationStatus.WAITING_FOR_AGENT} == WAITING
    assert [state for state in HandoffState if OWNER[state] is ConversationStatus.WITH_AGENT] == [
        HandoffState.ACCEPTED
    ]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (source, move.target)
        for move in MOVES.values()
        for source in sorted(filter(None, move.sources))
        if OWNER[source] is not OWNER[move.target]
    ],
)
def test_the_table_of_owners_allows_what_a_step_does_to_the_owner(
    source: HandoffState, target: HandoffState
) -> None:
    assert OWNER[target] in NEXT[OWNER[source]]


@given(st.lists(st.sampled_from(Step), max_size=40))
def test_however_it_goes_the_customer_is_waited_on_or_the_handoff_has_an_end(taken: list[Step]) -> None:
    state: HandoffState | None = None
    for step in taken:
        before = state
        try:
            after = next_state(step, state)
        except StepRefusedError:
            continue
        state = None if after in ENDS else after
        if state is None:
            assert step in {Step.WITHDRAW, Step.EXPIRE, Step.RETURN, Step.RESOLVE}
            assert before is not None
