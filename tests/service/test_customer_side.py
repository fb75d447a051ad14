"""What customers see of agents: their place, who has the conversation, what was read; and nothing else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from balie.conversations.views import Author
from balie.gateway.desk_hub import Pace
from balie.gateway.schemas import MessageList
from balie.handoff.promising import let_help, withdraw
from balie.handoff.waiting import Observation
from tests.service.test_live import Socket
from tests.support.desk import AtDesk, at_desk, id_of, waiting
from tests.support.gateway import Balie, Customer, balie_with, on_a_port


@pytest.fixture
async def address(balie: Balie) -> AsyncIterator[str]:
    async with on_a_port(balie) as address:
        yield address


@pytest.fixture
async def sanne(balie: Balie) -> AsyncIterator[AtDesk]:
    async with at_desk(balie, "Sanne") as desk:
        yield desk


async def later(balie: Balie) -> Customer:
    """One more customer who waits, a little after the others."""
    balie.clock.advance(timedelta(seconds=1))
    return await waiting(balie)


async def test_somebody_who_waits_sees_their_place(balie: Balie) -> None:
    first, second = [await later(balie) for _ in range(2)]

    pages = [MessageList.model_validate(await each.read()) for each in (first, second)]

    assert [page.queue.position for page in pages if page.queue is not None] == [1, 2]
    assert {page.status for page in pages} == {"waiting_for_agent"}
    assert [page.agent for page in pages] == [None, None]


async def test_a_place_moves_up_as_others_leave_and_everybody_hears_of_it(
    balie: Balie, address: str, sanne: AtDesk
) -> None:
    first, second, third = [await later(balie) for _ in range(3)]
    async with Socket.of(third, address) as page:
        told = (await page.events_until("status"))[-1]
        assert told["queue"] == {"position": 3, "wait": None}

        await sanne.accept(first)
        assert (await page.events_until("status"))[-1]["queue"]["position"] == 2
        await balie.keeping.take(lambda book: withdraw(book, id_of(second)))
        balie.conversations.bell.ring(id_of(second))
        assert (await page.events_until("status"))[-1]["queue"]["position"] == 1


async def test_the_expected_wait_is_told_again_now_and_then(database_url: str, static_dir: Path) -> None:
    pace = Pace(between=timedelta(), alone=timedelta(), refresh=timedelta(milliseconds=20))
    async with (
        balie_with(database_url, static_dir=static_dir, pace=pace) as balie,
        on_a_port(balie) as address,
    ):
        customer = await waiting(balie)
        async with Socket.of(customer, address) as page:
            assert (await page.events_until("status"))[-1]["queue"]["wait"] is None

            seen = Observation(balie.clock(), timedelta(minutes=8))
            balie.keeping.tools.experience.observed = {"service": [seen] * 20}

            told = (await page.events_until("status"))[-1]["queue"]
            assert told == {"position": 1, "wait": {"from_minutes": 6, "to_minutes": 10}}


async def test_a_customer_sees_who_has_the_conversation_and_what_they_have_read(
    balie: Balie, address: str, sanne: AtDesk
) -> None:
    customer = await waiting(balie)
    async with Socket.of(customer, address) as page:
        await page.events_until("status")
        await sanne.accept(customer)

        told = (await page.events_until("status", status="with_agent"))[-1]
        assert (told["agent"], told["queue"], told["read"]) == ({"name": "Sanne"}, None, {"agent": 0})
        await sanne.http.put(f"/conversations/{customer.id}/read", json={"sequence": 1})
        assert (await page.events_until("status"))[-1]["read"] == {"agent": 1}
        await sanne.write(customer, "Goedemiddag!")
        message = (await page.events_until("message"))[-1]["message"]
        assert (message["author"], message["agent"]) == ("agent", {"name": "Sanne"})
        await sanne.step(customer, "return")
        told = (await page.events_until("status", status="with_assistant"))[-1]
        assert told["agent"] is None


async def test_that_the_assistant_helps_meanwhile_is_told(balie: Balie) -> None:
    customer = await waiting(balie)
    assert (await customer.read())["assistant_helps"] is False

    await balie.keeping.take(lambda book: let_help(book, id_of(customer)))

    assert (await customer.read())["assistant_helps"] is True


async def test_what_the_customer_has_read_is_kept_and_never_goes_back(balie: Balie) -> None:
    customer = await waiting(balie)
    for sequence, status in ((1, 204), (0, 204), (7, 204), (-1, 422)):
        answer = await balie.http.put(
            f"{customer.path}/read", json={"sequence": sequence}, headers=customer.headers
        )
        assert answer.status_code == status

    page = await balie.conversations.list_messages(id_of(customer))
    assert (page.customer_read, page.agent_read) == (1, 0)
    other = await balie.open()
    refused = await balie.http.put(f"{customer.path}/read", json={"sequence": 1}, headers=other.headers)
    assert refused.status_code == 404


async def test_ordinary_turns_ask_nothing_about_agents(balie: Balie, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> None:
        raise AssertionError("nobody is waited for")

    desk = balie.app.state.services.desk
    monkeypatch.setattr(desk.board, "find_standing", never)
    monkeypatch.setattr(desk.agents, "list_agents", never)
    customer = await balie.open()
    await customer.say("hoi")
    await balie.turns.wait_until_idle()

    told = await customer.read()

    assert (told["queue"], told["agent"], told["read"], told["assistant_helps"]) == (
        None,
        None,
        {"agent": 0},
        False,
    )


async def test_customers_see_no_notes_moods_or_intents(balie: Balie, address: str, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    async with Socket.of(customer, address) as page:
        await page.events_until("status")
        await sanne.note(customer, "GEHEIM")
        await customer.say("Fijn")
        await balie.turns.wait_until_idle()
        await page.send({"type": "ping"})
        heard = json.dumps(await page.events_until("pong"))

    shown = await customer.read()
    fields = {field for message in shown["messages"] for field in message}
    assert fields <= {
        "id", "sequence", "author", "text", "language", "buttons", "photos", "cards", "created_at",
        "edited_at", "client_message_id", "agent",
    }  # fmt: skip
    assert set(shown) == {
        "messages", "last_sequence", "status", "language", "queue", "agent", "read", "assistant_helps",
        "continues_in",
    }  # fmt: skip
    for secret in ("GEHEIM", "emotion", "intent", "note", sanne.agent.email, sanne.agent.name):
        assert secret not in heard + json.dumps(shown)


async def test_typing_of_a_customer_who_is_with_the_assistant_goes_nowhere(
    balie: Balie, address: str
) -> None:
    customer = await balie.open()
    with balie.conversations.bell.watching() as watcher:
        async with Socket.of(customer, address) as page:
            await page.events_until("status")
            await page.send({"type": "typing", "active": True})
            await page.send({"type": "ping"})
            await page.events_until("pong")
        watcher.wake()
        assert not (await watcher.next_changes()).typing


async def test_typing_of_an_agent_reaches_every_tab(balie: Balie, address: str, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    async with Socket.of(customer, address) as one, Socket.of(customer, address) as other:
        for page in (one, other):
            await page.events_until("status")
        balie.conversations.bell.show_typing(id_of(customer), active=True, author=Author.AGENT)
        for page in (one, other):
            assert (await page.events_until("typing"))[-1]["author"] == "agent"


async def test_a_renamed_or_unknown_agent_breaks_no_page(balie: Balie, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    await sanne.write(customer, "Dag", client_message_id=str(uuid4()))
    await balie.agents.deactivate(sanne.agent.id)

    assert (await customer.read())["messages"][-1]["agent"] == {"name": "Sanne"}
