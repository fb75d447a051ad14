"""Two tabs and two processes that are at the same basket, and a machine that fails in the middle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from balie.audit.models import ChangeKeyRow
from balie.baskets.kinds import Reason
from balie.baskets.limits import WRONG_CODES_ALLOWED
from balie.baskets.models import BasketLineRow, BasketRow, DiscountCodeRow, DiscountCodeUseRow
from balie.baskets.service import BasketService
from balie.baskets.views import Changed, Outcome, Owner
from balie.storage.engine import open_async_engine
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.basket_shop import SECRET, BasketShop, a_key, a_stranger, pieces, refused
from tests.storage.test_changes_at_once import FailingAt, MachineFailedError


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> BasketShop:
    return await BasketShop(unit_of_work).open()


@pytest.fixture
async def other(database_url: str, shop: BasketShop) -> AsyncIterator[BasketService]:
    """The same service in another process."""
    async with another_process(database_url, shop) as service:
        yield service


@asynccontextmanager
async def another_process(database_url: str, shop: BasketShop) -> AsyncIterator[BasketService]:
    engine = open_async_engine(database_url)
    try:
        yield BasketService(UnitOfWork(engine), shop.terms, SECRET, clock=shop.clock)
    finally:
        await engine.dispose()


async def test_two_tabs_that_add_at_once_both_count(shop: BasketShop, other: BasketService) -> None:
    await shop.orders.set_stock("SHOE-42", 50)
    for owner in (a_stranger(), await shop.customer()):
        outcomes = await asyncio.gather(
            *(
                service.add_to_basket(owner, "SHOE-42", 2)
                for service in (shop.service, other)
                for _ in range(5)
            )
        )

        assert all(isinstance(one, Changed) for one in outcomes)
        assert pieces(await shop.service.get_basket(owner)) == {"SHOE-42": 20}
    assert await shop.orders.count(BasketRow) == 2


async def test_two_tabs_cannot_put_in_more_than_there_are(shop: BasketShop, other: BasketService) -> None:
    owner = await shop.customer()

    outcomes = await asyncio.gather(
        *(service.add_to_basket(owner, "SHOE-42", 3) for service in (shop.service, other))
    )

    assert sorted(one.kind for one in outcomes) == ["changed", "refused"]
    [answer] = [one for one in outcomes if one.kind == "refused"]
    assert (refused(answer).reason, refused(answer).at_most) == (Reason.OUT_OF_STOCK, 2)
    assert pieces(await shop.service.get_basket(owner)) == {"SHOE-42": 3}


async def test_the_same_message_in_two_processes_adds_once(shop: BasketShop, other: BasketService) -> None:
    owner = a_stranger()
    key = a_key(owner)

    outcomes = await asyncio.gather(
        *(
            service.add_to_basket(owner, "TENT", 1, key=key)
            for service in (shop.service, other)
            for _ in (1, 2)
        )
    )

    assert sorted(isinstance(one, Changed) and one.repeated for one in outcomes) == [False, True, True, True]
    assert pieces(await shop.service.get_basket(owner)) == {"TENT": 1}


async def test_adding_and_taking_out_at_once_leaves_one_or_the_other(
    shop: BasketShop, other: BasketService
) -> None:
    owner = await shop.customer()
    await shop.put(owner, "TENT", 1)

    await asyncio.gather(shop.service.add_to_basket(owner, "TENT", 1), other.remove_line(owner, "TENT"))

    assert pieces(await shop.service.get_basket(owner)) in ({}, {"TENT": 1})


async def test_a_stranger_who_is_recognised_in_two_tabs_is_merged_once(
    shop: BasketShop, other: BasketService
) -> None:
    customer, stranger = await shop.customer(), a_stranger()
    await shop.put(customer, "SHOE-42", 1)
    await shop.put(stranger, "SHOE-42", 2)
    known = Owner(customer_id=customer.customer_id, conversation_id=stranger.conversation_id)

    await asyncio.gather(
        shop.service.get_basket(known),
        other.get_basket(known),
        shop.service.add_to_basket(known, "TENT", 1),
        other.add_to_basket(stranger, "SUIT", 1),
    )

    together = pieces(await shop.service.get_basket(known))
    assert {sku: together[sku] for sku in ("SHOE-42", "TENT", "SUIT")} == {"SHOE-42": 3, "TENT": 1, "SUIT": 1}


async def test_a_basket_that_is_ordered_meanwhile_is_not_added_to(
    shop: BasketShop, other: BasketService
) -> None:
    owner = await shop.customer()
    await shop.put(owner, "TENT")

    ordered, *added = await asyncio.gather(
        shop.service.close_basket(owner),
        *(other.add_to_basket(owner, "SUIT", 1) for _ in range(3)),
    )

    assert ordered
    assert all(isinstance(one, Changed) for one in added)
    closed = [row.id for row in await shop.orders.rows(BasketRow) if row.ordered_at is not None]
    assert len(closed) == 1
    assert await _all_pieces(shop) == 4


async def test_two_tabs_order_a_basket_once(shop: BasketShop, other: BasketService) -> None:
    await shop.code("WELKOM10")
    owner = await shop.customer()
    await shop.put(owner, "TENT")
    await shop.service.apply_discount(owner, "WELKOM10")

    ordered = await asyncio.gather(shop.service.close_basket(owner), other.close_basket(owner))

    assert sorted(ordered) == [False, True]
    [code] = await shop.orders.rows(DiscountCodeRow)
    assert (code.uses, await shop.orders.count(DiscountCodeUseRow)) == (1, 1)


async def test_guesses_at_once_are_all_counted(shop: BasketShop, other: BasketService) -> None:
    owner = a_stranger()

    answers = await asyncio.gather(
        *(
            service.apply_discount(owner, f"GUESS{number}")
            for service in (shop.service, other)
            for number in range(WRONG_CODES_ALLOWED)
        )
    )

    reasons = [refused(answer).reason for answer in answers]
    assert reasons.count(Reason.UNKNOWN) == WRONG_CODES_ALLOWED
    assert reasons.count(Reason.TOO_MANY_TRIES) == WRONG_CODES_ALLOWED


async def test_a_failure_at_any_statement_leaves_nothing_and_the_same_turn_succeeds_afterwards(
    shop: BasketShop, engine: AsyncEngine
) -> None:
    customer, stranger = await shop.customer(), a_stranger()
    await shop.put(stranger, "SHOE-42", 2)
    known = Owner(customer_id=customer.customer_id, conversation_id=stranger.conversation_id)
    key = a_key(known)

    async def add_on_a_machine_that_fails_at(statement: int) -> Outcome | None:
        try:
            with FailingAt(engine, statement):
                return await shop.service.add_to_basket(known, "SHOE-42", 1, key=key)
        except MachineFailedError:
            return None

    failures = 0
    while (outcome := await add_on_a_machine_that_fails_at(failures)) is None:
        failures += 1
        assert await shop.orders.count(ChangeKeyRow) == 0
        assert await _all_pieces(shop) == 2

    assert failures > 10
    assert isinstance(outcome, Changed)
    assert pieces(outcome.basket) == {"SHOE-42": 3}
    again = await shop.service.add_to_basket(known, "SHOE-42", 1, key=key)
    assert again == Changed(basket=outcome.basket, repeated=True)


async def _all_pieces(shop: BasketShop) -> int:
    async with shop.unit_of_work.read() as session:
        return sum((await session.scalars(select(BasketLineRow.quantity))).all())
