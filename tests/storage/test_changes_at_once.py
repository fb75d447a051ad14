"""Two tabs, two processes, a shop that is at it too, and a machine that fails in the middle."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncEngine

from balie.audit.models import AuditEntryRow, ChangeKeyRow
from balie.orders.changes import ChangeService
from balie.orders.changes_asked import CancelOrder, ChangeLines, LineWish, Request, ReturnItems, ReturnWish
from balie.orders.kinds import ReturnMethod, ReturnReason
from balie.orders.models import (
    OrderRow,
    RefundRow,
    ReservationRow,
    ReturnRow,
)
from balie.orders.outcomes import Done, Offer, Outcome, Refused
from balie.orders.policy_facts import Reason
from balie.storage.engine import open_async_engine
from balie.storage.errors import StoreUnavailableError
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import NUMBER, ChangingShop, a_turn, shop_terms

EXCHANGE = ReturnItems(
    (ReturnWish(position=1, quantity=2, reason=ReturnReason.TOO_SMALL, variant_sku="SHOE-44"),),
    ReturnMethod.PARCEL,
)


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> ChangingShop:
    return await ChangingShop(unit_of_work).open()


@asynccontextmanager
async def another_process(
    database_url: str, shop: ChangingShop, *, lock_wait: timedelta = timedelta(seconds=5)
) -> AsyncIterator[ChangeService]:
    engine = open_async_engine(database_url, lock_wait=lock_wait)
    try:
        yield ChangeService(UnitOfWork(engine), shop_terms(), clock=shop.clock)
    finally:
        await engine.dispose()


async def test_same_message_in_two_processes_has_one_effect(shop: ChangingShop, database_url: str) -> None:
    await shop.pay()
    turn, offered = a_turn(), await shop.offer(CancelOrder())

    async with another_process(database_url, shop) as other:
        outcomes = await asyncio.gather(
            *(
                service.make(shop.customer, NUMBER, CancelOrder(), turn=turn, confirmed=offered.offer_id)
                for service in (shop.service, other, shop.service, other)
            )
        )

    [first] = [one for one in outcomes if not one.repeated]
    assert isinstance(first, Done)
    assert [one for one in outcomes if one.repeated] == [replace(first, repeated=True)] * 3
    assert (await shop.count(RefundRow), await shop.count(AuditEntryRow)) == (1, 1)
    assert await shop.in_stock("TENT") == 6


async def test_two_tabs_that_cancel_the_same_order_refund_it_once(
    shop: ChangingShop, database_url: str
) -> None:
    await shop.pay()
    offered = await shop.offer(CancelOrder())

    async with another_process(database_url, shop) as other:
        outcomes = await asyncio.gather(
            *(
                service.make(shop.customer, NUMBER, CancelOrder(), turn=a_turn(), confirmed=offered.offer_id)
                for service in (shop.service, other)
            )
        )

    [refused] = [one for one in outcomes if isinstance(one, Refused)]
    assert refused.reason is Reason.ALREADY_CANCELLED
    assert await shop.count(RefundRow) == 1


async def test_last_pieces_go_to_one_of_two(shop: ChangingShop, database_url: str) -> None:
    await shop.set_stock("SHOE-43", 1)
    await shop.place("DD2", {"TENT": 1})
    wish: Request = ChangeLines((LineWish(position=None, quantity=1, variant_sku="SHOE-43"),))

    async def add_to(service: ChangeService, number: str, offer_id: str) -> Done | Refused:
        return await service.make(shop.customer, number, wish, turn=a_turn(), confirmed=offer_id)

    async with another_process(database_url, shop) as other:
        offers = [await shop.service.offer(shop.customer, number, wish) for number in (NUMBER, "DD2")]
        ids = [one.offer_id for one in offers if isinstance(one, Offer)]
        outcomes = await asyncio.gather(add_to(shop.service, NUMBER, ids[0]), add_to(other, "DD2", ids[1]))

    assert sorted(one.kind for one in outcomes) == ["done", "refused"]
    assert [one.reason for one in outcomes if isinstance(one, Refused)] == [Reason.OUT_OF_STOCK]
    assert await shop.in_stock("SHOE-43") == 0


async def test_wishes_that_cross_each_other_do_not_wait_forever(
    shop: ChangingShop, database_url: str
) -> None:
    await shop.place("DD2", {"TENT": 1, "SHOE-42": 1})
    there = ChangeLines(
        tuple(
            LineWish(position=None, quantity=1, variant_sku=sku) for sku in ("SHOE-43", "SHOE-44", "SHOE-45")
        )
    )
    back = ChangeLines(there.wishes[::-1])

    async with another_process(database_url, shop) as other:
        first = await shop.service.offer(shop.customer, NUMBER, there)
        second = await shop.service.offer(shop.customer, "DD2", back)
        assert isinstance(first, Offer)
        assert isinstance(second, Offer)
        outcomes = await asyncio.gather(
            shop.service.make(shop.customer, NUMBER, there, turn=a_turn(), confirmed=first.offer_id),
            other.make(shop.customer, "DD2", back, turn=a_turn(), confirmed=second.offer_id),
        )

    assert all(isinstance(one, Done) for one in outcomes)
    assert await shop.in_stock("SHOE-43") == 3


async def test_order_that_the_shop_holds_too_long_is_tried_again_later(
    shop: ChangingShop, database_url: str
) -> None:
    turn, offered = a_turn(), await shop.offer(CancelOrder())

    async with another_process(database_url, shop, lock_wait=timedelta(seconds=0.2)) as other:
        async with shop.unit_of_work.write() as session:
            await session.scalars(select(OrderRow).with_for_update())
            with pytest.raises(StoreUnavailableError):
                await other.make(shop.customer, NUMBER, CancelOrder(), turn=turn, confirmed=offered.offer_id)
        outcome = await other.make(
            shop.customer, NUMBER, CancelOrder(), turn=turn, confirmed=offered.offer_id
        )

    assert isinstance(outcome, Done)
    assert not outcome.repeated


class MachineFailedError(Exception):
    pass


class FailingAt:
    """Lets an engine fail at one of its statements."""

    def __init__(self, engine: AsyncEngine, statement: int) -> None:
        self._engine = engine.sync_engine
        self._left = statement

    def __enter__(self) -> None:
        event.listen(self._engine, "before_cursor_execute", self._count)

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._count)

    def _count(self, *_: Any) -> None:
        self._left -= 1
        if self._left < 0:
            raise MachineFailedError


@pytest.mark.parametrize("request_", [CancelOrder(), EXCHANGE], ids=["cancel", "exchange"])
async def test_failure_at_any_statement_leaves_nothing_and_the_same_turn_succeeds_afterwards(
    shop: ChangingShop, engine: AsyncEngine, request_: Request
) -> None:
    await shop.pay()
    if request_ is EXCHANGE:
        await shop.ship(delivered=3)
    turn, offered = a_turn(), await shop.offer(request_)
    traces = (RefundRow, AuditEntryRow, ChangeKeyRow, ReturnRow, ReservationRow)

    async def confirm_on_a_machine_that_fails_at(statement: int) -> Outcome | None:
        try:
            with FailingAt(engine, statement):
                return await shop.confirm(request_, offered, turn=turn)
        except MachineFailedError:
            return None

    failures = 0
    while (outcome := await confirm_on_a_machine_that_fails_at(failures)) is None:
        failures += 1
        assert [await shop.count(model) for model in (AuditEntryRow, ChangeKeyRow)] == [0, 0]

    assert failures > 10
    assert isinstance(outcome, Done)
    assert not outcome.repeated
    assert max([await shop.count(model) for model in traces]) == 1
    again = await shop.confirm(request_, offered, turn=turn)
    assert again == replace(outcome, repeated=True)
