import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, Self
from uuid import UUID, uuid4

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from balie.conversations.status import ConversationStatus
from balie.gateway.server import MAX_EVENT_BYTES
from balie.kernel.ids import ConversationId
from tests.support.gateway import Balie, Customer, on_a_port


class Socket:
    """A live socket in our words."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.subprotocol = connection.subprotocol

    @classmethod
    @asynccontextmanager
    async def of(cls, customer: Customer, address: str, *, after: object = 0) -> AsyncIterator[Self]:
        url = f"ws://{address}{customer.path}/live?after={after}"
        protocols = ["balie.v1", f"token.{customer.token}"]
        async with connect(url, subprotocols=protocols, proxy=None) as connection:  # type: ignore[arg-type]
            yield cls(connection)

    async def next_event(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            event: dict[str, Any] = json.loads(await self._connection.recv())
        return event

    async def events_until(self, kind: str, **fields: Any) -> list[dict[str, Any]]:
        events = [await self.next_event()]
        while events[-1]["type"] != kind or any(events[-1][name] != value for name, value in fields.items()):
            events.append(await self.next_event())
        return events

    async def send(self, event: object) -> None:
        await self._connection.send(event if isinstance(event, str | bytes) else json.dumps(event))

    async def close_code(self) -> int | None:
        async with asyncio.timeout(5):
            with suppress(ConnectionClosed):
                async for _ in self._connection:
                    pass
        return self._connection.close_code


def sequences(events: list[dict[str, Any]]) -> list[int]:
    return [event["message"]["sequence"] for event in events if event["type"] == "message"]


@pytest.fixture
async def address(balie: Balie) -> AsyncIterator[str]:
    async with on_a_port(balie) as address:
        yield address


async def test_a_turn_is_seen_as_it_happens(balie: Balie, address: str) -> None:
    customer = await balie.open(language="nl")
    async with Socket.of(customer, address) as socket:
        assert socket.subprotocol == "balie.v1"
        assert await socket.next_event() == {
            "type": "status",
            "status": "with_assistant",
            "language": "nl",
            "queue": None,
            "agent": None,
            "read": {"agent": 0},
            "assistant_helps": False,
        }

        sent = await customer.say("hoi")

        events = await socket.events_until("typing", active=False)
        assert events[0] == {"type": "message", "message": sent}
        assert events[1] == {"type": "typing", "author": "assistant", "active": True}
        assert (events[2]["message"]["text"], events[2]["message"]["author"]) == ("U zei: hoi", "assistant")
        assert events[3] == {"type": "typing", "author": "assistant", "active": False}


async def test_what_was_missed_is_replayed_in_order_and_once(balie: Balie, address: str) -> None:
    customer = await balie.open()
    for text in ("een", "twee", "drie"):
        await customer.say(text)
    await balie.turns.wait_until_idle()

    async with Socket.of(customer, address, after=4) as socket:
        assert sequences(await socket.events_until("status")) == [5, 6]
    async with Socket.of(customer, address) as socket:
        assert sequences(await socket.events_until("status")) == [1, 2, 3, 4, 5, 6]
    async with Socket.of(customer, address, after=6) as socket:
        assert sequences(await socket.events_until("status")) == []


async def test_nothing_is_lost_or_doubled_over_many_reconnects(balie: Balie, address: str) -> None:
    customer = await balie.open()
    seen: list[int] = []

    async def talk() -> None:
        for number in range(15):
            await customer.say(str(number))
        await balie.turns.wait_until_idle()

    talking = asyncio.create_task(talk())
    while len(seen) < 30:
        async with Socket.of(customer, address, after=seen[-1] if seen else 0) as socket:
            for _ in range(4):
                seen += sequences([await socket.next_event()])
                if len(seen) == 30:
                    break
    await talking

    assert seen == list(range(1, 31))


async def test_two_browsers_see_the_same(balie: Balie, address: str) -> None:
    customer = await balie.open()
    async with Socket.of(customer, address) as one, Socket.of(customer, address) as other:
        await customer.say("hoi")

        assert sequences(await one.events_until("typing", active=False)) == [1, 2]
        assert sequences(await other.events_until("typing", active=False)) == [1, 2]


async def test_nobody_hears_another_conversation(balie: Balie, address: str) -> None:
    one, other = await balie.open(), await balie.open()
    async with Socket.of(other, address) as socket:
        await socket.events_until("status")
        await one.say("geheim")
        await balie.turns.wait_until_idle()

        await socket.send({"type": "ping"})
        assert await socket.next_event() == {"type": "pong"}


async def test_a_change_of_language_or_status_is_told(balie: Balie, address: str) -> None:
    customer = await balie.open(language="nl")
    conversation_id = ConversationId(UUID(customer.id))
    async with Socket.of(customer, address) as socket:
        await socket.events_until("status")

        await balie.conversations.remember_language(conversation_id, "en")
        assert (await socket.next_event())["language"] == "en"
        await balie.conversations.change_status(conversation_id, ConversationStatus.WAITING_FOR_AGENT)
        told = await socket.next_event()
        assert (told["type"], told["status"], told["language"]) == ("status", "waiting_for_agent", "en")


async def test_who_connects_in_the_middle_of_a_turn_sees_typing(balie: Balie, address: str) -> None:
    balie.assistant.gate.clear()
    customer = await balie.open()
    await customer.say("hoi")
    await balie.assistant.wait_until_running(1)

    async with Socket.of(customer, address) as socket:
        assert (await socket.events_until("typing"))[-1]["active"] is True
        balie.assistant.gate.set()
        assert (await socket.events_until("typing"))[-1]["active"] is False


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "hoi",
        "{",
        "null",
        "5",
        "[]",
        '"ping"',
        "{}",
        '{"type": 5}',
        '{"type": "dance"}',
        '{"type": "typing"}',
        '{"type": "typing", "active": "yes"}',
        '{"type": "message", "text": "hoi"}',
        "[" * 20_000,
        "9" * 10_000,
        "\x00",
        b"\x00\xff",
        b'{"type": "ping"}',
    ],
    ids=lambda garbage: repr(garbage)[:24],
)
async def test_garbage_gets_an_error_and_the_socket_stays_open(
    balie: Balie, address: str, garbage: str | bytes
) -> None:
    customer = await balie.open()
    async with Socket.of(customer, address) as socket:
        await socket.events_until("status")
        await socket.send(garbage)

        event = await socket.next_event()
        assert (event["type"], event["error"]["code"]) == ("error", "event_invalid")
        await socket.send({"type": "ping"})
        assert await socket.next_event() == {"type": "pong"}


async def test_a_frame_that_is_far_too_large_closes_the_socket(balie: Balie, address: str) -> None:
    customer = await balie.open()
    async with Socket.of(customer, address) as socket:
        await socket.send("x" * (MAX_EVENT_BYTES + 1))

        assert await socket.close_code() == 1009


async def test_typing_of_the_customer_is_accepted(balie: Balie, address: str) -> None:
    customer = await balie.open()
    async with Socket.of(customer, address) as socket:
        await socket.events_until("status")
        await socket.send({"type": "typing", "active": True})
        await socket.send({"type": "ping"})

        assert await socket.next_event() == {"type": "pong"}


@pytest.mark.parametrize("after", ["x", "-1", "", "1.5", "99999999999", "٣"])
async def test_a_sequence_number_that_is_none_is_told_and_everything_is_replayed(
    balie: Balie, address: str, after: str
) -> None:
    customer = await balie.open()
    await customer.say("hoi")
    await balie.turns.wait_until_idle()

    async with Socket.of(customer, address, after=after) as socket:
        assert (await socket.next_event())["error"]["code"] == "event_invalid"
        assert sequences(await socket.events_until("status")) == [1, 2]


async def test_a_socket_without_our_token_is_closed(balie: Balie, address: str) -> None:
    customer = await balie.open()
    for token in ("nonsense", "a.b.c", ""):
        async with Socket.of(Customer(balie, customer.id, token), address) as socket:
            assert await socket.close_code() == 4401
    balie.clock.advance(timedelta(days=31))
    async with Socket.of(customer, address) as socket:
        assert await socket.close_code() == 4401


async def test_a_socket_to_another_or_an_unknown_conversation_is_closed(balie: Balie, address: str) -> None:
    one, other = await balie.open(), await balie.open()
    erased = ConversationId(uuid4())

    async with Socket.of(Customer(balie, one.id, other.token), address) as socket:
        assert await socket.close_code() == 4404
    async with Socket.of(Customer(balie, str(erased), balie.visitor_tokens.issue(erased)), address) as socket:
        assert await socket.close_code() == 4404


async def test_a_server_may_send_the_token_in_a_header(balie: Balie, address: str) -> None:
    customer = await balie.open()
    url = f"ws://{address}{customer.path}/live"
    async with connect(url, additional_headers=customer.headers, proxy=None) as connection:
        assert connection.subprotocol is None
        assert json.loads(await connection.recv())["type"] == "status"


async def test_pages_of_other_origins_get_no_socket(balie: Balie, address: str) -> None:
    customer = await balie.open()
    url = f"ws://{address}{customer.path}/live"
    with pytest.raises(InvalidStatus) as refused:
        await connect(
            url,
            additional_headers=customer.headers,
            origin="https://evil.example",  # type: ignore[arg-type]
            proxy=None,
        ).__aenter__()
    assert refused.value.response.status_code == 403

    own = f"http://{address}"
    async with connect(url, additional_headers=customer.headers, origin=own, proxy=None) as connection:  # type: ignore[arg-type]
        assert json.loads(await connection.recv())["type"] == "status"


async def test_a_socket_survives_a_database_that_cannot_be_used_and_catches_up_by_itself(
    balie: Balie, address: str
) -> None:
    customer = await balie.open()
    async with Socket.of(customer, address) as socket:
        await socket.events_until("status")
        balie.assistant.gate.clear()
        await customer.say("hoi")
        await socket.events_until("typing", active=True)

        balie.unit_of_work.is_down = True
        balie.conversations.bell.ring(ConversationId(UUID(customer.id)))
        event = await socket.next_event()
        assert (event["type"], event["error"]["code"]) == ("error", "store_unavailable")

        await socket.send({"type": "ping"})
        assert await socket.next_event() == {"type": "pong"}
        balie.unit_of_work.is_down = False
        balie.assistant.gate.set()
        assert sequences(await socket.events_until("typing", active=False)) == [2]


async def test_what_could_not_be_read_comes_without_another_ring(balie: Balie, address: str) -> None:
    customer = await balie.open()
    await customer.say("hoi")
    await balie.turns.wait_until_idle()
    balie.unit_of_work.is_down = True
    async with Socket.of(customer, address) as socket:
        assert (await socket.next_event())["error"]["code"] == "store_unavailable"

        balie.unit_of_work.is_down = False
        assert sequences(await socket.events_until("status")) == [1, 2]


async def test_a_message_that_is_edited_elsewhere_comes_once_more(balie: Balie, address: str) -> None:
    customer, said = await balie.open(language="nl"), uuid4()
    conversation_id = ConversationId(UUID(customer.id))
    await customer.send(client_message_id=str(said), text="waar is DD1")
    await balie.turns.wait_until_idle()
    async with Socket.of(customer, address) as socket:
        await socket.events_until("status")

        await balie.conversations.replace_message(conversation_id, "waar is DD2", client_message_id=said)
        event = (await socket.events_until("message"))[-1]

    assert (event["message"]["sequence"], event["message"]["text"]) == (1, "waar is DD2")
    assert event["message"]["edited_at"] == balie.clock().isoformat()


async def test_an_edit_of_what_a_page_does_not_have_is_told_in_its_turn(balie: Balie, address: str) -> None:
    customer, said = await balie.open(language="nl"), uuid4()
    async with Socket.of(customer, address, after=7) as socket:
        await socket.events_until("status")
        await customer.send(client_message_id=str(said), text="hoi")
        await balie.turns.wait_until_idle()
        conversation_id = ConversationId(UUID(customer.id))

        balie.conversations.bell.ring_for_edit(conversation_id, 8)
        await socket.send({"type": "ping"})

        assert sequences(await socket.events_until("pong")) == []
