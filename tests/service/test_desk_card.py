"""The card, canned replies and orders over HTTP: their shapes, and who gets in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from balie.agents.views import AgentView
from balie.gateway.desk_card_schemas import ActionAnswer, CannedList, CardShape, DeskOrderList
from tests.storage.card_shop import DeskShop, Talk
from tests.storage.changes_shop import NOW, NUMBER
from tests.support.agents import PASSWORD, add_agent
from tests.support.gateway import BASE_URL, Balie

DESK = "/api/v1/desk"


@pytest.fixture
async def desk(balie: Balie) -> DeskShop:
    balie.clock.now = NOW
    desk = await DeskShop(balie.unit_of_work).open()
    await desk.shop.pay()
    return desk


@pytest.fixture
async def joris(balie: Balie) -> AgentView:
    return await add_agent(balie.agents, "Joris")


@pytest.fixture
async def browser(balie: Balie, joris: AgentView) -> AsyncIterator[httpx.AsyncClient]:
    """Where Joris is signed in."""
    transport = httpx.ASGITransport(balie.app, raise_app_exceptions=False)
    headers = {"X-Balie-Desk": "1", "Origin": BASE_URL}
    async with httpx.AsyncClient(
        transport=transport, base_url=f"{BASE_URL}{DESK}", headers=headers
    ) as browser:
        signed_in = await browser.post("/session", json={"email": joris.email, "password": PASSWORD})
        assert signed_in.status_code == 200
        yield browser


@pytest.fixture
async def talk(desk: DeskShop, joris: AgentView) -> Talk:
    """A conversation that Joris has, with a customer who is angry."""
    talk = await desk.talk(desk.shop.customer, slots={"order_number": NUMBER})
    await talk.asks("annuleer mijn bestelling", "cancel_order", feels="anger")
    await talk.told("utter_cancel_order_refused")
    await talk.asks("wat een gedoe", None, feels="anger")
    await talk.handoff(joris.id, reason="policy", facts={"case": "CS100001"})
    await talk.note(joris.id, "Belt liever.")
    await talk.case("CS100001", NOW.date(), customer_id=desk.shop.customer, wants_person=True)
    return talk


async def test_the_card_has_the_shape_that_is_described(browser: httpx.AsyncClient, talk: Talk) -> None:
    answer = await browser.get(f"/conversations/{talk.id}/card")

    assert answer.status_code == 200, answer.text
    card = CardShape.model_validate(answer.json())
    assert card.customer is not None
    assert card.customer.orders[0].number == NUMBER
    assert card.suggestion.action.value == "decide_case"
    assert answer.json()["suggestion"]["because"][0]["facts"]["promised_by"] == "2026-11-03"
    assert card.mood is not None
    assert card.notes[0].text == "Belt liever."
    assert len(card.replies) == 2


async def test_the_card_and_the_orders_come_in_the_language_of_the_page(
    browser: httpx.AsyncClient, talk: Talk
) -> None:
    async def read(language: str) -> tuple[str, str, list[str], str]:
        headers = {"Accept-Language": language}
        card = (await browser.get(f"/conversations/{talk.id}/card", headers=headers)).json()
        orders = (await browser.get(f"/conversations/{talk.id}/orders", headers=headers)).json()["orders"]
        refusals = [told["text"] for told in orders[0]["may"] if told.get("text")]
        return (
            card["suggestion"]["title"],
            card["wants"]["intents"][0]["title"],
            refusals,
            card["languages"]["agent"],
        )

    dutch, english, unknown = await read("nl"), await read("en-GB"), await read("xx")

    assert unknown == dutch
    assert all(own != other for own, other in zip(dutch[:3], english[:3], strict=True))
    # Which page Joris reads says nothing of what he writes.
    assert dutch[3] == english[3] == "nl"


async def test_the_card_of_a_conversation_that_nobody_passed_on_is_for_nobody(
    browser: httpx.AsyncClient, desk: DeskShop
) -> None:
    talk = await desk.talk()

    for path in ("card", "orders"):
        assert (await browser.get(f"/conversations/{talk.id}/{path}")).status_code == 404


async def test_canned_replies_come_in_the_language_asked_for(browser: httpx.AsyncClient, talk: Talk) -> None:
    answer = await browser.get("/canned", params={"language": "en", "conversation_id": str(talk.id)})

    items = CannedList.model_validate(answer.json()).items
    assert {"hello", "sorry", "bye"} <= {item.shortcut for item in items}
    assert "Hello Sanne, I'm Joris" in next(item.text for item in items if item.shortcut == "hello")


async def test_canned_replies_without_a_conversation_are_dutch_unless_the_content_has_the_language(
    browser: httpx.AsyncClient,
) -> None:
    for params in ({}, {"language": "zh"}):
        items = CannedList.model_validate((await browser.get("/canned", params=params)).json()).items
        assert next(item.text for item in items if item.shortcut == "hello").startswith("Hoi, ik ben Joris")


async def test_an_order_is_shown_and_cancelled_once(browser: httpx.AsyncClient, talk: Talk) -> None:
    listed = DeskOrderList.model_validate((await browser.get(f"/conversations/{talk.id}/orders")).json())
    assert listed.orders[0].may[0].allowed
    assert listed.orders[0].lines[0].name == "shoe-42"

    address = f"/conversations/{talk.id}/orders/{NUMBER}/cancel"
    shown = ActionAnswer.model_validate((await browser.post(address, json={"confirm": False})).json())
    assert shown.offer is not None
    assert shown.offer.refund is not None
    yes = {"confirm": True, "client_action_id": str(uuid4()), "offer_id": shown.offer.offer_id}
    told = [(await browser.post(address, json=yes)).json() for _ in range(2)]

    assert told[0] == told[1]
    assert told[0]["done"] is True
    assert (await talk.desk.shop.one_order()).cancelled_at is not None


async def test_a_refusal_says_why_in_the_agents_language(browser: httpx.AsyncClient, talk: Talk) -> None:
    await talk.desk.shop.set_order(packed_at=NOW)

    answer = await browser.post(f"/conversations/{talk.id}/orders/{NUMBER}/cancel", json={})

    assert answer.status_code == 409
    error = answer.json()["error"]
    assert (error["code"], error["data"]["reason"]) == ("change_refused", "packed")
    assert error["data"]["text"].startswith(f"Bestelling {NUMBER} is al ingepakt")


async def test_a_colleague_may_not_act_in_it(balie: Balie, browser: httpx.AsyncClient, talk: Talk) -> None:
    femke = await add_agent(balie.agents, "Femke")
    await browser.post("/session", json={"email": femke.email, "password": PASSWORD})

    answer = await browser.post(f"/conversations/{talk.id}/orders/{NUMBER}/cancel", json={})

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_your_conversation")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"confirm": True}, 422),
        ({"confirm": True, "client_action_id": "x"}, 422),
        ({"confirm": "maybe"}, 422),
        ({"more": 1}, 422),
        ([], 422),
    ],
)
async def test_a_yes_without_an_id_is_none(
    browser: httpx.AsyncClient, talk: Talk, body: Any, status: int
) -> None:
    answer = await browser.post(f"/conversations/{talk.id}/orders/{NUMBER}/cancel", json=body)

    assert answer.status_code == status
    assert (await talk.desk.shop.one_order()).cancelled_at is None


async def test_there_are_only_these_actions(browser: httpx.AsyncClient, talk: Talk) -> None:
    answer = await browser.post(f"/conversations/{talk.id}/orders/{NUMBER}/change_address", json={})

    assert answer.status_code == 422


async def test_nobody_gets_in_without_a_session_and_nothing_is_done_from_another_page(
    balie: Balie, browser: httpx.AsyncClient, talk: Talk
) -> None:
    for path in (f"/conversations/{talk.id}/card", f"/conversations/{talk.id}/orders", "/canned"):
        assert (await balie.http.get(f"{DESK}{path}")).status_code == 401
    forged = await browser.post(
        f"/conversations/{talk.id}/orders/{NUMBER}/cancel", json={}, headers={"X-Balie-Desk": ""}
    )
    assert (forged.status_code, forged.json()["error"]["code"]) == (403, "request_forged")


async def test_a_conversation_that_is_not_there_has_no_card(browser: httpx.AsyncClient) -> None:
    for path in (f"/conversations/{uuid4()}/card", f"/conversations/{uuid4()}/orders"):
        answer = await browser.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "conversation_not_found")
