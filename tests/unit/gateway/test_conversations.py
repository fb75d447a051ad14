import asyncio
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from httpx import Response

from balie.conversations.views import Proof
from balie.gateway.schemas import ConversationCreated, MessageAccepted, MessageList
from balie.kernel.ids import ConversationId
from tests.support.assistants import MENU
from tests.support.gateway import Balie, Customer
from tests.support.store import add_customer


async def test_a_conversation_is_opened_with_a_token(balie: Balie) -> None:
    answer = await balie.http.post("/api/v1/conversations", json={"language": "nl-BE"})

    assert answer.status_code == 201
    created = ConversationCreated.model_validate_json(answer.content)
    assert (created.language, created.status) == ("nl", "with_assistant")
    assert balie.visitor_tokens.read(created.token) == created.id


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b'{"language": null, "customer_token": null}'])
async def test_everything_about_a_new_conversation_is_optional(balie: Balie, body: bytes) -> None:
    answer = await balie.http.post(
        "/api/v1/conversations", content=body, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 201
    assert answer.json()["language"] is None


async def test_a_message_is_stored_before_it_is_acknowledged(balie: Balie) -> None:
    balie.assistant.gate.clear()
    customer = await balie.open()

    answer = await customer.send(text="waar is mijn pakket?")

    assert answer.status_code == 202
    accepted = MessageAccepted.model_validate_json(answer.content)
    assert (accepted.message.sequence, accepted.message.author, accepted.duplicate) == (1, "customer", False)
    assert accepted.message.language is None
    assert await customer.texts() == ["waar is mijn pakket?"]


async def test_the_answer_is_there_on_the_next_reading(balie: Balie) -> None:
    customer = await balie.open(language="nl")
    await customer.say("hoi")
    await balie.turns.wait_until_idle()

    page = MessageList.model_validate(await customer.read())

    assert [(message.sequence, message.author, message.text) for message in page.messages] == [
        (1, "customer", "hoi"),
        (2, "assistant", "U zei: hoi"),
    ]
    assert (page.last_sequence, page.status, page.language) == (2, "with_assistant", "nl")
    assert page.messages[0].client_message_id is not None
    assert "client_message_id" not in (await customer.read())["messages"][1]
    assert page.messages[1].created_at.tzinfo is not None


async def test_only_new_messages_are_read(balie: Balie) -> None:
    customer = await balie.open()
    for text in ("een", "twee", "drie"):
        await customer.say(text)
    await balie.turns.wait_until_idle()

    assert [message["sequence"] for message in (await customer.read(after=4))["messages"]] == [5, 6]
    assert (await customer.read(after=6))["messages"] == []


async def test_a_repeated_message_is_acknowledged_and_not_kept_twice(balie: Balie) -> None:
    customer = await balie.open()
    client_message_id = str(uuid4())

    answers = await asyncio.gather(
        *(customer.send(text="hoi", client_message_id=client_message_id) for _ in range(8))
    )
    await balie.turns.wait_until_idle()

    assert [answer.status_code for answer in answers] == [202] * 8
    assert sorted(answer.json()["duplicate"] for answer in answers) == [False] + [True] * 7
    assert len({answer.json()["message"]["id"] for answer in answers}) == 1
    assert await customer.texts() == ["hoi", "U zei: hoi"]


async def test_messages_sent_at_once_are_all_kept_and_answered_in_order(balie: Balie) -> None:
    customers = [await balie.open() for _ in range(4)]
    await asyncio.gather(*(customer.say(str(number)) for customer in customers for number in range(6)))
    await balie.turns.wait_until_idle()

    for customer in customers:
        messages = (await customer.read())["messages"]
        assert [message["sequence"] for message in messages] == list(range(1, 13))
        asked = [message["text"] for message in messages if message["author"] == "customer"]
        answered = [message["text"] for message in messages if message["author"] == "assistant"]
        assert answered == [f"U zei: {text}" for text in asked]


async def test_a_pressed_button_is_a_message_with_its_title(balie: Balie) -> None:
    balie.assistant.behaviour = lambda _: MENU
    customer = await balie.open()
    await customer.say("menu")
    await balie.turns.wait_until_idle()
    button, link = (await customer.read())["messages"][-1]["buttons"]
    assert (set(button), set(link)) == ({"id", "title"}, {"url", "title"})

    answer = await customer.send(button_id=button["id"])
    await balie.turns.wait_until_idle()

    assert answer.json()["message"]["text"] == "Volg mijn pakket"
    assert balie.assistant.asked[-1][1].payload == "/track_order"
    assert "/track_order" not in str(await customer.read())


async def test_a_button_of_another_conversation_is_not_found(balie: Balie) -> None:
    balie.assistant.behaviour = lambda _: MENU
    one, other = await balie.open(), await balie.open()
    await one.say("menu")
    await balie.turns.wait_until_idle()
    button_id = (await one.read())["messages"][-1]["buttons"][0]["id"]

    for unknown in (button_id, "made-up", "/restart"):
        answer = await other.send(button_id=unknown)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "button_not_found")


async def test_a_typed_command_is_text(balie: Balie) -> None:
    customer = await balie.open()
    await customer.say('/choose_order{"order_number": "DD1048213"}')
    await balie.turns.wait_until_idle()

    turn = balie.assistant.asked[0][1]
    assert (turn.payload, turn.text) == (None, '/choose_order{"order_number": "DD1048213"}')


async def test_another_customers_conversation_does_not_exist(balie: Balie) -> None:
    one, other = await balie.open(), await balie.open()
    await one.say("geheim")

    reading = await balie.http.get(f"{one.path}/messages", headers=other.headers)
    writing = await balie.http.post(
        f"{one.path}/messages",
        headers=other.headers,
        json={"client_message_id": str(uuid4()), "text": "ik ben het"},
    )
    unknown = await balie.http.get(f"/api/v1/conversations/{uuid4()}/messages", headers=other.headers)
    nonsense = await balie.http.get("/api/v1/conversations/1%20OR%201=1/messages", headers=other.headers)

    assert {answer.status_code for answer in (reading, writing, unknown, nonsense)} == {404}
    assert reading.json() == writing.json() == unknown.json() == nonsense.json()
    assert reading.json()["error"]["code"] == "conversation_not_found"


async def test_a_conversation_that_was_erased_is_not_found(balie: Balie) -> None:
    nowhere = ConversationId(uuid4())
    headers = {"Authorization": f"Bearer {balie.visitor_tokens.issue(nowhere)}"}

    answer = await balie.http.get(f"/api/v1/conversations/{nowhere}/messages", headers=headers)

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "conversation_not_found")


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer nonsense", "Basic dXNlcjpwYXNz", "Bearer a.b.c", "Bearer \xff"],
)
async def test_without_our_token_nothing_is_shown(balie: Balie, header: str | None) -> None:
    customer = await balie.open()
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}

    answer = await balie.http.get(f"{customer.path}/messages", headers=headers)

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "token_invalid")


async def test_a_token_expires(balie: Balie) -> None:
    customer = await balie.open()
    balie.clock.advance(timedelta(days=29))
    assert (await customer.read())["messages"] == []

    balie.clock.advance(timedelta(days=2))
    answer = await customer.send(text="hoi")

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "token_invalid")


async def test_a_customer_of_the_shop_is_recognised(balie: Balie) -> None:
    customer_id = await add_customer(balie.unit_of_work, "K-1001")

    customer = await balie.open(customer_token=balie.customer_tokens.issue("K-1001"))

    known = await balie.conversations.get_conversation(ConversationId(UUID(customer.id)))
    assert (known.customer_id, known.proof) == (customer_id, Proof.SHOP_TOKEN)


async def test_a_customer_whom_we_do_not_know_yet_is_a_visitor(balie: Balie) -> None:
    customer = await balie.open(customer_token=balie.customer_tokens.issue("K-9999"))

    known = await balie.conversations.get_conversation(ConversationId(UUID(customer.id)))
    assert (known.customer_id, known.proof) == (None, None)


async def test_an_expired_or_forged_customer_token_opens_nothing(balie: Balie) -> None:
    expired = balie.customer_tokens.issue("K-1001")
    balie.clock.advance(timedelta(hours=2))
    ours = balie.visitor_tokens.issue(ConversationId(uuid4()))

    for token in (expired, ours, "nonsense", "", "a.b.c"):
        answer = await balie.http.post("/api/v1/conversations", json={"customer_token": token})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "customer_token_invalid")


async def vouch(balie: Balie, customer: Customer, token: str) -> Response:
    return await balie.http.put(
        f"{customer.path}/customer", json={"customer_token": token}, headers=customer.headers
    )


async def test_the_shop_may_vouch_again_when_the_proof_has_worn_off(balie: Balie) -> None:
    await add_customer(balie.unit_of_work, "K-1001")
    customer = await balie.open(customer_token=balie.customer_tokens.issue("K-1001"))
    balie.clock.advance(timedelta(days=2))

    answer = await vouch(balie, customer, balie.customer_tokens.issue("K-1001"))

    assert answer.status_code == 204
    known = await balie.conversations.get_conversation(ConversationId(UUID(customer.id)))
    assert known.proven_at == balie.clock.now


async def test_a_conversation_with_one_customer_never_becomes_anothers(balie: Balie) -> None:
    first = await add_customer(balie.unit_of_work, "K-1001")
    await add_customer(balie.unit_of_work, "K-1002")
    customer = await balie.open(customer_token=balie.customer_tokens.issue("K-1001"))

    answer = await vouch(balie, customer, balie.customer_tokens.issue("K-1002"))

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "another_customer")
    known = await balie.conversations.get_conversation(ConversationId(UUID(customer.id)))
    assert known.customer_id == first


async def test_a_forged_token_vouches_for_nobody(balie: Balie) -> None:
    customer = await balie.open()

    answer = await vouch(balie, customer, "a.b.c")

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "customer_token_invalid")


async def test_times_are_told_with_their_zone(balie: Balie) -> None:
    customer = await balie.open()

    message = await customer.say("hoi")

    assert datetime.fromisoformat(message["created_at"]) == balie.clock.now
