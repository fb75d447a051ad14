"""Turns that end when the conversation has another owner than when they began."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from balie.handoff.kinds import ResolutionCode
from tests.support.assistants import saying
from tests.support.handoff_desk import ASKS, Desk, Talk
from tests.support.walk import Walk
from tests.support.walk_moves import Do, Turn
from tests.support.walk_store import WatchedUnitOfWork


@pytest.fixture
async def walk(engine: AsyncEngine) -> Walk:
    walk = Walk(WatchedUnitOfWork(engine))
    await walk.begin(talks=0, capacities=(3,))
    return walk


async def rated(desk: Desk, agent_id: int) -> Talk:
    talk = await desk.waiting()
    await desk.handoffs.accept(talk.id, agent_id)
    await desk.handoffs.resolve(talk.id, agent_id, ResolutionCode.SOLVED)
    return await talk.press("5 · heel goed")


async def test_small_talk_after_the_rating_does_not_end_what_was_asked_for_since(walk: Walk) -> None:
    desk = walk.desk
    talk = await rated(desk, walk.agents[0])
    await talk.say(ASKS)
    await talk.press("Help me zolang")
    desk.script.intents["fijn, dank je"] = "out_of_scope_like"
    await talk.say("fijn, dank je")

    assert await talk.status() == "waiting_for_agent"
    assert await walk.check() == []


async def test_small_talk_after_the_rating_does_not_end_what_was_promised_since(walk: Walk) -> None:
    desk = walk.desk
    talk = await rated(desk, walk.agents[0])
    await talk.say(ASKS)
    await talk.press("Bericht achterlaten")
    desk.script.intents["fijn, dank je"] = "out_of_scope_like"
    await talk.say("fijn, dank je")

    assert await talk.status() == "with_assistant"
    assert await walk.check() == []


async def test_an_answer_that_comes_after_an_agent_was_there_and_passed_it_on_is_not_said(walk: Walk) -> None:
    desk = walk.desk
    talk = await desk.waiting()
    await talk.press("Bericht achterlaten")
    walk.talks.append(talk.id)
    await desk.conversations.record_customer_message(talk.id, "hoi", client_message_id=uuid4())

    await walk.go(Turn(0, thinking=(Do("accept"), Do("to_team", agent=0, pick=0))))

    assert await talk.status() == "waiting_for_agent"
    assert "U zei: hoi" not in await talk.texts()
    assert await walk.check() == []


async def test_an_answer_that_was_thought_of_before_does_not_undo_that_it_was_given_back(walk: Walk) -> None:
    desk = walk.desk
    talk = await desk.waiting()
    await talk.press("Bericht achterlaten")
    walk.talks.append(talk.id)
    await desk.conversations.record_customer_message(talk.id, "hoi", client_message_id=uuid4())
    desk.script.answers["hoi"] = replace(saying("U zei: hoi"), slots={"pending_task": "get_refund"})

    await walk.go(Turn(0, thinking=(Do("accept"), Do("give_back"))))
    await talk.say("en nu?")

    assert desk.assistant.begun_again == [talk.id]
