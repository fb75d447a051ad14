"""A card whose link was followed, told by the chat that showed it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import insert, select

from balie.gateway.services import CARDS_FOLLOWED_PER_MINUTE
from balie.recommendations.models import ExposureRow, OutcomeRow
from tests.support.gateway import Balie, Customer

KEY = "0a" * 16
WITHHELD = "0b" * 16


async def show(balie: Balie, customer: Customer, key: str = KEY, *, withheld: bool = False) -> None:
    exposure = {
        "key": key,
        "list": "popular",
        "sku": "DD-10001",
        "position": 1,
        "propensity": 1.0,
        "explored": False,
        "reason": "popular",
        "conversation_id": UUID(customer.id),
        "is_unasked": withheld,
        "withheld": withheld,
        "via": "web_widget",
        "at": balie.clock(),
    }
    async with balie.unit_of_work.write() as session:
        await session.execute(insert(ExposureRow).values(**exposure))


async def follow(customer: Customer, key: str = KEY, headers: dict[str, str] | None = None) -> httpx.Response:
    path = f"{customer.path}/cards/{key}/followed"
    return await customer.balie.http.post(path, headers=customer.headers if headers is None else headers)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def clicks(balie: Balie) -> list[Any]:
    query = select(ExposureRow.key, OutcomeRow.kind).join(
        OutcomeRow, OutcomeRow.exposure_id == ExposureRow.id
    )
    async with balie.unit_of_work.read() as session:
        return [tuple(row) for row in await session.execute(query)]


async def test_a_card_that_is_followed_is_a_click_however_often_it_is_told(balie: Balie) -> None:
    customer = await balie.open()
    await show(balie, customer)

    answers = [await follow(customer) for _ in range(3)]

    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 3
    assert await clicks(balie) == [(KEY, "click")]


async def test_what_this_conversation_has_not_shown_cannot_be_followed_in_it(balie: Balie) -> None:
    customer, another = await balie.open(), await balie.open()
    await show(balie, customer)
    await show(balie, customer, WITHHELD, withheld=True)

    answers = [await follow(another), await follow(customer, WITHHELD), await follow(customer, "0c" * 16)]

    assert {refusal(answer) for answer in answers} == {(404, "card_not_found")}
    assert await clicks(balie) == []


async def test_only_whoever_has_the_conversation_can_say_that_a_card_was_followed(balie: Balie) -> None:
    customer, another = await balie.open(), await balie.open()
    await show(balie, customer)

    assert refusal(await follow(customer, headers={})) == (401, "token_invalid")
    assert refusal(await follow(customer, headers=another.headers)) == (404, "conversation_not_found")
    assert await clicks(balie) == []


@pytest.mark.parametrize("key", ["x", "0A" * 16, "0a" * 17, "%00" * 32, "'--"])
async def test_what_is_no_key_is_refused(balie: Balie, key: str) -> None:
    customer = await balie.open()

    assert refusal(await follow(customer, key)) == (422, "request_invalid")


async def test_a_machine_that_follows_cards_is_told_to_slow_down(balie: Balie) -> None:
    customer = await balie.open()
    await show(balie, customer)
    for _ in range(CARDS_FOLLOWED_PER_MINUTE):
        await follow(customer)

    answer = await follow(customer)

    assert refusal(answer) == (429, "too_many_cards_followed")
    assert int(answer.headers["Retry-After"]) >= 1
