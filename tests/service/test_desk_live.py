"""The desk's live socket, over a real port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from websockets.exceptions import InvalidStatus

from balie.agents.kinds import Presence, Role
from balie.agents.views import AgentChanges
from balie.gateway import desk_live
from balie.gateway.desk_hub import Pace
from balie.gateway.desk_watching import MOST_WATCHED
from tests.service.test_live import Socket
from tests.support.agents import add_agent
from tests.support.desk import AtDesk, DeskSocket, at_desk, id_of, waiting
from tests.support.gateway import Balie, Customer, balie_with, on_a_port


@pytest.fixture
async def address(balie: Balie) -> AsyncIterator[str]:
    async with on_a_port(balie) as address:
        yield address


@pytest.fixture
async def sanne(balie: Balie) -> AsyncIterator[AtDesk]:
    async with at_desk(balie, "Sanne") as desk:
        yield desk


@pytest.fixture
async def ruben(balie: Balie) -> AsyncIterator[AtDesk]:
    async with at_desk(balie, "Ruben") as desk:
        yield desk


def said(events: list[dict[str, Any]]) -> list[int]:
    return [event["message"]["sequence"] for event in events if event["type"] == "message"]


async def until(is_so: Callable[[], Any]) -> None:
    """Lets everything run until something is so."""
    async with asyncio.timeout(5):
        while not await is_so():  # noqa: ASYNC110 (nobody tells)
            await asyncio.sleep(0)


async def test_a_desk_is_told_at_once_what_waits_what_it_has_and_who_is_there(
    balie: Balie, address: str, sanne: AtDesk
) -> None:
    mine, queued = await waiting(balie), await waiting(balie)
    await sanne.accept(mine)

    async with DeskSocket.of(sanne.token, address) as socket:
        assert socket.subprotocol == "balie.desk.v1"
        events = {event["type"]: event for event in await socket.until("mine")}

    assert [item["conversation_id"] for item in events["queue"]["items"]] == [queued.id]
    assert (events["queue"]["waiting"], events["queue"]["items"][0]["waited_s"]) == (1, 0)
    assert [item["conversation_id"] for item in events["mine"]["items"]] == [mine.id]
    assert events["presence"]["agents"] == [
        {"id": sanne.agent.id, "display_name": "Sanne", "presence": "online", "teams": ["service"]}
    ]


async def test_the_queue_moves_for_everybody_when_one_takes_a_customer(
    balie: Balie, address: str, sanne: AtDesk, ruben: AtDesk
) -> None:
    async with DeskSocket.of(sanne.token, address) as one, DeskSocket.of(ruben.token, address) as other:
        customer = await waiting(balie)
        await one.list_of("queue", customer)
        await other.list_of("queue", customer)

        await sanne.accept(customer)

        await other.list_of("queue")
        await one.list_of("mine", customer)
        assert "mine" not in [event["type"] for event in await other.settle()]


async def test_nothing_new_is_not_told(balie: Balie, address: str, sanne: AtDesk) -> None:
    async with DeskSocket.of(sanne.token, address) as socket:
        await socket.until("mine")
        ordinary = await balie.open()
        await ordinary.say("hoi")
        await balie.turns.wait_until_idle()

        assert await socket.settle() == []


async def test_an_offer_is_told_to_whom_it_is_made(
    balie: Balie, address: str, sanne: AtDesk, ruben: AtDesk
) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    async with DeskSocket.of(ruben.token, address) as socket:
        await socket.until("mine")

        await sanne.step(customer, "transfer", agent_id=ruben.agent.id)

        offer = (await socket.until("offer"))[-1]["item"]
        assert (offer["conversation_id"], offer["offered_to"]) == (customer.id, ruben.agent.id)
        assert offer["offer_expires_at"] == (balie.clock() + timedelta(seconds=45)).isoformat()
        await ruben.accept(customer)
        assert "offer" not in [event["type"] for event in await socket.until("mine")]


async def test_what_is_watched_is_told_from_a_message_on(balie: Balie, address: str, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    async with DeskSocket.of(sanne.token, address) as socket:
        await socket.watch(**{customer.id: 1})
        assert said(await socket.until("conversation")) == [2]

        await customer.say("Bent u daar?")
        (event,) = [e for e in await socket.until("message") if e["type"] == "message"]
        assert (event["conversation_id"], event["message"]["text"]) == (customer.id, "Bent u daar?")
        await sanne.write(customer, "Ja hoor.")
        answer = (await socket.until("message"))[-1]["message"]
        assert answer["agent"] == {"id": sanne.agent.id, "display_name": "Sanne"}
        await sanne.note(customer, "Klinkt haastig.")
        assert (await socket.until("note"))[-1]["note"]["text"] == "Klinkt haastig."


async def test_over_many_reconnects_nothing_is_lost_or_doubled(
    balie: Balie, address: str, sanne: AtDesk
) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    seen: list[int] = []

    async def talk() -> None:
        for number in range(15):
            await customer.say(f"vraag {number}")
            await sanne.write(customer, f"antwoord {number}")

    talking = asyncio.create_task(talk())
    while len(seen) < 32:
        async with DeskSocket.of(sanne.token, address) as socket:
            await socket.watch(**{customer.id: seen[-1] if seen else 0})
            for _ in range(4):
                seen += said(await socket.until("message"))
                if len(seen) == 32:
                    break
    await talking

    assert seen == list(range(1, 33))


async def test_two_tabs_hear_the_same_and_watching_again_doubles_nothing(
    balie: Balie, address: str, sanne: AtDesk
) -> None:
    customer, other = await waiting(balie), await waiting(balie)
    await sanne.accept(customer)
    await sanne.accept(other)
    async with DeskSocket.of(sanne.token, address) as one, DeskSocket.of(sanne.token, address) as two:
        for socket in (one, two):
            await socket.watch(**{customer.id: 2})
            await socket.until("conversation")
        await one.watch(**{customer.id: 0, other.id: 2})
        await one.until("conversation", number=2)

        await customer.say("hallo?")

        for socket in (one, two):
            assert said(await socket.until("message")) == [3]
        assert said(await one.settle()) == []


async def test_somebody_elses_conversation_cannot_be_watched(
    balie: Balie, address: str, sanne: AtDesk, ruben: AtDesk
) -> None:
    customer = await waiting(balie)
    await ruben.accept(customer)
    nobody = Customer(balie, str(uuid4()), "")
    async with DeskSocket.of(sanne.token, address) as socket:
        for unseen in (customer, nobody):
            await socket.watch(**{unseen.id: 0})
            events = await socket.until("error")
            assert (said(events), events[-1]["error"]["code"]) == ([], "conversation_not_found")
        await customer.say("geheim")
        await balie.turns.wait_until_idle()
        assert said(await socket.settle()) == []


async def test_whoever_loses_a_conversation_learns_to_whom_and_hears_no_more(
    balie: Balie, address: str, sanne: AtDesk
) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    async with AsyncExitStack() as stack:
        lead = await stack.enter_async_context(at_desk(balie, "Fatima", role=Role.LEAD))
        socket = await stack.enter_async_context(DeskSocket.of(sanne.token, address))
        await socket.list_of("mine", customer)
        await socket.watch(**{customer.id: 2})
        await socket.until("conversation")

        await lead.step(customer, "take-over")

        told = (await socket.until("conversation"))[-1]
        while told["item"]["agent"]["display_name"] != "Fatima":
            told = (await socket.until("conversation"))[-1]
        assert told["item"]["last_text"] is None
        await customer.say("Mijn pincode is 1234")
        await balie.turns.wait_until_idle()
        assert "1234" not in str(await socket.settle())


async def test_a_lead_who_only_watches_is_noted_too(balie: Balie, address: str, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    async with AsyncExitStack() as stack:
        lead = await stack.enter_async_context(at_desk(balie, "Fatima", role=Role.LEAD))
        socket = await stack.enter_async_context(DeskSocket.of(lead.token, address))
        await socket.watch(**{customer.id: 0})
        await socket.until("message")
        await socket.settle()

    notes = (await sanne.page(customer))["notes"]
    assert [note["agent"]["display_name"] for note in notes] == ["Fatima"]


async def test_a_conversation_that_ends_is_told_once_more(balie: Balie, address: str, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    async with DeskSocket.of(sanne.token, address) as socket:
        await socket.watch(**{customer.id: 2})
        await socket.until("conversation")

        await sanne.step(customer, "resolve", code="solved")

        while (event := (await socket.until("conversation"))[-1])["item"]["state"] != "resolved":
            pass
        assert (event["number"], event["item"]["code"]) == (3, "solved")


async def test_typing_goes_both_ways_and_only_between_those_who_talk(
    balie: Balie, address: str, sanne: AtDesk, ruben: AtDesk
) -> None:
    customer = await waiting(balie)
    async with (
        DeskSocket.of(sanne.token, address) as hers,
        DeskSocket.of(ruben.token, address) as his,
        Socket.of(customer, address) as page,
    ):
        await page.events_until("status")
        await sanne.accept(customer)
        await hers.list_of("mine", customer)
        await page.events_until("status", status="with_agent")
        await hers.watch(**{customer.id: 2})
        await hers.until("conversation")

        await page.send({"type": "typing", "active": True})
        assert (await hers.until("typing"))[-1] == {
            "type": "typing",
            "conversation_id": customer.id,
            "active": True,
            "author": "customer",
        }
        await his.send({"type": "typing", "conversation_id": customer.id, "active": True})
        await his.settle()
        await hers.send({"type": "typing", "conversation_id": customer.id, "active": True})
        assert await page.next_event() == {"type": "typing", "author": "agent", "active": True}
        await sanne.write(customer, "Daar ben ik.")
        events = await page.events_until("typing", active=False)
        assert [event["type"] for event in events if event["type"] != "status"] == ["message", "typing"]
        assert "typing" not in [event["type"] for event in await his.settle()]


async def test_a_page_that_goes_leaves_no_typing_behind(balie: Balie, address: str, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    async with Socket.of(customer, address) as page:
        await page.events_until("status")
        async with DeskSocket.of(sanne.token, address) as hers:
            await hers.list_of("mine", customer)
            await hers.watch(**{customer.id: 2})
            await hers.send({"type": "typing", "conversation_id": customer.id, "active": True})
            await page.events_until("typing", active=True)
            async with Socket.of(customer, address) as other_tab:
                await other_tab.events_until("status")
                await other_tab.send({"type": "typing", "active": True})
                await hers.until("typing", active=True)
            await hers.until("typing", active=False)
        await page.events_until("typing", active=False)


async def test_reading_is_told(balie: Balie, address: str, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    async with DeskSocket.of(sanne.token, address) as socket:
        await socket.watch(**{customer.id: 2})
        await socket.until("read", customer=0, agent=0)

        await balie.http.put(f"{customer.path}/read", json={"sequence": 2}, headers=customer.headers)
        await socket.until("read", customer=2, agent=0)
        await sanne.http.put(f"/conversations/{customer.id}/read", json={"sequence": 1})
        await socket.until("read", customer=2, agent=1)


async def test_who_comes_and_goes_is_told(balie: Balie, address: str, sanne: AtDesk, ruben: AtDesk) -> None:
    async with DeskSocket.of(sanne.token, address) as socket:
        await socket.until("mine")

        await ruben.http.put("/session/presence", json={"presence": "away"})

        agents = (await socket.until("presence"))[-1]["agents"]
        assert [agent["presence"] for agent in agents] == ["online", "away"]


async def test_a_closed_desk_is_offline_after_a_while_and_an_open_one_is_not(
    database_url: str, static_dir: Path
) -> None:
    pace = Pace(between=timedelta(), alone=timedelta(), absence=timedelta())
    async with (
        balie_with(database_url, static_dir=static_dir, pace=pace) as balie,
        on_a_port(balie) as address,
        at_desk(balie, "Sanne") as sanne,
    ):

        async def is_offline() -> bool:
            return (await balie.agents.get_agent(sanne.agent.id)).presence is Presence.OFFLINE

        async with DeskSocket.of(sanne.token, address) as one:
            await one.until("mine")
            async with DeskSocket.of(sanne.token, address) as two:
                await two.until("mine")
            await one.settle()
            assert not await is_offline()
        await until(is_offline)

        async def is_back() -> bool:
            return (await balie.agents.get_agent(sanne.agent.id)).presence is Presence.ONLINE

        async with DeskSocket.of(sanne.token, address):
            await until(is_back)


async def test_whoever_is_away_stays_away(database_url: str, static_dir: Path) -> None:
    pace = Pace(between=timedelta(), alone=timedelta(), absence=timedelta())
    async with (
        balie_with(database_url, static_dir=static_dir, pace=pace) as balie,
        on_a_port(balie) as address,
        at_desk(balie, "Sanne") as sanne,
        at_desk(balie, "Ruben") as ruben,
    ):
        await balie.agents.set_presence(sanne.agent.id, Presence.AWAY)
        for desk in (sanne, ruben):
            async with DeskSocket.of(desk.token, address) as socket:
                await socket.until("mine")

        async def is_gone() -> bool:
            return (await balie.agents.get_agent(ruben.agent.id)).presence is Presence.OFFLINE

        await until(is_gone)
        assert (await balie.agents.get_agent(sanne.agent.id)).presence is Presence.AWAY


async def test_without_a_session_there_is_no_desk(balie: Balie, address: str, sanne: AtDesk) -> None:
    for token in ("", "verzonnen"):
        async with DeskSocket.of(token, address) as socket:
            assert await socket.close_code() == 4401
    with pytest.raises(InvalidStatus):
        async with DeskSocket.of(sanne.token, address, origin="https://evil.example"):
            pass


async def test_a_page_of_an_allowed_shop_is_not_the_desk(database_url: str, static_dir: Path) -> None:
    shop = "https://shop.example"
    async with (
        balie_with(database_url, static_dir=static_dir, allowed_origins=[shop]) as balie,
        on_a_port(balie) as address,
        at_desk(balie, "Sanne") as sanne,
        DeskSocket.of(sanne.token, address, origin=shop) as socket,
    ):
        assert await socket.close_code() == 4401


async def test_a_session_that_is_over_closes_the_desk(
    balie: Balie, address: str, sanne: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_live, "CHECK_SESSION_EVERY", timedelta())
    async with DeskSocket.of(sanne.token, address) as socket:
        await socket.until("mine")
        await balie.agents.revoke_sessions(sanne.agent.id)
        assert await socket.close_code() == 4401


async def test_somebody_who_changes_teams_sees_another_queue_without_signing_in_again(
    balie: Balie, address: str, sanne: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_live, "CHECK_SESSION_EVERY", timedelta())
    customer = await waiting(balie, team="workshop")
    async with DeskSocket.of(sanne.token, address) as socket:
        await socket.list_of("queue")
        await balie.agents.change_agent(sanne.agent.id, AgentChanges(teams=("workshop",)))
        await socket.list_of("queue", customer)


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "null",
        "[]",
        '{"type": "watch"}',
        '{"type": "watch", "conversations": []}',
        '{"type": "watch", "conversations": {"x": 0}}',
        '{"type": "watch", "conversations": {"6f1e6a9c-0f57-4a3f-8b7e-0a4a5b0f2c11": -1}}',
        '{"type": "watch", "conversations": {"6f1e6a9c-0f57-4a3f-8b7e-0a4a5b0f2c11": true}}',
        '{"type": "typing", "conversation_id": 5, "active": true}',
        '{"type": "typing", "conversation_id": "x", "active": "ja"}',
        '{"type": "dance"}',
        "[" * 20_000,
        b"\x00\xff",
    ],
    ids=lambda garbage: repr(garbage)[:40],
)
async def test_garbage_gets_an_error_and_the_desk_stays_open(
    address: str, sanne: AtDesk, garbage: str | bytes
) -> None:
    async with DeskSocket.of(sanne.token, address) as socket:
        await socket.send(garbage)
        assert (await socket.until("error"))[-1]["error"]["code"] == "event_invalid"
        await socket.settle()


async def test_there_is_a_limit_to_what_is_watched(address: str, sanne: AtDesk) -> None:
    async with DeskSocket.of(sanne.token, address) as socket:
        await socket.watch(**{str(uuid4()): 0 for _ in range(MOST_WATCHED + 1)})
        assert (await socket.until("error"))[-1]["error"]["code"] == "event_invalid"


async def test_a_desk_survives_a_database_that_cannot_be_used_and_catches_up_by_itself(
    balie: Balie, address: str, sanne: AtDesk
) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    async with DeskSocket.of(sanne.token, address) as socket:
        await socket.watch(**{customer.id: 2})
        await socket.until("conversation")
        await customer.say("hoi")
        await balie.turns.wait_until_idle()
        await socket.until("message")

        balie.unit_of_work.is_down = True
        balie.conversations.bell.ring(id_of(customer))
        assert (await socket.until("error"))[-1]["error"]["code"] == "store_unavailable"
        balie.unit_of_work.is_down = False
        await sanne.write(customer, "Dag.")
        assert said(await socket.until("message")) == [4]


async def test_a_desk_that_takes_nothing_holds_nobody_up(
    balie: Balie, address: str, sanne: AtDesk, ruben: AtDesk
) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    await add_agent(balie.agents, "Bram")
    async with DeskSocket.of(sanne.token, address) as slow, DeskSocket.of(ruben.token, address) as quick:
        await slow.watch(**{customer.id: 0})
        for number in range(40):
            await sanne.write(customer, f"{number} " + "x" * 3000)
        fresh = await waiting(balie)
        await quick.list_of("queue", fresh)


async def test_a_message_that_a_customer_edits_is_told_once_more(
    balie: Balie, address: str, sanne: AtDesk
) -> None:
    customer, said_as = await waiting(balie), uuid4()
    await sanne.accept(customer)
    await balie.conversations.record_customer_message(
        id_of(customer), "maat 42", client_message_id=said_as, via="telegram"
    )
    sequence = (await sanne.page(customer))["last_sequence"]
    async with DeskSocket.of(sanne.token, address) as socket:
        await socket.watch(**{customer.id: sequence - 1})
        await socket.until("message")

        await balie.conversations.replace_message(id_of(customer), "maat 43", client_message_id=said_as)
        event = await socket.until("reading")

    assert (event[-1]["message"]["sequence"], event[-1]["message"]["text"]) == (sequence, "maat 43")
    assert event[-1]["message"]["edited_at"] == balie.clock().isoformat()


async def test_the_desk_shows_by_which_channel_a_customer_is_reached(balie: Balie, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    before = (await sanne.accept(customer))["heard_via"]

    await balie.conversations.record_customer_message(
        id_of(customer), "nu hier", client_message_id=uuid4(), via="telegram"
    )
    item = (await sanne.page(customer))["item"]

    assert (before, item["channel"], item["heard_via"]) == ("web_widget", "web_widget", "telegram")


async def test_a_customer_who_takes_everything_back_waits_no_longer(
    balie: Balie, address: str, sanne: AtDesk
) -> None:
    customer = await waiting(balie)
    balie.clock.advance(timedelta(minutes=1))
    other = await waiting(balie)
    async with DeskSocket.of(sanne.token, address) as socket:
        await socket.list_of("queue", customer, other)

        await balie.conversations.erase_conversation(id_of(customer))

        await socket.list_of("queue", other)
    assert (await sanne.step(customer, "accept")).status_code == 404
