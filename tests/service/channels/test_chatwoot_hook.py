"""The address that Chatwoot sends events to: who may use it, what it takes, how fast it answers."""

from __future__ import annotations

import asyncio
import socket
import statistics
import time
from typing import Any

import pytest
from pydantic import ValidationError

from balie.channels.chatwoot.checking import check_chatwoot
from balie.conversations.status import ConversationStatus
from balie.gateway.middleware import MAX_HOOK_BYTES
from balie.gateway.server import bind
from balie.settings import Settings
from tests.support.elsewhere import PATH_SECRET, Elsewhere, elsewhere

PATH = f"/hooks/chatwoot/{PATH_SECRET}"


@pytest.mark.parametrize("secret", ["wrong", PATH_SECRET[:-1], PATH_SECRET + "x", "%00", "é"])
async def test_who_does_not_know_the_address_finds_nothing(house: Elsewhere, secret: str) -> None:
    answer = await house.http.post(f"/hooks/chatwoot/{secret}", json={"event": "message_created", "id": 1})

    assert answer.status_code == 404


async def test_without_chatwoot_there_is_no_such_address(database_url: str) -> None:
    async with elsewhere(database_url, chatwoot_url="") as house:
        answer = await house.http.post(PATH, json={"event": "message_created", "id": 1})

    assert answer.status_code == 404


@pytest.mark.parametrize(("networks", "status"), [(["127.0.0.0/8"], 200), (["10.1.0.0/16"], 404)])
async def test_events_may_be_bound_to_networks(database_url: str, networks: list[str], status: int) -> None:
    async with elsewhere(database_url, chatwoot_addresses=networks) as house:
        event = house.chatwoot.customer_says(house.chatwoot.open(), "Hoi")

        assert (await house.http.post(PATH, json=event)).status_code == status


@pytest.mark.parametrize(
    "content", [b"", b"no json", b"[]", b'"x"', b"{}", b'{"event": 5}', b"[" * 50_000, b"\xff\xfe"], ids=repr
)
async def test_garbage_is_refused_and_stored_nowhere(house: Elsewhere, content: bytes) -> None:
    answer = await house.http.post(PATH, content=content)

    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "desk_event_invalid"
    assert await house.dispatcher.make_round() == 0


async def test_an_event_that_is_too_large_is_refused(house: Elsewhere) -> None:
    answer = await house.http.post(PATH, content=b"x" * (MAX_HOOK_BYTES + 1))

    assert answer.status_code == 413


async def test_events_of_another_account_and_unknown_ones_are_none_of_ours(house: Elsewhere) -> None:
    event = house.chatwoot.customer_says(house.chatwoot.open(), "Hoi")
    answers = [
        await house.http.post(PATH, json={**event, "account": {"id": 99}}),
        await house.http.post(PATH, json={**event, "event": "contact_created"}),
    ]

    assert [answer.json() for answer in answers] == [{"stored": False}] * 2
    assert await house.dispatcher.make_round() == 0


async def test_what_was_said_is_forgotten_once_it_is_done(house: Elsewhere) -> None:
    event = house.chatwoot.customer_says(house.chatwoot.open(), "Hoi")
    await house.run()

    again = await house.http.post(PATH, json=event)

    assert again.json() == {"stored": False}
    bodies = await house.breakable.run_reading(
        lambda c: c.exec_driver_sql("SELECT body FROM channel_events").scalars().all()
    )
    assert set(bodies) == {"{}"}


async def test_chatwoot_is_answered_at_once_while_the_assistant_takes_its_time(house: Elsewhere) -> None:
    """The figure itself is measured by benchmarks/chatwoot.py, over a real socket."""
    there = [house.chatwoot.open() for _ in range(40)]
    slow = asyncio.create_task(asyncio.Event().wait())  # an assistant that never answers
    times_s = []
    for conversation in there:
        event = house.chatwoot.customer_says(conversation, "Waar is mijn pakket?")
        started = time.perf_counter()
        assert await house.chatwoot.deliver(event) == [200]
        times_s.append(time.perf_counter() - started)
        await house.dispatcher.make_round()  # it goes on: turns wait, nobody answers them
    slow.cancel()

    assert statistics.median(times_s) < 0.1
    assert house.chatwoot.opened_by_error == 0
    assert {conversation.status for conversation in there} == {"pending"}
    assert await house.status(await house.of(there[0].id)) is ConversationStatus.WITH_ASSISTANT


async def test_an_answer_that_comes_too_late_opens_the_conversation_and_we_take_it_back(
    house: Elsewhere,
) -> None:
    there = house.chatwoot.open()
    house.chatwoot.patience_s = 0.01
    bring, gate = house.chatwoot.hand_in, asyncio.Event()
    assert bring is not None

    async def too_slow(event: dict[str, Any]) -> int:
        await gate.wait()
        return await bring(event)

    house.chatwoot.hand_in = too_slow
    event = house.chatwoot.customer_says(there, "Hoi")
    await house.chatwoot.deliver(event)
    opened, house.chatwoot.hand_in = there.status, bring
    await house.run()
    house.chatwoot.customer_says(there, "Hallo?")
    await house.run()

    assert opened == "open"
    assert house.chatwoot.opened_by_error == 1
    assert there.status == "pending"
    assert there.said_to_customer() == ["U zei: Hallo?"]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"chatwoot_url": "http://c.example"}, "chatwoot_account"),
        ({"chatwoot_url": "c.example"}, "http"),
        ({"chatwoot_addresses": "10.0.0.0/99"}, "10.0.0.0/99"),
        ({"chatwoot_secret": "short"}, "32"),
        ({"webhook_desk_url": "https://d.example"}, "webhook_desk_secret"),
    ],
)
def test_half_a_set_up_stops_the_start(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Settings(**given)


def test_teams_and_networks_are_lists_by_commas() -> None:
    settings = Settings(chatwoot_teams="service=3, returns=4", chatwoot_addresses="10.0.0.0/8, ::1")  # type: ignore[arg-type]

    assert settings.chatwoot_teams == {"service": 3, "returns": 4}
    assert settings.chatwoot_addresses == ["10.0.0.0/8", "::1"]


async def test_the_check_sees_what_would_go_wrong(house: Elsewhere) -> None:
    client = house.chatwoot_client()
    house.chatwoot.inboxes = [
        {"id": 4, "name": "Website", "working_hours_enabled": True, "out_of_office_message": "Closed"}
    ]
    house.chatwoot.settings = {"keep_pending_on_bot_failure": False}
    bad = await check_chatwoot(client)
    house.chatwoot.inboxes[0]["out_of_office_message"] = ""
    house.chatwoot.settings = {"keep_pending_on_bot_failure": True}
    good = await check_chatwoot(client)

    assert [remark.is_good for remark in bad] == [True, False, False]
    assert [remark.is_good for remark in good] == [True, True, True]


async def test_the_check_says_when_the_token_is_wrong(house: Elsewhere) -> None:
    [remark] = await check_chatwoot(house.chatwoot_client(token="wrong"))

    assert (remark.is_good, remark.advice) == (False, "BALIE_CHATWOOT_TOKEN")


def test_small_answers_leave_at_once() -> None:
    """Asyncio switches Nagle's algorithm off only for sockets that name their protocol."""
    with bind("127.0.0.1", 0, setting="-") as listening:
        assert listening.proto == socket.IPPROTO_TCP
