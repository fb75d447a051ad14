"""Every request that the adapter makes is one that Chatwoot's published description allows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest

from balie.channels.chatwoot.checking import check_chatwoot
from balie.settings import PROJECT_ROOT
from tests.support.chatwoot import AGENT_TOKEN, Call, Conversation
from tests.support.elsewhere import Elsewhere, reply

SWAGGER = PROJECT_ROOT.parent / "shared" / "contracts" / "chatwoot_swagger.json"

pytestmark = pytest.mark.skipif(not SWAGGER.exists(), reason=f"{SWAGGER.name} is not here")

SERVER = "https://app.chatwoot.com"
NOT_DESCRIBED_FOR_BOTS = {"custom_attributes"}
"""The description lists no bot token for these; Chatwoot's code (4.12.1) takes one all the same."""


@cache
def described() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(Path(SWAGGER).read_text("utf-8"))
    return content


@cache
def contract() -> OpenAPI:
    return OpenAPI.from_dict(described())


def request_of(call: Call) -> MockRequest:
    return MockRequest(
        SERVER,
        call.method.lower(),
        call.path,
        data=None if call.body is None else json.dumps(call.body).encode(),
        headers={"api_access_token": call.token} if call.token else {},
        content_type="application/json",
    )


async def story(house: Elsewhere) -> Conversation:
    """Everything that the adapter ever sends."""
    house.turns.replies = (
        reply(
            "Wat wil je doen?", ("Volg mijn pakket", "/track_order"), ("Winkels", "https://shop.example/s")
        ),
        reply("Ik verbind je door."),
    )
    there = house.chatwoot.open()
    house.chatwoot.customer_says(there, "Hoi")
    await house.run()
    conversation_id = await house.of(there.id)
    await house.handoffs.request(conversation_id, "chatwoot", mood="raised", topic="delivery")
    await house.run()
    await house.handoffs.withdraw(conversation_id, "chatwoot")
    await house.run()
    house.chatwoot.troubles = ["lost after"]
    house.chatwoot.customer_says(there, "Nog iets")
    await house.run()
    return there


async def test_every_request_is_described(house: Elsewhere) -> None:
    await story(house)
    await check_chatwoot(house.chatwoot_client())

    whats = {call.what for call in house.chatwoot.calls}
    for call in house.chatwoot.calls:
        contract().validate_request(request_of(call))

    assert whats >= {
        "messages",
        "note",
        "custom_attributes",
        "toggle_priority",
        "assignments",
        "toggle_status:open",
        "toggle_status:pending",
        "inboxes",
    }


def operations(calls: list[Call]) -> Iterator[tuple[str, list[dict[str, list[str]]], str]]:
    for call in calls:
        name = call.path.rpartition("/")[2]
        path = "/api/v1/accounts/{account_id}/conversations/{conversation_id}/" + name
        if path in described()["paths"] and call.method == "POST":
            yield name, described()["paths"][path]["post"]["security"], call.token


async def test_the_bots_token_is_used_only_where_bots_are_let_in(house: Elsewhere) -> None:
    await story(house)

    closed = {
        name
        for name, security, token in operations(house.chatwoot.calls)
        if token != AGENT_TOKEN and {"agentBotApiKey": []} not in security
    }

    assert closed == NOT_DESCRIBED_FOR_BOTS


@pytest.mark.parametrize(
    "body", [{"status": "weird"}, {}, {"status": "snoozed", "snoozed_until": "tomorrow"}], ids=str
)
def test_the_description_would_refuse_something_else(body: dict[str, Any]) -> None:
    call = Call("POST", "/api/v1/accounts/1/conversations/5/toggle_status", "t", body)

    with pytest.raises(OpenAPIError):
        contract().validate_request(request_of(call))
