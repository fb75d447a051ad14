"""A desk that is somebody else's, by signed webhooks: what it is sent, and what it may send."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from balie.channels.errors import SignatureInvalidError
from balie.channels.signed_webhooks.client import WebhookAccess, WebhookClient
from balie.channels.signed_webhooks.signing import HEADER, check_signature, sign
from balie.conversations.status import ConversationStatus
from balie.gateway.server import bind, serving
from balie.kernel.ids import ConversationId
from balie.settings import PROJECT_ROOT
from tests.support.elsewhere import DESK_SECRET, Elsewhere, elsewhere
from tests.support.store import copy_database

EVENTS = "/api/v1/desks/webhook/events"
NOW = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
RECEIVER = PROJECT_ROOT / "examples" / "webhook_desk" / "receiver.py"


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[Elsewhere]:
    async with elsewhere(database_url, webhook_desk=True) as house:
        yield house


async def asked(house: Elsewhere) -> ConversationId:
    """A customer in our widget who wants a person."""
    opened = await house.conversations.open_conversation()
    await say(house, opened.id, "Ik wil een mens")
    await house.handoffs.request(opened.id, "webhook")
    return opened.id


async def say(house: Elsewhere, conversation_id: ConversationId, text: str) -> None:
    await house.conversations.record_customer_message(conversation_id, text, client_message_id=uuid4())
    house.turns.submit(conversation_id)
    await house.turns.answer()


def event(conversation_id: UUID, number: int, kind: str, **data: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "type": kind,
        "number": number,
        "conversation_id": str(conversation_id),
        "data": data,
    }


async def send(
    house: Elsewhere, told: dict[str, Any], *, secret: str = DESK_SECRET, at: datetime | None = None
) -> httpx.Response:
    body = json.dumps(told).encode()
    headers = {HEADER: sign(secret, body, at or house.clock())}
    return await house.http.post(EVENTS, content=body, headers=headers)


# What the desk is sent.


async def test_a_handoff_comes_with_its_card_and_what_was_said(house: Elsewhere) -> None:
    conversation_id = await asked(house)

    await house.dispatcher.settle()

    [requested] = house.desk.events
    assert (requested["type"], requested["number"]) == ("handoff.requested", 1)
    assert requested["conversation_id"] == str(conversation_id)
    assert requested["data"]["card"]["quotes"][0]["text"] == "Waar is mijn pakket?"
    assert [message["text"] for message in requested["data"]["messages"]] == [
        "Ik wil een mens",
        "U zei: Ik wil een mens",
    ]


async def test_every_event_is_signed(house: Elsewhere) -> None:
    await asked(house)
    await house.dispatcher.settle()

    [(sent, signature)] = house.desk.got
    body = json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode()

    check_signature(DESK_SECRET, body, signature, house.clock())


async def test_what_the_customer_says_follows_in_order_until_it_has_ended(house: Elsewhere) -> None:
    conversation_id = await asked(house)
    await house.dispatcher.settle()
    await say(house, conversation_id, "Een")
    await say(house, conversation_id, "Twee")
    await house.dispatcher.settle()
    await house.handoffs.withdraw(conversation_id, "webhook")
    await house.dispatcher.settle()
    await say(house, conversation_id, "Weer voor de assistent")
    await house.dispatcher.settle()

    assert house.desk.kinds == [
        "handoff.requested",
        "message.created",
        "message.created",
        "handoff.withdrawn",
    ]
    assert [event["number"] for event in house.desk.events] == [1, 2, 3, 4]
    assert house.desk.events[2]["data"]["message"]["text"] == "Twee"


async def test_a_customer_who_wants_to_be_called_is_passed_on_with_the_number(house: Elsewhere) -> None:
    conversation_id = await asked(house)
    await house.dispatcher.settle()
    await house.handoffs.promise(conversation_id, "webhook", "+31612345678")
    await house.dispatcher.settle()

    promised = house.desk.events[-1]
    await say(house, conversation_id, "Bel na vijven")
    answer = await send(house, event(conversation_id, 1, "message", text="Je vroeg om een telefoontje."))

    await house.dispatcher.settle()
    accepted = house.desk.events[-1]
    assert promised["type"] == "handoff.promised"
    assert accepted["type"] == "handoff.accepted"
    assert "Bel na vijven" in [message["text"] for message in accepted["data"]["messages"]]
    assert (promised["data"]["wish"], promised["data"]["contact"]) == ("call", "+31612345678")
    assert answer.status_code == 200
    assert await house.status(conversation_id) is ConversationStatus.WITH_AGENT


async def test_what_the_desk_wrote_itself_is_not_sent_back(house: Elsewhere) -> None:
    conversation_id = await asked(house)
    await house.dispatcher.settle()
    await send(house, event(conversation_id, 1, "message", text="Hallo"))

    await house.dispatcher.settle()

    assert house.desk.kinds == ["handoff.requested"]


async def test_a_desk_that_is_down_gets_everything_later_in_order_with_the_same_ids(house: Elsewhere) -> None:
    conversation_id = await asked(house)
    house.desk.statuses = [503, 500, 404]
    for text in ("Een", "Twee"):
        await house.dispatcher.settle()
        await say(house, conversation_id, text)
        house.clock.advance(timedelta(minutes=6))
    for _ in range(3):
        await house.dispatcher.settle()
        house.clock.advance(timedelta(minutes=6))

    tried = [event["id"] for event in house.desk.events]
    assert house.desk.kinds[3:] == ["handoff.requested", "message.created", "message.created"]
    assert tried[:4] == [tried[0]] * 4
    assert len(set(tried)) == 3


async def test_what_the_desk_will_never_take_holds_up_nothing(house: Elsewhere) -> None:
    conversation_id = await asked(house)
    house.desk.statuses = [422]
    await house.dispatcher.settle()
    await say(house, conversation_id, "Een")

    await house.dispatcher.settle()

    assert house.desk.kinds == ["handoff.requested", "message.created"]


async def test_killed_between_sending_and_noting_it_is_sent_again_with_its_id(house: Elsewhere) -> None:
    await asked(house)
    house.mortal.steps_left, house.mortal.is_armed = 6, True

    await house.run()

    ids = {event["id"] for event in house.desk.events}
    assert house.mortal.deaths == 1
    assert len(ids) == 1


# What the desk may send.


async def test_an_agent_there_accepts_writes_notes_and_resolves(house: Elsewhere) -> None:
    conversation_id = await asked(house)
    await house.dispatcher.settle()

    accepted = await send(house, event(conversation_id, 1, "accept"))
    status = await house.status(conversation_id)
    await send(house, event(conversation_id, 2, "message", text="Ik kijk even."))
    await send(house, event(conversation_id, 3, "note", text="Niet voor de klant"))
    await send(house, event(conversation_id, 4, "resolve", code="solved", note="Klaar"))

    texts = await house.texts(conversation_id)
    assert (accepted.status_code, accepted.json()) == (200, {"dropped": False})
    assert status is ConversationStatus.WITH_AGENT
    assert texts[-1] == ("agent", "Ik kijk even.")
    assert list(house.handoffs.notes.values()) == ["Niet voor de klant"]
    assert await house.handoffs.list_states(conversation_id) == ["resolved"]


async def test_a_return_gives_the_customer_back_to_the_assistant(house: Elsewhere) -> None:
    conversation_id = await asked(house)
    await house.dispatcher.settle()
    await send(house, event(conversation_id, 1, "accept"))

    await send(house, event(conversation_id, 2, "return", note="Wil alleen de status"))

    assert await house.status(conversation_id) is ConversationStatus.WITH_ASSISTANT


@pytest.mark.parametrize("late_by", [timedelta(minutes=5, seconds=1), -timedelta(minutes=5, seconds=1)])
async def test_an_old_signature_is_refused(house: Elsewhere, late_by: timedelta) -> None:
    conversation_id = await asked(house)
    await house.dispatcher.settle()

    answer = await send(house, event(conversation_id, 1, "accept"), at=house.clock() - late_by)

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "signature_invalid")
    assert await house.status(conversation_id) is ConversationStatus.WAITING_FOR_AGENT


async def test_a_wrong_signature_is_refused(house: Elsewhere) -> None:
    conversation_id = await asked(house)
    await house.dispatcher.settle()

    answer = await send(house, event(conversation_id, 1, "accept"), secret="not the secret")

    assert answer.status_code == 401
    assert await house.status(conversation_id) is ConversationStatus.WAITING_FOR_AGENT


async def test_a_replay_is_refused_and_changes_nothing(house: Elsewhere) -> None:
    conversation_id = await asked(house)
    await house.dispatcher.settle()
    told = event(conversation_id, 1, "message", text="Hallo")

    first, again = await send(house, told), await send(house, told)

    assert (first.status_code, again.status_code) == (200, 409)
    assert again.json()["error"]["code"] == "desk_event_repeated"
    assert (await house.texts(conversation_id)).count(("agent", "Hallo")) == 1


async def test_a_replay_at_the_same_moment_is_taken_once(house: Elsewhere) -> None:
    conversation_id = await asked(house)
    await house.dispatcher.settle()
    told = event(conversation_id, 1, "message", text="Hallo")

    answers = await asyncio.gather(*(send(house, told) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]


async def test_a_late_number_is_dropped(house: Elsewhere) -> None:
    conversation_id = await asked(house)
    await house.dispatcher.settle()
    await send(house, event(conversation_id, 1, "accept"))
    await send(house, event(conversation_id, 3, "return"))
    await house.handoffs.request(conversation_id, "webhook")
    await house.dispatcher.settle()

    late = await send(house, event(conversation_id, 2, "message", text="Te laat"))

    assert (late.status_code, late.json()) == (200, {"dropped": True})
    assert await house.status(conversation_id) is ConversationStatus.WAITING_FOR_AGENT


async def test_whoever_is_no_longer_wanted_is_told(house: Elsewhere) -> None:
    conversation_id = await asked(house)
    await house.dispatcher.settle()
    await house.handoffs.withdraw(conversation_id, "webhook")

    answer = await send(house, event(conversation_id, 1, "accept"))

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "handoff_moved_on")
    assert await house.status(conversation_id) is ConversationStatus.WITH_ASSISTANT


async def test_a_conversation_that_was_never_handed_over_is_not_found(house: Elsewhere) -> None:
    opened = await house.conversations.open_conversation()

    answer = await send(house, event(opened.id, 1, "message", text="Hallo"))

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "handoff_not_found")


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "shout"},
        {"number": 0},
        {"number": 2**40},
        {"conversation_id": "nobody"},
        {"data": {"text": ""}},
        {"data": {"text": "x" * 10_001}},
        {"data": {"text": 5}},
        {"id": "no uuid"},
    ],
    ids=lambda broken: str(broken)[:30],
)
async def test_what_is_no_event_is_refused_without_quoting_it(
    house: Elsewhere, broken: dict[str, Any]
) -> None:
    told = event(uuid4(), 1, "message", text="Geheim") | broken

    answer = await send(house, told)

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "desk_event_invalid")
    assert "Geheim" not in answer.text


async def test_without_a_webhook_desk_there_is_no_such_address(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    async with elsewhere(copy_database(tmp_path / "other")) as house:
        assert (await send(house, event(uuid4(), 1, "accept"))).status_code == 404


@pytest.mark.parametrize(
    "header",
    ["", "t=1", "v1=" + "0" * 64, "t=x,v1=" + "0" * 64, "t=1,t=2,v1=" + "0" * 64, "t=1793700000,v1=ABC"],
)
def test_half_a_signature_is_none(header: str) -> None:
    with pytest.raises(SignatureInvalidError):
        check_signature("secret", b"{}", header, NOW)


def test_while_a_secret_changes_either_will_do() -> None:
    moment, old = sign("old", b"{}", NOW).split(",")
    new = sign("new", b"{}", NOW).split(",")[1]

    check_signature("old", b"{}", f"{moment},{new},{old}", NOW)
    check_signature("new", b"{}", f"{moment}, {new}, {old}", NOW)


# The example of the documentation.


def test_the_example_has_forty_lines_at_most() -> None:
    assert len(RECEIVER.read_text("utf-8").splitlines()) <= 40


@asynccontextmanager
async def receiver(balie: str) -> AsyncIterator[tuple[str, asyncio.StreamReader]]:
    """The example as a process; its address, and what it prints."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(RECEIVER),
        str(port),
        f"http://{balie}",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "BALIE_WEBHOOK_DESK_SECRET": DESK_SECRET},
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{port}/", process.stdout
    finally:
        process.kill()
        await process.wait()


async def test_the_example_works(house: Elsewhere) -> None:
    house.clock.now = datetime.now(UTC)
    conversation_id = await asked(house)
    listening = bind("127.0.0.1", 0, setting="-")
    balie = f"127.0.0.1:{listening.getsockname()[1]}"
    async with serving(house.app, listening, grace=timedelta(seconds=1)), receiver(balie) as (url, printed):
        client = WebhookClient(WebhookAccess(url, DESK_SECRET), httpx.AsyncClient(), clock=house.clock)
        channels = house.with_desk(client)

        async def until(line: str) -> None:
            async with asyncio.timeout(20):
                while True:
                    await channels.dispatcher.settle()
                    house.clock.advance(timedelta(seconds=2))
                    try:
                        said = await asyncio.wait_for(printed.readline(), 0.2)
                    except TimeoutError:
                        continue
                    if said.decode().strip() == line:
                        return

        await until("told accept")
        accepted = await house.status(conversation_id)
        await say(house, conversation_id, "bye")
        await until("told resolve")
        await client.aclose()

    assert accepted is ConversationStatus.WITH_AGENT
    assert ("agent", "You wrote: bye") in await house.texts(conversation_id)
    assert await house.handoffs.list_states(conversation_id) == ["resolved"]
