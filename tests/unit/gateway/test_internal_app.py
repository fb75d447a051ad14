from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest

from balie.assistant.speech import NlgRequest
from balie.gateway.internal_app import InternalServices, create_internal_app

TOKEN = "the token that both halves share"
CALL = {
    "response": "utter_greet",
    "arguments": {},
    "tracker": {"sender_id": "x"},
    "channel": {"name": "rest"},
}


class Speaker:
    async def speak(self, request: NlgRequest) -> dict[str, Any]:
        return {"text": f"said {request.response}", "buttons": [], "custom": {}}


class Actions:
    async def handle(self, call: Mapping[str, Any]) -> dict[str, Any]:
        return {"events": [], "responses": [{"text": call["next_action"]}]}


@pytest.fixture
async def rasa() -> AsyncIterator[httpx.AsyncClient]:
    app = create_internal_app(InternalServices(TOKEN, Speaker(), Actions()))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://internal", params={"token": TOKEN}
    ) as http:
        yield http


async def test_rasa_gets_its_texts(rasa: httpx.AsyncClient) -> None:
    answer = await rasa.post("/nlg", json=CALL)

    assert (answer.status_code, answer.json()["text"]) == (200, "said utter_greet")


async def test_rasa_gets_its_actions_run(rasa: httpx.AsyncClient) -> None:
    answer = await rasa.post("/actions/webhook", json={"next_action": "action_track_order", "tracker": {}})

    assert answer.json() == {"events": [], "responses": [{"text": "action_track_order"}]}


@pytest.mark.parametrize("path", ["/nlg", "/actions/webhook", "/", "/nothing"])
@pytest.mark.parametrize("token", ["", "another", TOKEN + "x", "é"])
async def test_nobody_else_gets_anything(rasa: httpx.AsyncClient, path: str, token: str) -> None:
    rasa.params = httpx.QueryParams({"token": token})

    answer = await rasa.post(path, json=CALL)

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "token_invalid")


@pytest.mark.parametrize("path", ["/nlg", "/actions/webhook"])
@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"{}", b'{"next_action": 5, "response": 5}', b"\xff"]
)
async def test_a_call_of_another_shape_is_refused(rasa: httpx.AsyncClient, path: str, content: bytes) -> None:
    answer = await rasa.post(path, content=content)

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "request_invalid")


async def test_the_tracker_of_a_long_conversation_fits(rasa: httpx.AsyncClient) -> None:
    tracker = {"sender_id": "x", "events": ["x" * 1000] * 2000}

    assert (await rasa.post("/nlg", json={**CALL, "tracker": tracker})).status_code == 200
