from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from balie.gateway.middleware import MAX_BODY_BYTES
from tests.support.gateway import Balie, Customer, balie_with
from tests.support.store import locked_by_somebody_else


def refusal(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    return answer.status_code, body["error"]["code"]


async def post(customer: Customer, content: bytes, content_type: str = "application/json") -> httpx.Response:
    return await customer.balie.http.post(
        f"{customer.path}/messages",
        content=content,
        headers={**customer.headers, "Content-Type": content_type},
    )


@pytest.mark.parametrize("text", ["", "  \n ", "\x00\x07", "\u200b\u200f"])
async def test_a_message_without_anything_to_read_is_refused(balie: Balie, text: str) -> None:
    customer = await balie.open()

    assert refusal(await customer.send(text=text)) == (422, "message_empty")
    assert (await customer.read())["last_sequence"] == 0


async def test_ten_thousand_characters_are_too_many(balie: Balie) -> None:
    customer = await balie.open()

    assert refusal(await customer.send(text="x" * 10_000)) == (422, "message_too_long")
    assert (await customer.send(text="x" * 2000)).status_code == 202


@pytest.mark.parametrize(
    "text",
    [
        "أين طلبي رقم ١٢٣؟",
        "\u202eabc",
        "🚲👩🏽‍🚒",
        "'; DROP TABLE messages; --",
        "<script>alert('x')</script>",
        "{{ config }} {% raw %} ${7*7}",
        "\\u0000 \\x00 %00 %s",
        "我的订单在哪里？",
    ],
)
async def test_strange_text_is_only_text(balie: Balie, text: str) -> None:
    customer = await balie.open()
    await customer.say(text)
    await balie.turns.wait_until_idle()

    assert await customer.texts() == [text, f"U zei: {text}"]


async def test_control_characters_are_taken_out(balie: Balie) -> None:
    customer = await balie.open()

    assert (await customer.say("waar\x00 is\x1b[31m het?"))["text"] == "waar is[31m het?"


@pytest.mark.parametrize(
    "content", [b"{", b"", b"{'text': 'hoi'}", b"\xff\xfe", b"[" * 5000, b'"' + b"\x00" * 9]
)
async def test_broken_json_is_refused(balie: Balie, content: bytes) -> None:
    customer = await balie.open()

    status, code = refusal(await post(customer, content))

    assert status == 422
    assert code in {"json_invalid", "request_invalid"}


@pytest.mark.parametrize(
    "body",
    [
        {"text": "hoi"},
        {"client_message_id": "not a uuid", "text": "hoi"},
        {"client_message_id": 7, "text": "hoi"},
        {"client_message_id": None, "text": "hoi"},
        {"client_message_id": str(uuid4())},
        {"client_message_id": str(uuid4()), "text": None},
        {"client_message_id": str(uuid4()), "text": 5},
        {"client_message_id": str(uuid4()), "text": ["hoi"]},
        {"client_message_id": str(uuid4()), "text": {"$ne": ""}},
        {"client_message_id": str(uuid4()), "text": "hoi", "button_id": "x"},
        {"client_message_id": str(uuid4()), "button_id": 1},
        {"client_message_id": str(uuid4()), "button_id": "x" * 65},
        {"client_message_id": str(uuid4()), "text": "hoi", "author": "agent"},
        [],
        "hoi",
        5,
        None,
    ],
)
async def test_a_message_of_another_shape_is_refused(balie: Balie, body: Any) -> None:
    customer = await balie.open()

    answer = await balie.http.post(f"{customer.path}/messages", json=body, headers=customer.headers)

    assert refusal(answer) == (422, "request_invalid")


async def test_halves_of_characters_do_no_harm(balie: Balie) -> None:
    customer = await balie.open()
    text = b'{"client_message_id": "%s", "text": "\\ud83d hoi"}' % str(uuid4()).encode()
    button = b'{"client_message_id": "%s", "button_id": "\\ud83d"}' % str(uuid4()).encode()
    token = b'{"customer_token": "\\ud83d"}'

    assert (await post(customer, text)).json()["message"]["text"] == "hoi"
    assert refusal(await post(customer, button)) == (422, "request_invalid")
    opening = await balie.http.post(
        "/api/v1/conversations", content=token, headers={"Content-Type": "application/json"}
    )
    assert refusal(opening) == (422, "request_invalid")


async def test_another_content_type_is_refused(balie: Balie) -> None:
    customer = await balie.open()
    content = b'{"client_message_id": "%s", "text": "hoi"}' % str(uuid4()).encode()

    for content_type in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ):
        assert refusal(await post(customer, content, content_type)) == (422, "request_invalid")


@pytest.mark.parametrize(
    "body",
    [
        {"language": 5},
        {"language": ""},
        {"language": "nl; DROP"},
        {"language": "x" * 100},
        {"customer_token": 5},
        {"customer_token": "x" * 5000},
        {"surprise": True},
        [],
    ],
)
async def test_a_conversation_of_another_shape_is_refused(balie: Balie, body: Any) -> None:
    assert refusal(await balie.http.post("/api/v1/conversations", json=body)) == (422, "request_invalid")


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "2147483648", "9" * 5000, ""])
async def test_a_sequence_number_that_is_none_is_refused(balie: Balie, after: str) -> None:
    customer = await balie.open()

    answer = await balie.http.get(
        f"{customer.path}/messages", params={"after": after}, headers=customer.headers
    )

    assert refusal(answer) == (422, "request_invalid")


async def test_what_was_sent_is_not_quoted_in_the_refusal(balie: Balie) -> None:
    customer = await balie.open()

    answer = await customer.send(text="mijn geheim", client_message_id="mijn geheim")

    assert answer.status_code == 422
    assert "geheim" not in answer.text
    assert "client_message_id" in answer.json()["error"]["message"]


async def test_a_large_body_is_refused_announced_or_not(balie: Balie) -> None:
    customer = await balie.open()
    content = b'{"text": "%s"}' % (b"x" * MAX_BODY_BYTES)

    async def piece_by_piece() -> Any:
        for start in range(0, len(content), 8192):
            yield content[start : start + 8192]

    announced = await post(customer, content)
    unannounced = await balie.http.post(
        f"{customer.path}/messages",
        content=piece_by_piece(),
        headers={**customer.headers, "Content-Type": "application/json"},
    )

    assert refusal(announced) == (413, "body_too_large")
    assert refusal(unannounced) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/v1/nothing", (404, "not_found")),
        ("POST", "/api/v1/nothing", (404, "not_found")),
        ("GET", "/api/v2/conversations", (404, "not_found")),
        ("GET", "/api/v1/conversations", (405, "method_not_allowed")),
        ("DELETE", "/api/v1/conversations", (405, "method_not_allowed")),
        ("PUT", "/health", (405, "method_not_allowed")),
        ("GET", "/widget/../secrets.json", (404, "not_found")),
        ("GET", "/widget/%2e%2e/%2e%2e/balie.db", (404, "not_found")),
        ("GET", "/nothing.html", (404, "not_found")),
        ("POST", "/demo/customer-token", (404, "not_found")),
    ],
)
async def test_addresses_that_do_not_exist(
    balie: Balie, method: str, path: str, expected: tuple[int, str]
) -> None:
    assert refusal(await balie.http.request(method, path)) == expected


async def test_a_locked_database_is_told_and_nothing_acknowledged_is_lost(
    balie: Balie, database_url: str
) -> None:
    customer = await balie.open()
    await customer.say("voor het slot")
    await balie.turns.wait_until_idle()

    with locked_by_somebody_else(database_url):
        refused = await customer.send(text="tijdens het slot")
        assert refusal(refused) == (503, "store_unavailable")
        assert refused.headers["Retry-After"]
        assert "lock" not in refused.text

    await customer.say("na het slot")
    await balie.turns.wait_until_idle()
    assert [text for text in await customer.texts() if "slot" in text and "U zei" not in text] == [
        "voor het slot",
        "na het slot",
    ]


async def test_a_database_that_is_gone_is_told(tmp_path: Path, static_dir: Path) -> None:
    async with balie_with(f"sqlite:///{tmp_path}/missing/balie.db", static_dir=static_dir) as balie:
        assert refusal(await balie.http.post("/api/v1/conversations")) == (503, "store_unavailable")

        ready = await balie.http.get("/ready")
        assert (ready.status_code, ready.json()["parts"]) == (503, {"store": False, "assistant": True})
        assert (await balie.http.get("/health")).status_code == 200


async def test_a_bug_is_told_without_details(balie: Balie) -> None:
    async def break_down() -> None:
        raise RuntimeError("mijn geheim")

    balie.app.add_api_route("/bug", break_down)
    # Routes added late stand behind the pages; the router takes them all the same.

    answer = await balie.http.get("/bug")

    assert refusal(answer) == (500, "internal_error")
    assert "geheim" not in answer.text
