"""Photos over HTTP: taken in like messages, shown to whoever may read the conversation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from balie.gateway.photo_routes import PHOTO_TYPES
from balie.gateway.schemas import MessageAccepted, MessageList
from tests.support.gateway import Balie, Customer, balie_with, on_a_port
from tests.support.photos import encoded, opened, phone_photo, red_left_blue_right

MEGABYTE = 1_000_000
SMALL = encoded(red_left_blue_right(40, 20))
SHOP = "https://shop.example"


async def send(customer: Customer, content: Any = SMALL, **headers: str) -> httpx.Response:
    """Send a photo; a header named ``content_type`` is ``Content-Type``."""
    given = {"Content-Type": "image/jpeg"} | {
        name.replace("_", "-").title(): value for name, value in headers.items()
    }
    return await customer.balie.http.post(
        f"{customer.path}/photos",
        params={"client_message_id": str(uuid4())},
        content=content,
        headers=customer.headers | given,
    )


async def look(customer: Customer, photo_id: str) -> httpx.Response:
    return await customer.balie.http.get(f"{customer.path}/photos/{photo_id}", headers=customer.headers)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    assert set(answer.json()) == {"error"}
    return answer.status_code, answer.json()["error"]["code"]


async def photo_of(customer: Customer) -> str:
    photo_id: str = (await send(customer)).json()["message"]["photos"][0]["id"]
    return photo_id


async def test_a_photo_is_stored_before_it_is_acknowledged_and_told_to_the_assistant(balie: Balie) -> None:
    balie.assistant.gate.clear()
    customer = await balie.open()

    answer = await send(customer, phone_photo(orientation=6))

    assert answer.status_code == 202
    accepted = MessageAccepted.model_validate_json(answer.content)
    (photo,) = accepted.message.photos
    assert (accepted.message.text, accepted.duplicate, photo.width, photo.height) == ("", False, 200, 400)
    assert MessageList.model_validate(await customer.read()).messages == [accepted.message]
    balie.assistant.gate.set()
    await balie.turns.wait_until_idle()
    assert balie.assistant.asked[0][1].payload == f'/send_photo{{"photo": "{photo.id}"}}'


@pytest.mark.parametrize(
    ("form", "content_type"), list(zip(("JPEG", "PNG", "WEBP"), PHOTO_TYPES, strict=True))
)
async def test_a_photo_comes_back_as_our_own_jpeg(balie: Balie, form: str, content_type: str) -> None:
    customer = await balie.open()
    sent = await send(customer, encoded(red_left_blue_right(), form), content_type=content_type)

    shown = await look(customer, sent.json()["message"]["photos"][0]["id"])

    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert opened(shown.content).size == (400, 200)
    assert shown.headers["Cache-Control"] == "private, max-age=86400"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_repeated_photo_is_acknowledged_and_not_kept_twice(balie: Balie) -> None:
    customer = await balie.open()
    url = f"{customer.path}/photos?client_message_id={uuid4()}"
    headers = customer.headers | {"Content-Type": "image/jpeg"}

    answers = await asyncio.gather(*(balie.http.post(url, content=SMALL, headers=headers) for _ in range(4)))
    await balie.turns.wait_until_idle()

    assert [answer.status_code for answer in answers] == [202] * 4
    assert sorted(answer.json()["duplicate"] for answer in answers) == [False] + [True] * 3
    assert len({answer.json()["message"]["id"] for answer in answers}) == 1
    assert [message["author"] for message in (await customer.read())["messages"]] == ["customer", "assistant"]


async def test_somebody_elses_photo_and_a_missing_one_look_the_same(balie: Balie) -> None:
    one, other = await balie.open(), await balie.open()
    photo_id = await photo_of(one)

    elsewhere, missing = await look(other, photo_id), await look(other, str(uuid4()))
    with_our_token = await balie.http.get(f"{one.path}/photos/{photo_id}", headers=other.headers)
    sending = await balie.http.post(
        f"{one.path}/photos?client_message_id={uuid4()}",
        content=SMALL,
        headers=other.headers | {"Content-Type": "image/jpeg"},
    )

    assert refusal(elsewhere) == (404, "photo_not_found")
    assert elsewhere.json() == missing.json()
    assert refusal(with_our_token) == refusal(sending) == (404, "conversation_not_found")
    assert refusal(await look(one, "1%20OR%201=1")) == (422, "request_invalid")


async def test_without_a_token_nothing_is_taken_in_or_shown(balie: Balie) -> None:
    customer = await balie.open()
    photo_id = await photo_of(customer)
    customer.headers = {}

    assert refusal(await look(customer, photo_id)) == (401, "token_invalid")
    assert refusal(await send(customer)) == (401, "token_invalid")


async def test_agents_see_photos_and_customers_tokens_open_none_of_theirs(balie: Balie) -> None:
    customer, other = await balie.open(), await balie.open()
    photo_id = await photo_of(customer)
    token = balie.agent_tokens.issue("ana", lifetime=timedelta(hours=1))

    async def as_agent(conversation_id: str, token: str) -> httpx.Response:
        return await balie.http.get(
            f"/api/v1/agent/conversations/{conversation_id}/photos/{photo_id}",
            headers={"Authorization": f"Bearer {token}"},
        )

    assert opened((await as_agent(customer.id, token)).content).size == (40, 20)
    assert refusal(await as_agent(other.id, token)) == (404, "photo_not_found")
    assert refusal(await as_agent(customer.id, customer.token)) == (401, "agent_token_invalid")


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"", "image/jpeg"),
        (b"dit is geen foto", "image/jpeg"),
        (SMALL[:-50], "image/jpeg"),
        (encoded(red_left_blue_right(), "GIF"), "image/png"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic"),
        (SMALL, "image/heic"),
        (SMALL, "image/gif"),
        (SMALL, "image/svg+xml"),
        (SMALL, "application/octet-stream"),
        (SMALL, "multipart/form-data; boundary=x"),
        (SMALL, ""),
    ],
)
async def test_what_is_no_photo_is_refused_and_leaves_nothing(
    balie: Balie, content: bytes, content_type: str
) -> None:
    customer = await balie.open()

    answer = await send(customer, content, content_type=content_type)

    assert refusal(answer) == (422, "photo_unreadable")
    assert "HEIC" in answer.json()["error"]["message"]
    assert (await customer.read())["last_sequence"] == 0


@pytest.mark.parametrize("content_type", ["IMAGE/JPEG", "image/jpeg; charset=binary", "image/png"])
async def test_what_the_file_is_counts_more_than_what_it_is_called(balie: Balie, content_type: str) -> None:
    assert (await send(await balie.open(), content_type=content_type)).status_code == 202


@pytest.mark.parametrize("client_message_id", [None, "", "not a uuid"])
async def test_a_photo_without_an_id_is_refused(balie: Balie, client_message_id: str | None) -> None:
    customer = await balie.open()
    given = {} if client_message_id is None else {"client_message_id": client_message_id}

    answer = await balie.http.post(
        f"{customer.path}/photos",
        params=given,
        content=SMALL,
        headers=customer.headers | {"Content-Type": "image/jpeg"},
    )

    assert refusal(answer) == (422, "request_invalid")


async def test_a_photo_larger_than_allowed_is_refused_unread_when_it_says_so(balie: Balie) -> None:
    customer = await balie.open()
    asked_for = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal asked_for
        asked_for += 1
        yield b"\x00"

    answer = await send(customer, body(), content_length=str(200 * MEGABYTE))

    assert refusal(answer) == (413, "photo_too_large")
    assert asked_for == 0


async def test_a_photo_larger_than_allowed_is_read_no_further_when_it_does_not_say_so(balie: Balie) -> None:
    customer = await balie.open()
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(2000):
            read += 100_000
            yield bytes(100_000)

    answer = await send(customer, body())

    assert refusal(answer) == (413, "photo_too_large")
    assert read <= 10 * MEGABYTE + 100_000


async def test_the_limit_is_a_setting_and_holds_for_photos_alone(database_url: str, static_dir: Path) -> None:
    padded = SMALL + bytes(MEGABYTE - len(SMALL))
    async with balie_with(database_url, static_dir=static_dir, photo_max_megabytes=1) as balie:
        customer = await balie.open()

        assert (await send(customer, padded)).status_code == 202
        assert refusal(await send(customer, padded + b"\x00")) == (413, "photo_too_large")
        for path in (f"{customer.path}/messages", f"{customer.path}/photos/{uuid4()}", f"{customer.path}/"):
            answer = await balie.http.post(path, content=padded, headers=customer.headers)
            assert refusal(answer) == (413, "body_too_large")


async def test_too_many_photos_are_refused(database_url: str, static_dir: Path) -> None:
    async with balie_with(database_url, static_dir=static_dir, messages_per_minute=8) as balie:
        customer = await balie.open()
        accepted = [await send(customer) for _ in range(6)]

        seventh, eighth, ninth = [await send(customer) for _ in range(3)]

        assert [answer.status_code for answer in accepted] == [202] * 6
        assert refusal(seventh) == refusal(eighth) == (429, "photo_too_many")
        assert refusal(ninth) == (429, "too_many_messages")
        assert int(ninth.headers["Retry-After"]) > 0


async def test_pages_of_other_origins_may_not_send_photos(database_url: str, static_dir: Path) -> None:
    async with balie_with(database_url, static_dir=static_dir, allowed_origins=SHOP) as balie:
        customer = await balie.open()

        assert refusal(await send(customer, origin="https://evil.example")) == (403, "origin_refused")
        allowed = await send(customer, origin=SHOP)
        assert allowed.status_code == 202
        assert allowed.headers["Access-Control-Allow-Origin"] == SHOP


async def test_a_locked_store_is_told(balie: Balie) -> None:
    customer = await balie.open()
    balie.unit_of_work.is_down = True

    assert refusal(await send(customer)) == (503, "store_unavailable")

    balie.unit_of_work.is_down = False
    assert (await send(customer)).status_code == 202


async def test_our_own_pages_may_show_fetched_photos(balie: Balie) -> None:
    policy = (await balie.http.get("/")).headers["Content-Security-Policy"]

    assert "img-src 'self' data: blob:" in policy


async def test_a_sender_who_leaves_halfway_leaves_nothing_behind(balie: Balie) -> None:
    customer = await balie.open()
    async with on_a_port(balie) as address:
        host, _, port = address.partition(":")
        for _ in range(10):  # more often than photos are read at once
            _, writer = await asyncio.open_connection(host, int(port))
            writer.write(_head_of_a_photo(customer, len(SMALL)) + SMALL[:100])
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        async with httpx.AsyncClient(base_url=f"http://{address}") as http:
            answer = await http.post(
                f"{customer.path}/photos?client_message_id={uuid4()}",
                content=SMALL,
                headers=customer.headers | {"Content-Type": "image/jpeg"},
            )

    assert answer.status_code == 202
    assert (await customer.read())["messages"][0]["id"] == answer.json()["message"]["id"]


async def test_a_huge_photo_is_refused_on_the_wire_before_it_is_sent(balie: Balie) -> None:
    customer = await balie.open()
    async with on_a_port(balie) as address:
        host, _, port = address.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(_head_of_a_photo(customer, 200 * MEGABYTE))

        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)

        writer.close()
        await writer.wait_closed()
    assert head.startswith(b"HTTP/1.1 413")


def _head_of_a_photo(customer: Customer, length: int) -> bytes:
    return (
        f"POST {customer.path}/photos?client_message_id={uuid4()} HTTP/1.1\r\n"
        f"Host: balie.example\r\nAuthorization: Bearer {customer.token}\r\n"
        f"Content-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def test_the_description_says_what_a_photo_may_be(balie: Balie) -> None:
    app: FastAPI = balie.app
    sending = app.openapi()["paths"]["/api/v1/conversations/{conversation_id}/photos"]["post"]

    assert set(sending["requestBody"]["content"]) == set(PHOTO_TYPES)
