"""Two who decide on the same conversation, or about the same agent, at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from balie.agents.kinds import Presence
from balie.agents.views import AgentView
from balie.handoff.errors import HandoffNotFoundError, HandoffTakenError, NoRoomError
from balie.handoff.keeper_rules import AGENT_MAY_BE_GONE, PROMISES_KEPT_FOR
from balie.handoff.kinds import HandoffState, ResolutionCode, Step
from tests.support.handoff_desk import Desk, Talk
from tests.support.walk_store import WatchedUnitOfWork


@pytest.fixture
def store(engine: AsyncEngine) -> WatchedUnitOfWork:
    return WatchedUnitOfWork(engine)


@pytest.fixture
def desk(store: WatchedUnitOfWork) -> Desk:
    return Desk(store)


async def keep_while(desk: Desk, store: WatchedUnitOfWork, meanwhile: Callable[[], Awaitable[object]]) -> int:
    """Let the keeper decide, and something else happen before it writes down what it decided."""

    async def happens() -> None:
        await meanwhile()

    store.interlude = happens
    return await desk.keeper.keep()


async def steps_of(desk: Desk, talk: Talk) -> list[Step]:
    return [event.step for event in await desk.handoffs.list_events(talk.id)]


async def test_an_agent_with_room_for_one_who_accepts_four_at_once_gets_one(
    desk: Desk, store: WatchedUnitOfWork
) -> None:
    sanne = await desk.hire(capacity=1)
    talks = [await desk.waiting() for _ in range(4)]

    results = await asyncio.gather(
        *(desk.handoffs.accept(talk.id, sanne.id) for talk in talks), return_exceptions=True
    )

    assert sum(isinstance(result, NoRoomError) for result in results) == 3
    assert store.wrong == []
    assert sorted([await talk.status() for talk in talks]) == ["waiting_for_agent"] * 3 + ["with_agent"]


async def test_many_who_accept_the_same_customer_are_told_who_was_first(desk: Desk) -> None:
    agents = [await desk.hire(f"Agent{number}") for number in range(6)]
    talk = await desk.waiting()

    results = await asyncio.gather(
        *(desk.handoffs.accept(talk.id, agent.id) for agent in agents), return_exceptions=True
    )

    owner = (await desk.handoffs.get_open(talk.id)).agent_id
    assert [result.by for result in results if isinstance(result, HandoffTakenError)] == [owner] * 5
    assert (await steps_of(desk, talk)).count(Step.ACCEPT) == 1


async def test_a_customer_who_leaves_while_being_accepted_is_with_nobody_or_with_the_agent(
    desk: Desk,
) -> None:
    sanne = await desk.hire()
    talk = await desk.waiting()
    withdrawing = talk.press("Terug naar de assistent")

    results = await asyncio.gather(
        desk.handoffs.accept(talk.id, sanne.id), withdrawing, return_exceptions=True
    )

    accepted = not isinstance(results[0], HandoffNotFoundError)
    assert (await talk.status()) == ("with_agent" if accepted else "with_assistant")
    told = [message.response for message in await talk.messages()]
    assert ("handoff_withdrawn" in told) is not accepted


async def test_what_an_agent_sent_counts_as_sent_after_the_conversation_was_passed_on(desk: Desk) -> None:
    sanne, emma = await desk.hire("Sanne"), await desk.hire("Emma")
    talk = await desk.accepted(sanne)
    own_id = uuid4()
    await desk.handoffs.record_agent_message(talk.id, sanne.id, "Hoi!", client_message_id=own_id)
    await desk.handoffs.transfer_to_agent(talk.id, sanne.id, emma.id)

    again = await desk.handoffs.record_agent_message(talk.id, sanne.id, "Hoi!", client_message_id=own_id)

    assert again.duplicate
    assert (await talk.texts()).count("Hoi!") == 1


async def test_a_button_that_was_pressed_before_the_end_still_gets_its_promise(desk: Desk) -> None:
    sanne = await desk.hire()
    talk = await desk.accepted(sanne)
    button = next(
        each
        for message in await talk.messages()
        for each in message.buttons
        if each.title == "Bericht achterlaten"
    )
    assert button.id is not None
    await desk.conversations.record_button_press(talk.id, button.id, client_message_id=uuid4())
    await desk.handoffs.resolve(talk.id, sanne.id, ResolutionCode.SOLVED)

    desk.turns.submit(talk.id)
    await desk.turns.wait_until_idle()

    assert await desk.conversations.find_pending_turn(talk.id) is None
    assert (await desk.handoffs.get_open(talk.id)).state is HandoffState.PROMISED
    assert await talk.status() == "with_assistant"


async def test_a_promise_that_is_made_anew_is_not_given_up_for_the_old_one(
    desk: Desk, store: WatchedUnitOfWork
) -> None:
    await desk.hire()
    talk = await desk.waiting()
    await talk.press("Bericht achterlaten")
    desk.clock.now += PROMISES_KEPT_FOR + timedelta(days=1)

    await keep_while(desk, store, lambda: talk.press("Bericht achterlaten"))

    handoff = await desk.handoffs.get_open(talk.id)
    assert handoff.state is HandoffState.PROMISED
    assert handoff.promised_at is not None
    assert handoff.promised_at > desk.clock.now


async def test_an_offer_that_was_made_anew_does_not_lapse_for_the_old_one(
    desk: Desk, store: WatchedUnitOfWork
) -> None:
    for name in ("Sanne", "Emma"):
        await desk.hire(name)
    talk = await desk.waiting()
    await desk.keeper.keep()
    desk.later(seconds=46)

    async def another_keeper() -> None:
        await desk.keeper.keep()
        await desk.keeper.keep()

    await keep_while(desk, store, another_keeper)

    handoff = await desk.handoffs.get_open(talk.id)
    assert (await steps_of(desk, talk)) == [Step.REQUEST, Step.OFFER, Step.LAPSE, Step.OFFER]
    assert handoff.offer_expires_at == desk.clock.now + timedelta(seconds=45)


async def test_a_colleague_who_has_just_taken_over_does_not_lose_the_customer_of_who_is_gone(
    desk: Desk, store: WatchedUnitOfWork
) -> None:
    sanne, ruben = await desk.hire("Sanne"), await desk.hire("Ruben")
    talk = await _left_alone(desk, sanne)

    await keep_while(desk, store, lambda: desk.handoffs.take_over(talk.id, ruben.id))

    assert (await desk.handoffs.get_open(talk.id)).agent_id == ruben.id
    assert Step.LOSE_AGENT not in await steps_of(desk, talk)


async def test_whoever_is_answered_at_last_does_not_hear_that_it_takes_longer(
    desk: Desk, store: WatchedUnitOfWork
) -> None:
    sanne = await desk.hire()
    talk = await desk.waiting()
    await desk.agents.set_presence(sanne.id, Presence.AWAY)
    desk.later(minutes=4)

    await keep_while(desk, store, lambda: desk.handoffs.accept(talk.id, sanne.id))

    assert "handoff_still_waiting" not in [message.response for message in await talk.messages()]


async def _left_alone(desk: Desk, agent: AgentView) -> Talk:
    """A customer whose agent went offline without an answer."""
    talk = await desk.accepted(agent)
    await talk.say("bent u er?")
    await desk.agents.set_presence(agent.id, Presence.OFFLINE)
    desk.clock.now += AGENT_MAY_BE_GONE
    return talk
