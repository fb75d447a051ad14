import itertools

import pytest

from balie.conversations.errors import StatusChangeRefusedError
from balie.conversations.status import NEXT, ConversationStatus, TurnMode, change_status, mode_of

S = ConversationStatus

STEPS = [
    (S.WITH_ASSISTANT, S.WAITING_FOR_AGENT),
    (S.WITH_ASSISTANT, S.WITH_AGENT),
    (S.WITH_ASSISTANT, S.RESOLVED),
    (S.WAITING_FOR_AGENT, S.WITH_AGENT),
    (S.WAITING_FOR_AGENT, S.WITH_ASSISTANT),
    (S.WAITING_FOR_AGENT, S.RESOLVED),
    (S.WITH_AGENT, S.WITH_ASSISTANT),
    (S.WITH_AGENT, S.WAITING_FOR_AGENT),
    (S.WITH_AGENT, S.RESOLVED),
    (S.RESOLVED, S.WITH_ASSISTANT),
]


@pytest.mark.parametrize(("now", "wanted"), STEPS)
def test_a_step_of_the_table_is_taken(now: S, wanted: S) -> None:
    assert change_status(now, wanted) is wanted


@pytest.mark.parametrize(("now", "wanted"), sorted(set(itertools.product(S, S)) - set(STEPS)))
def test_every_other_step_is_refused(now: S, wanted: S) -> None:
    with pytest.raises(StatusChangeRefusedError) as refused:
        change_status(now, wanted)
    assert (refused.value.now, refused.value.wanted) == (now, wanted)


def test_every_status_has_a_line_in_the_table() -> None:
    assert set(NEXT) == set(S)


def test_the_assistant_is_silent_while_a_person_is_waited_for_or_has_the_conversation() -> None:
    silent = [status for status in S if mode_of(status, assistant_helps=False) is TurnMode.READ]
    assert silent == [S.WAITING_FOR_AGENT, S.WITH_AGENT]


def test_the_assistant_answers_a_waiting_customer_who_wants_it_but_never_while_an_agent_is_there() -> None:
    silent = [status for status in S if mode_of(status, assistant_helps=True) is TurnMode.READ]
    assert silent == [S.WITH_AGENT]
