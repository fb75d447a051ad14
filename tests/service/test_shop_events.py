"""What the shop's pages tell, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import insert, select

from balie.conversations.views import Proof
from balie.customers.models import ConsentRow
from balie.kernel.ids import ConversationId
from balie.recommendations.models import ShopEventRow
from tests.support.demo_shop import copy_demo_shop
from tests.support.gateway import Balie, Customer, balie_with
from tests.support.store import add_customer

PATH = "/api/v1/events"
SKU = "DD-10001"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return copy_demo_shop(tmp_path)


@pytest.fixture
async def balie(database_url: str, tmp_path: Path) -> AsyncIterator[Balie]:
    async with balie_with(database_url, static_dir=tmp_path / "none") as balie:
        yield balie


def an_event(balie: Balie, **details: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "kind": "view", "at": balie.clock().isoformat(), "sku": SKU, **details}


async def tell(
    balie: Balie, token: str | None, *events: dict[str, Any], consent: bool = True
) -> httpx.Response:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return await balie.http.post(PATH, json={"consent": consent, "events": list(events)}, headers=headers)


async def stored(balie: Balie) -> list[tuple[Any, ...]]:
    query = select(ShopEventRow.kind, ShopEventRow.sku, ShopEventRow.words, ShopEventRow.customer_id)
    async with balie.unit_of_work.read() as session:
        return [tuple(row) for row in await session.execute(query.order_by(ShopEventRow.id))]


async def a_customer(balie: Balie, *, agreed: bool) -> int:
    customer_id = await add_customer(balie.unit_of_work, "K-1")
    answer = {"purpose": "personal_advice", "granted": agreed, "source": "test", "recorded_at": balie.clock()}
    async with balie.unit_of_work.write() as session:
        await session.execute(insert(ConsentRow).values(customer_id=customer_id, **answer))
    return customer_id


async def test_a_visitor_who_agrees_is_heard(balie: Balie) -> None:
    visitor = await balie.open()
    searched = an_event(balie, kind="search", words=" koepeltent ")
    del searched["sku"]

    answer = await tell(balie, visitor.token, an_event(balie), searched, an_event(balie, sku="NO-SUCH"))

    assert (answer.status_code, answer.json()) == (
        202,
        {"stored": 2, "dropped": {"unknown_product": 1}, "consent": True},
    )
    assert await stored(balie) == [("view", SKU, None, None), ("search", None, "koepeltent", None)]


async def test_a_visitor_who_does_not_is_told_that_nothing_was_stored(balie: Balie) -> None:
    visitor = await balie.open()

    answer = await tell(balie, visitor.token, an_event(balie), consent=False)

    assert answer.json() == {"stored": 0, "dropped": {}, "consent": False}
    assert await stored(balie) == []


@pytest.mark.parametrize("agreed", [True, False])
async def test_a_customer_of_the_shop_is_heard_if_our_store_says_so(balie: Balie, agreed: bool) -> None:
    customer_id = await a_customer(balie, agreed=agreed)

    answer = await tell(balie, balie.customer_tokens.issue("K-1"), an_event(balie))

    assert answer.json()["consent"] is agreed
    assert await stored(balie) == ([("view", SKU, None, customer_id)] if agreed else [])


@pytest.mark.parametrize(("proof", "is_theirs"), [(Proof.SHOP_TOKEN, True), (Proof.ORDER_POSTCODE, False)])
async def test_only_a_proven_customer_is_the_one_who_did_it(
    balie: Balie, proof: Proof, is_theirs: bool
) -> None:
    customer_id = await a_customer(balie, agreed=True)
    visitor = await balie.open()
    await recognise(balie, visitor, customer_id, proof)

    await tell(balie, visitor.token, an_event(balie))

    assert [whose for *_, whose in await stored(balie)] == [customer_id if is_theirs else None]


async def recognise(balie: Balie, visitor: Customer, customer_id: int, proof: Proof) -> None:
    number = "DD0000001" if proof is Proof.ORDER_POSTCODE else None
    conversation_id = ConversationId(UUID(visitor.id))
    await balie.conversations.recognise_customer(
        conversation_id, customer_id, proof=proof, order_number=number
    )


async def test_nobody_is_heard_without_a_token(balie: Balie) -> None:
    visitor = await balie.open()
    unknown = balie.customer_tokens.issue("K-nobody")

    answers = [
        await tell(balie, token, an_event(balie)) for token in (None, "forged", visitor.token + "x", unknown)
    ]

    assert {(answer.status_code, answer.json()["error"]["code"]) for answer in answers} == {
        (401, "token_invalid")
    }


async def test_a_machine_is_told_to_slow_down(balie: Balie) -> None:
    visitor = await balie.open()
    await tell(balie, visitor.token, *(an_event(balie) for _ in range(50)))

    answer = await tell(balie, visitor.token, *(an_event(balie) for _ in range(50)))

    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_many_events")
    assert answer.headers["Retry-After"] == "60"
    assert await stored(balie) == []


async def test_an_address_in_a_search_is_not_stored(balie: Balie) -> None:
    visitor = await balie.open()
    searched = an_event(balie, kind="search", words="tent sanne@voorbeeld.example")
    del searched["sku"]

    await tell(balie, visitor.token, searched)

    assert await stored(balie) == [("search", None, "tent ‹e-mail›", None)]


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "love"},
        {"sku": None},
        {"words": "tent"},
        {"kind": "basket"},
        {"kind": "basket", "quantity": -1},
        {"kind": "basket", "quantity": True},
        {"kind": "search"},
        {"sku": "é"},
        {"sku": "x" * 61},
        {"at": "2026-11-03T10:00:00"},
        {"id": "1"},
        {"exposure": "../etc"},
        {"customer_id": 1},
    ],
)
async def test_what_is_no_event_is_refused(balie: Balie, broken: dict[str, Any]) -> None:
    visitor = await balie.open()

    answer = await tell(balie, visitor.token, an_event(balie, **broken))

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "request_invalid")


@pytest.mark.parametrize("count", [0, 51])
async def test_a_batch_has_one_event_to_fifty(balie: Balie, count: int) -> None:
    visitor = await balie.open()

    answer = await tell(balie, visitor.token, *(an_event(balie) for _ in range(count)))

    assert answer.status_code == 422


async def test_a_page_whose_clock_is_wrong_is_put_right(balie: Balie) -> None:
    visitor = await balie.open()
    later: datetime = balie.clock() + timedelta(days=3650)

    answer = await tell(balie, visitor.token, an_event(balie, at=later.isoformat()))

    async with balie.unit_of_work.read() as session:
        [at] = (await session.scalars(select(ShopEventRow.at))).all()
    assert (answer.json()["stored"], at) == (1, balie.clock())


async def test_nothing_is_stored_where_recommendations_are_off(database_url: str, tmp_path: Path) -> None:
    async with balie_with(database_url, static_dir=tmp_path / "none", recommendations=False) as balie:
        visitor = await balie.open()

        assert (await tell(balie, visitor.token, an_event(balie))).json()["consent"] is False
