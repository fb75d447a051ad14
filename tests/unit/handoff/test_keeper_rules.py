from __future__ import annotations

from datetime import timedelta

import pytest

from balie.agents.kinds import Presence
from balie.handoff.keeper_rules import (
    AGENT_MAY_BE_GONE,
    FIRST_TOLD_AGAIN,
    PROMISES_KEPT_FOR,
    TOLD_AGAIN_EVERY,
    is_lost,
    is_over,
    must_be_asked_again,
    to_be_woken,
)
from balie.handoff.kinds import HandoffState
from tests.support.handoffs import NOW, a_handoff, an_agent

ACCEPTED = a_handoff(HandoffState.ACCEPTED)
CUSTOMER, AGENT = ("customer", NOW), ("agent", NOW)
SECOND = timedelta(seconds=1)


def test_an_agent_who_is_gone_for_a_while_loses_a_customer_who_waits() -> None:
    gone = an_agent(Presence.OFFLINE, ago=AGENT_MAY_BE_GONE)
    assert is_lost(ACCEPTED, gone, CUSTOMER, NOW)
    assert is_lost(ACCEPTED, gone, None, NOW)


def test_a_train_in_a_tunnel_is_waited_for() -> None:
    assert not is_lost(ACCEPTED, an_agent(Presence.OFFLINE, ago=AGENT_MAY_BE_GONE - SECOND), CUSTOMER, NOW)


@pytest.mark.parametrize("presence", [Presence.ONLINE, Presence.AWAY])
def test_an_agent_who_is_there_keeps_the_customer_however_long_it_takes(presence: Presence) -> None:
    assert not is_lost(ACCEPTED, an_agent(presence, ago=timedelta(hours=9)), CUSTOMER, NOW)


def test_a_customer_who_has_their_answer_is_not_taken_away() -> None:
    assert not is_lost(ACCEPTED, an_agent(Presence.OFFLINE, ago=timedelta(hours=9)), AGENT, NOW)


def test_whoever_left_for_good_loses_every_customer() -> None:
    assert is_lost(ACCEPTED, None, AGENT, NOW)


def test_what_is_put_aside_is_nobodys_loss() -> None:
    aside = a_handoff(HandoffState.ACCEPTED, snoozed_until=NOW + SECOND)
    assert not is_lost(aside, an_agent(Presence.OFFLINE, ago=timedelta(days=1)), CUSTOMER, NOW)


def test_what_is_put_aside_comes_back_at_its_time_or_when_the_customer_writes() -> None:
    until = a_handoff(HandoffState.ACCEPTED, snoozed_until=NOW)
    assert to_be_woken(until, AGENT, NOW)
    assert not to_be_woken(until, AGENT, NOW - SECOND)
    assert not to_be_woken(until, None, NOW - SECOND)
    assert to_be_woken(until, CUSTOMER, NOW - SECOND)


def test_what_was_not_put_aside_is_not_woken() -> None:
    assert not to_be_woken(ACCEPTED, CUSTOMER, NOW)


@pytest.mark.parametrize("told", range(4))
@pytest.mark.parametrize("state", [HandoffState.QUEUED, HandoffState.OFFERED])
def test_a_customer_hears_after_three_minutes_and_then_every_ten(told: int, state: HandoffState) -> None:
    due = FIRST_TOLD_AGAIN + told * TOLD_AGAIN_EVERY
    assert must_be_asked_again(a_handoff(state, ago=due), told, NOW)
    assert not must_be_asked_again(a_handoff(state, ago=due - SECOND), told, NOW)


@pytest.mark.parametrize("state", sorted(set(HandoffState) - {HandoffState.QUEUED, HandoffState.OFFERED}))
def test_nobody_hears_it_who_does_not_wait(state: HandoffState) -> None:
    assert not must_be_asked_again(a_handoff(state, ago=timedelta(days=1)), 0, NOW)


def test_a_promise_is_kept_track_of_for_a_month() -> None:
    promised = a_handoff(HandoffState.PROMISED, promised_at=NOW - PROMISES_KEPT_FOR)
    assert is_over(promised, NOW)
    assert not is_over(promised, NOW - SECOND)
    assert not is_over(a_handoff(HandoffState.PROMISED), NOW)
