"""Nothing is lost and nothing is doubled, whatever breaks: calls, events, answers, our own process."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from balie.conversations.status import ConversationStatus
from tests.support.chatwoot import Conversation
from tests.support.elsewhere import Elsewhere, elsewhere, reply
from tests.support.store import copy_database

STRIDE = 13
"""Each step is a story of half a second: not every one is tried, but every kind of step is met."""

EXPECTED = ["U zei: Waar is mijn pakket?", "U zei: Een mens graag", "Ik help je.", "U zei: Nog iets"]


async def run_a_whole_story(house: Elsewhere) -> Conversation:
    """Question, handoff, an agent's answer, the end, and a question afterwards."""
    there = house.chatwoot.open()
    house.chatwoot.customer_says(there, "Waar is mijn pakket?")
    await house.run()
    house.chatwoot.customer_says(there, "Een mens graag")
    await house.run()
    conversation_id = await house.of(there.id)
    await house.handoffs.request(conversation_id, "chatwoot")
    await house.run()
    house.chatwoot.agent_takes(there)
    house.chatwoot.agent_writes(there, "Ik help je.")
    await house.run()
    house.chatwoot.agent_resolves(there)
    await house.run()
    house.chatwoot.customer_says(there, "Nog iets")
    await house.run()
    return there


async def test_the_story_without_any_trouble(house: Elsewhere) -> None:
    there = await run_a_whole_story(house)

    assert there.said_to_customer() == EXPECTED
    assert len(there.notes()) == 1
    assert house.chatwoot.opened_by_error == 0


@pytest.mark.parametrize(("first_step", "read_token"), [(0, ""), (6, "an agent's token")])
async def test_killed_at_any_step_nothing_is_lost_and_nothing_doubled(
    tmp_path: Path, first_step: int, read_token: str
) -> None:
    step, died = first_step, True
    while died:
        folder = tmp_path / str(step)
        folder.mkdir()
        database_url = copy_database(folder)
        async with elsewhere(database_url, chatwoot_read_token=read_token) as house:
            house.mortal.steps_left = step
            there = await run_a_whole_story(house)
            died = house.mortal.deaths > 0

            assert there.said_to_customer() == EXPECTED, step
            assert len(there.notes()) == 1, step
            assert house.chatwoot.opened_by_error == 0, step
            texts = await house.texts(await house.of(there.id))
            assert [text for author, text in texts if author != "customer"] == EXPECTED, step
        step += STRIDE


@pytest.mark.parametrize("trouble", ["429", "500", "500 after", "lost after", "unreachable"])
async def test_a_call_that_fails_is_made_again_and_done_once(house: Elsewhere, trouble: str) -> None:
    there = house.chatwoot.open()
    house.turns.replies = (reply("Eerst."), reply("Dan."), reply("Tot slot."))
    house.chatwoot.customer_says(there, "Hoi")
    house.chatwoot.troubles = [trouble, "fine", trouble, trouble]

    for _ in range(6):
        await house.run()
        house.clock.advance(timedelta(minutes=6))

    assert there.said_to_customer() == ["Eerst.", "Dan.", "Tot slot."]


async def test_a_message_whose_echo_is_lost_too_is_looked_up(house: Elsewhere) -> None:
    there = house.chatwoot.open()
    house.chatwoot.customer_says(there, "Hoi")
    house.chatwoot.troubles = ["lost after"]
    await house.chatwoot.deliver()
    await house.dispatcher.make_round()
    await house.turns.answer()
    await house.dispatcher.make_round()
    house.chatwoot.lose_events()
    house.clock.advance(timedelta(minutes=6))

    await house.run()

    assert there.said_to_customer() == ["U zei: Hoi"]


async def test_one_conversation_in_trouble_holds_up_no_other(house: Elsewhere) -> None:
    broken, fine = house.chatwoot.open(), house.chatwoot.open()
    house.chatwoot.customer_says(broken, "Een")
    house.chatwoot.troubles = ["500"]
    await house.run()
    house.chatwoot.customer_says(fine, "Twee")

    await house.run()

    assert (broken.said_to_customer(), fine.said_to_customer()) == ([], ["U zei: Twee"])


async def test_what_chatwoot_never_takes_holds_up_nothing(house: Elsewhere) -> None:
    there = house.chatwoot.open()
    house.turns.replies = (reply("Weg."), reply("Komt aan."))
    house.chatwoot.customer_says(there, "Hoi")
    house.chatwoot.troubles = ["404"]

    await house.run()

    assert there.said_to_customer() == ["Komt aan."]


async def test_events_in_any_order_and_doubled_lead_to_the_same_owner(house: Elsewhere) -> None:
    there = house.chatwoot.open()
    house.chatwoot.customer_says(there, "Hoi")
    await house.run()
    await house.handoffs.request(await house.of(there.id), "chatwoot")
    await house.dispatcher.settle()
    house.chatwoot.agent_takes(there)
    house.chatwoot.agent_writes(there, "Ik ben er.")
    house.chatwoot.customer_says(there, "Fijn")
    events = list(house.chatwoot.outbox)

    await house.chatwoot.deliver(*reversed(events), *events)
    await house.run()

    texts = await house.texts(await house.of(there.id))
    assert await house.status(await house.of(there.id)) is ConversationStatus.WITH_AGENT
    assert sorted(text for _, text in texts) == ["Fijn", "Hoi", "Ik ben er.", "U zei: Hoi"]


async def test_an_event_that_cannot_be_read_stops_nobody(house: Elsewhere) -> None:
    there = house.chatwoot.open()
    broken = house.chatwoot.customer_says(there, "Kapot")
    broken["message_type"] = {"no": "type"}
    house.chatwoot.customer_says(there, "Heel")

    statuses = await house.chatwoot.deliver()
    await house.run()

    assert statuses == [200, 200]
    assert there.said_to_customer() == ["U zei: Heel"]


async def test_while_the_database_is_locked_chatwoot_is_asked_to_try_again(house: Elsewhere) -> None:
    there = house.chatwoot.open()
    event = house.chatwoot.customer_says(there, "Hoi")
    house.breakable.is_down = True

    answer = await house.http.post("/hooks/chatwoot/a-path-that-nobody-guesses-0123456789", json=event)
    house.breakable.is_down = False
    await house.run()

    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "store_unavailable"
    assert there.said_to_customer() == ["U zei: Hoi"]


async def test_the_loop_answers_by_itself_and_stops_when_told(house: Elsewhere) -> None:
    there = house.chatwoot.open()
    house.dispatcher.start()
    house.chatwoot.customer_says(there, "Hoi")
    await house.chatwoot.deliver()
    async with asyncio.timeout(10):
        await house.turns.submitted.wait()
        await house.turns.answer()
        await house.chatwoot.called.wait()

    await house.dispatcher.stop(timedelta(seconds=1))

    assert there.said_to_customer() == ["U zei: Hoi"]
