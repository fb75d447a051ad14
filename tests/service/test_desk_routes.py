"""The queue, lists, steps, messages and notes of the desk, over the real store."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from balie.agents.kinds import Presence, Role
from balie.gateway.desk_item_schemas import (
    ConversationItemShape,
    ConversationList,
    ConversationPage,
    DeskMessageAccepted,
    NoteShape,
    Queue,
)
from balie.handoff.kinds import Reason, Wish
from balie.handoff.promising import Promise, promise
from balie.handoff.views import HandoffRequest
from balie.kernel.ids import PhotoId
from tests.support.desk import ASKED, AtDesk, at_desk, id_of, waiting
from tests.support.gateway import BASE_URL, Balie, Customer
from tests.support.photos import opened, phone_photo


@pytest.fixture
async def sanne(balie: Balie) -> AsyncIterator[AtDesk]:
    async with at_desk(balie, "Sanne") as desk:
        yield desk


@pytest.fixture
async def ruben(balie: Balie) -> AsyncIterator[AtDesk]:
    async with at_desk(balie, "Ruben") as desk:
        yield desk


@pytest.fixture
async def fatima(balie: Balie) -> AsyncIterator[AtDesk]:
    async with at_desk(balie, "Fatima", role=Role.LEAD, teams=()) as desk:
        yield desk


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_the_queue_says_who_waits_and_why(balie: Balie, sanne: AtDesk) -> None:
    calm = await waiting(balie)
    balie.clock.advance(timedelta(minutes=3))
    angry = await waiting(balie, "Dit is nu al de derde keer!", mood="high")

    answer = await sanne.http.get("/queue")

    queue = Queue.model_validate_json(answer.content)
    assert [str(item.conversation_id) for item in queue.items] == [angry.id, calm.id]
    assert (queue.waiting, queue.items[0].points, queue.items[1].points) == (2, 20, 3)
    assert [because.code for because in queue.items[0].why] == ["mood", "waiting"]
    assert (queue.items[1].waited_s, queue.items[1].last_text) == (180, ASKED)


async def test_an_agent_sees_the_queues_of_their_own_teams(
    balie: Balie, sanne: AtDesk, fatima: AtDesk
) -> None:
    service, workshop = await waiting(balie), await waiting(balie, team="workshop")

    assert await sanne.queue() == [service.id]
    assert set(await fatima.queue()) == {service.id, workshop.id}
    assert code_of(await sanne.step(workshop, "accept")) == (404, "conversation_not_found")
    assert code_of(await sanne.http.get(f"/conversations/{workshop.id}")) == (404, "conversation_not_found")


async def test_of_two_who_want_a_customer_one_gets_them_and_the_other_learns_who_was_faster(
    balie: Balie, sanne: AtDesk, ruben: AtDesk
) -> None:
    customer = await waiting(balie)

    answers = await asyncio.gather(sanne.step(customer, "accept"), ruben.step(customer, "accept"))

    (won,) = [answer for answer in answers if answer.status_code == 200]
    (lost,) = [answer for answer in answers if answer.status_code != 200]
    owner = ConversationItemShape.model_validate_json(won.content).agent
    assert owner is not None
    assert code_of(lost) == (409, "handoff_taken")
    assert lost.json()["error"]["data"] == {"agent": owner.display_name}
    assert (await customer.read())["status"] == "with_agent"


async def test_whoever_has_a_customer_may_accept_them_again(balie: Balie, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    first, second = await sanne.accept(customer), await sanne.accept(customer)

    assert first["agent"] == second["agent"] == {"id": sanne.agent.id, "display_name": "Sanne"}
    assert len((await sanne.page(customer))["events"]) == 2


async def test_what_a_colleague_has_looks_like_what_never_was(
    balie: Balie, sanne: AtDesk, ruben: AtDesk
) -> None:
    customer, nobodys = await waiting(balie), await balie.open()
    await ruben.accept(customer)
    never = Customer(balie, str(uuid4()), "")

    for unseen in (customer, nobodys, never):
        answers = [
            await sanne.http.get(f"/conversations/{unseen.id}"),
            await sanne.http.get(f"/conversations/{unseen.id}/photos/{uuid4()}"),
            await sanne.note(unseen, "gluren"),
            await sanne.http.put(f"/conversations/{unseen.id}/read", json={"sequence": 1}),
        ]
        assert {code_of(answer) for answer in answers} == {(404, "conversation_not_found")}
    assert code_of(await sanne.write(customer, "hoi")) == (403, "not_your_conversation")
    assert code_of(await sanne.step(never, "accept")) == (404, "conversation_not_found")


async def test_a_conversation_is_read_with_notes_and_steps(balie: Balie, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    await sanne.write(customer, "Dag, met Sanne.")
    await sanne.note(customer, "Belt liever.")

    answer = await sanne.http.get(f"/conversations/{customer.id}", params={"after": 1})

    page = ConversationPage.model_validate_json(answer.content)
    assert [message.author for message in page.messages] == ["system", "agent"]
    assert page.messages[1].agent is not None
    assert page.messages[1].agent.display_name == "Sanne"
    assert [(note.text, note.after_sequence) for note in page.notes] == [("Belt liever.", 3)]
    assert [step.kind.value for step in page.events] == ["request", "accept"]
    assert (page.number, page.last_sequence, page.item.unread) == (2, 3, 1)


async def test_a_message_is_stored_once_and_has_a_name(balie: Balie, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    once = {"client_message_id": str(uuid4())}

    first, again = await sanne.write(customer, "Hallo", **once), await sanne.write(customer, "Hallo", **once)

    accepted = DeskMessageAccepted.model_validate_json(first.content)
    assert (first.status_code, accepted.duplicate) == (202, False)
    assert again.json() == {**first.json(), "duplicate": True}
    assert [message.get("agent") for message in (await customer.read())["messages"]] == [
        None,
        None,
        {"name": "Sanne"},
    ]


async def test_markup_stays_text_and_there_is_a_limit(balie: Balie, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    markup = "<img src=x onerror=alert(1)> & {{ shop }}"

    assert (await sanne.write(customer, markup)).json()["message"]["text"] == markup
    assert (await sanne.note(customer, markup)).json()["text"] == markup
    assert code_of(await sanne.write(customer, "x" * 10_000)) == (422, "message_too_long")
    assert code_of(await sanne.note(customer, "x" * 10_000)) == (422, "message_too_long")
    assert code_of(await sanne.write(customer, " \u200b ")) == (422, "message_empty")
    assert (await customer.texts())[-1] == markup


async def test_notes_never_reach_the_customer(balie: Balie, sanne: AtDesk, ruben: AtDesk) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    note_id = str(uuid4())
    first = await sanne.note(customer, "GEHEIM: let op fraude", client_note_id=note_id)
    again = await sanne.note(customer, "iets anders", client_note_id=note_id)
    await sanne.step(customer, "transfer", agent_id=ruben.agent.id, note="GEHEIM: moeilijk")

    assert NoteShape.model_validate_json(first.content).text == again.json()["text"]
    shown = await customer.read()
    assert "GEHEIM" not in json.dumps(shown)
    assert {"notes", "events", "note", "emotion", "intent"}.isdisjoint(
        {name for message in shown["messages"] for name in message} | set(shown)
    )
    assert (await ruben.page(customer))["item"]["note"] == "GEHEIM: moeilijk"
    assert [note["text"] for note in (await ruben.page(customer))["notes"]] == ["GEHEIM: let op fraude"]


async def test_a_transfer_goes_to_one_place(balie: Balie, sanne: AtDesk, ruben: AtDesk) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)

    assert code_of(await sanne.step(customer, "transfer", team="x")) == (404, "team_not_found")
    assert code_of(await sanne.step(customer, "transfer")) == (422, "request_invalid")
    assert code_of(await sanne.step(customer, "transfer", team="service", agent_id=1))[0] == 422
    await balie.agents.set_presence(ruben.agent.id, Presence.AWAY)
    refused = await sanne.step(customer, "transfer", agent_id=ruben.agent.id)
    assert code_of(refused) == (409, "agent_not_available")

    passed = await sanne.step(customer, "transfer", team="workshop")
    assert (passed.status_code, passed.json()["team"], passed.json()["state"]) == (200, "workshop", "queued")
    assert code_of(await sanne.http.get(f"/conversations/{customer.id}"))[0] == 404


async def test_an_older_command_is_dropped(balie: Balie, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    number = 1
    assert (await sanne.step(customer, "accept", as_of=number)).status_code == 200

    for step, body in (
        ("resolve", {"code": "solved"}),
        ("return", {}),
        ("wake", {}),
        ("snooze", {"until": (balie.clock() + timedelta(hours=1)).isoformat()}),
        ("transfer", {"team": "workshop"}),
    ):
        assert code_of(await sanne.step(customer, step, as_of=number, **body)) == (409, "handoff_moved_on")
    assert (await sanne.page(customer))["number"] == 2


async def test_a_conversation_is_put_aside_and_taken_up_again(balie: Balie, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    until = (balie.clock() + timedelta(hours=2)).isoformat()

    assert (await sanne.step(customer, "snooze", until=until)).json()["snoozed_until"] == until
    assert (await sanne.listed("mine"), await sanne.listed("snoozed")) == ([], [customer.id])
    assert (await sanne.step(customer, "wake")).json()["snoozed_until"] is None
    assert await sanne.listed("mine") == [customer.id]
    too_late = (balie.clock() + timedelta(days=31)).isoformat()
    assert code_of(await sanne.step(customer, "snooze", until=too_late)) == (422, "snooze_invalid")


async def test_a_conversation_ends_with_a_code_and_stays_readable(
    balie: Balie, sanne: AtDesk, ruben: AtDesk, fatima: AtDesk
) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)

    assert code_of(await sanne.step(customer, "resolve", code="nonsense")) == (422, "request_invalid")
    ended = await sanne.step(customer, "resolve", code="solved", note="Bon gestuurd.")

    assert (ended.json()["state"], ended.json()["code"], ended.json()["status"]) == (
        "resolved",
        "solved",
        "resolved",
    )
    assert await sanne.listed("resolved") == await fatima.listed("resolved") == [customer.id]
    assert await ruben.listed("resolved") == []
    assert await sanne.listed("resolved", q="bestaat niet") == []
    assert await sanne.listed("resolved", before=balie.clock().isoformat()) == []
    assert code_of(await sanne.write(customer, "nog iets")) == (404, "handoff_not_found")


async def test_the_assistant_gets_a_conversation_back(balie: Balie, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)

    answer = await sanne.step(customer, "return", note="Wil alleen de openingstijden.", solved=False)

    assert (answer.json()["state"], answer.json()["status"]) == ("returned", "with_assistant")
    assert (await customer.read())["messages"][-1]["author"] == "assistant"


async def test_what_is_offered_can_be_left_to_somebody_else(
    balie: Balie, sanne: AtDesk, ruben: AtDesk
) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    await sanne.step(customer, "transfer", agent_id=ruben.agent.id)

    assert code_of(await sanne.step(customer, "decline")) == (409, "handoff_taken")
    assert (await ruben.step(customer, "decline")).json()["state"] == "queued"
    assert code_of(await ruben.step(customer, "decline")) == (409, "handoff_moved_on")


async def test_only_leads_take_over_listen_and_see_everybody(
    balie: Balie, sanne: AtDesk, ruben: AtDesk, fatima: AtDesk
) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)

    for step in ("take-over", "listen"):
        assert code_of(await ruben.step(customer, step)) == (403, "not_permitted")
    for view in ("team", "all"):
        assert code_of(await ruben.http.get("/conversations", params={"view": view})) == (
            403,
            "not_permitted",
        )
        assert await fatima.listed(view) == [customer.id]
    assert await fatima.listed("all", team="workshop") == []

    taken = await fatima.step(customer, "take-over")
    assert taken.json()["agent"]["display_name"] == "Fatima"
    assert code_of(await sanne.http.get(f"/conversations/{customer.id}"))[0] == 404


async def test_listening_is_written_down_once_an_hour_for_colleagues_and_never_for_the_customer(
    balie: Balie, sanne: AtDesk, fatima: AtDesk
) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    before = await customer.read()

    heard = [await fatima.step(customer, "listen") for _ in range(3)]

    assert {answer.status_code for answer in heard} == {200}
    page = await sanne.page(customer)
    assert [(note["text"], note["agent"]["display_name"]) for note in page["notes"]] == [
        ("Fatima heeft in dit gesprek meegeluisterd.", "Fatima")
    ]
    assert page["number"] == 2
    assert await customer.read() == before
    balie.clock.advance(timedelta(hours=1))
    await fatima.step(customer, "listen")
    assert len((await sanne.page(customer))["notes"]) == 2


async def test_a_lead_who_reads_along_is_noted_once(balie: Balie, sanne: AtDesk, fatima: AtDesk) -> None:
    customer = await waiting(balie)
    await fatima.page(customer)
    await sanne.accept(customer)

    before = (await sanne.page(customer))["notes"]
    for _ in range(2):
        await fatima.page(customer)
    after = (await sanne.page(customer))["notes"]

    assert before == []
    assert [note["agent"]["display_name"] for note in after] == [fatima.agent.display_name]


async def test_only_the_owners_reading_counts(balie: Balie, sanne: AtDesk, fatima: AtDesk) -> None:
    customer = await waiting(balie)
    path = f"/conversations/{customer.id}/read"
    assert (await sanne.http.put(path, json={"sequence": 1})).status_code == 204
    assert (await customer.read())["read"] == {"agent": 0}
    await sanne.accept(customer)
    assert (await fatima.http.put(path, json={"sequence": 2})).status_code == 204
    assert (await customer.read())["read"] == {"agent": 0}

    for sequence in (2, 1, 99):
        assert (await sanne.http.put(path, json={"sequence": sequence})).status_code == 204

    assert (await customer.read())["read"] == {"agent": 2}
    assert (await sanne.page(customer))["item"]["unread"] == 0


async def test_an_agent_sends_a_photo_drawn_afresh(balie: Balie, sanne: AtDesk, ruben: AtDesk) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    path = f"/conversations/{customer.id}/photos?client_message_id={uuid4()}"
    form = {"Content-Type": "image/jpeg"}

    first = await sanne.http.post(path, content=phone_photo(), headers=form)
    again = await sanne.http.post(path, content=phone_photo(), headers=form)

    assert (first.status_code, again.json()["duplicate"]) == (202, True)
    message = DeskMessageAccepted.model_validate_json(first.content).message
    assert (message.author, message.text, len(message.photos)) == ("agent", "", 1)
    photo_id = PhotoId(message.photos[0].id)
    shown = await balie.http.get(f"{customer.path}/photos/{photo_id}", headers=customer.headers)
    assert not opened(shown.content).getexif()
    assert (await sanne.http.get(f"/conversations/{customer.id}/photos/{photo_id}")).content == shown.content
    assert code_of(await ruben.http.post(path, content=phone_photo(), headers=form)) == (
        403,
        "not_your_conversation",
    )
    broken = await sanne.http.post(path, content=b"geen foto", headers=form)
    assert code_of(broken) == (422, "photo_unreadable")


async def test_photos_of_agents_do_not_use_up_the_customers(balie: Balie, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    await sanne.accept(customer)
    form = {"Content-Type": "image/jpeg"}
    for _ in range(6):
        path = f"/conversations/{customer.id}/photos?client_message_id={uuid4()}"
        assert (await sanne.http.post(path, content=phone_photo(), headers=form)).status_code == 202

    sent = await balie.http.post(
        f"{customer.path}/photos?client_message_id={uuid4()}",
        content=phone_photo(),
        headers={**customer.headers, **form},
    )
    assert sent.status_code == 202, sent.text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "accept", {}),
        ("POST", "messages", {"client_message_id": str(uuid4()), "text": "hoi"}),
        ("POST", "notes", {"client_note_id": str(uuid4()), "text": "hoi"}),
        ("POST", "resolve", {"code": "solved"}),
        ("PUT", "read", {"sequence": 1}),
    ],
)
async def test_other_pages_and_other_peoples_cookies_change_nothing(
    balie: Balie, sanne: AtDesk, method: str, path: str, body: dict[str, Any]
) -> None:
    customer = await waiting(balie)
    url = f"/conversations/{customer.id}/{path}"

    foreign = await sanne.http.request(method, url, json=body, headers={"Origin": "https://evil.example"})
    bare = await sanne.http.request(method, url, json=body, headers={"X-Balie-Desk": ""})
    assert (foreign.status_code, code_of(bare)) == (403, (403, "request_forged"))
    forged = await balie.http.request(
        method,
        f"/api/v1/desk{url}",
        json=body,
        headers={"X-Balie-Desk": "1", "Origin": BASE_URL, "Cookie": "balie_desk=verzonnen"},
    )
    assert code_of(forged) == (401, "session_missing")
    assert (await customer.read())["status"] == "waiting_for_agent"


async def test_nobody_takes_more_than_they_can(balie: Balie) -> None:
    async with AsyncExitStack() as stack:
        busy = await stack.enter_async_context(at_desk(balie, "Bram", capacity=1))
        await busy.accept(await waiting(balie))
        assert code_of(await busy.step(await waiting(balie), "accept")) == (409, "no_room")


async def test_whoever_was_promised_something_is_listed_for_the_team(balie: Balie, sanne: AtDesk) -> None:
    customer = await waiting(balie)
    by = balie.clock() + timedelta(hours=4)
    promised = Promise(wish=Wish.CALL, at=by, contact="+31612345678")
    asked = HandoffRequest(reason=Reason.ASKED, team="service", language="nl")
    await balie.keeping.take(lambda book: promise(book, id_of(customer), asked, promised))

    answer = await sanne.http.get("/conversations", params={"view": "promised"})

    (item,) = ConversationList.model_validate_json(answer.content).items
    assert (str(item.conversation_id), item.promised_at, item.status) == (customer.id, by, "with_assistant")
    assert await sanne.queue() == []
    assert (await sanne.accept(customer))["state"] == "accepted"
