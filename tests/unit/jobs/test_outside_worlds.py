"""Which provider and carrier stand behind the ports, tried out in the demo shop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from balie.audit.turns import Turn
from balie.jobs.outside_worlds import OutsideWorlds, open_outside_worlds
from balie.kernel.money import Money
from balie.orders.demo.personas import PIETER, PRIYA, SEM, DemoCustomer
from balie.orders.models import OrderRow, RefundRow, ReturnRow
from balie.outbox.models import OutboxLetterRow
from balie.payments.kinds import LinkRefusal
from balie.payments.views import DoubleChargeRefunded, LinkRefused, PaymentLink
from balie.settings import Settings
from tests.support.clock import StillClock
from tests.support.content import real_renderer
from tests.support.demo_shop import copy_demo_shop
from tests.support.store import BreakableUnitOfWork, opened

TURN = Turn(conversation_id=UUID(int=1), message_id=UUID(int=2))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[BreakableUnitOfWork]:
    async with opened(copy_demo_shop(tmp_path)) as unit_of_work:
        yield unit_of_work


def worlds(
    store: BreakableUnitOfWork, clock: StillClock, rings: list[str] | None = None, **settings: object
) -> OutsideWorlds:
    chosen = Settings(**{"demo": True, "public_url": "https://balie.example", **settings})  # type: ignore[arg-type]
    told = rings if rings is not None else []
    shop = real_renderer().library.shop
    return open_outside_worlds(chosen, store, shop, clock=clock, after_work=lambda: told.append("ring"))


async def customer_of(store: BreakableUnitOfWork, who: DemoCustomer) -> int:
    async with store.read() as session:
        query = select(OrderRow.customer_id).where(OrderRow.number == who.order_number)
        return (await session.scalars(query)).one()


async def test_priya_pays_with_a_link_after_her_card_was_declined(store: BreakableUnitOfWork) -> None:
    clock = StillClock()
    outside = worlds(store, clock)
    priya = await customer_of(store, PRIYA)

    link = await outside.payments.make_retry_link(priya, PRIYA.order_number, key="m1")
    assert isinstance(link, PaymentLink)
    assert link.url.startswith("https://balie.example/demo/pay/")
    assert outside.simulated is not None
    await outside.simulated.decide(link.url.rpartition("/")[2])

    situation = await outside.payments.get_situation(priya, PRIYA.order_number)
    assert (situation.due, situation.paid) == (Money(0), situation.total)


async def test_sem_gets_what_was_charged_twice(store: BreakableUnitOfWork) -> None:
    clock = StillClock()
    outside = worlds(store, clock)
    sem = await customer_of(store, SEM)
    [double] = (await outside.payments.get_situation(sem, SEM.order_number)).double_charges

    outcome = await outside.payments.refund_double_charge(sem, SEM.order_number, double.payment_id, turn=TURN)
    assert await outside.runner.send_due() > 0

    assert isinstance(outcome, DoubleChargeRefunded)
    async with store.read() as session:
        query = select(RefundRow).join(OrderRow).where(OrderRow.number == SEM.order_number)
        [refund] = (await session.scalars(query)).all()
    assert (refund.amount_minor, refund.paid_at) == (outcome.amount.minor_units, clock())


async def test_pieters_return_gets_the_carriers_number(store: BreakableUnitOfWork) -> None:
    await worlds(store, StillClock()).runner.send_due()

    async with store.read() as session:
        query = select(ReturnRow).join(OrderRow).where(OrderRow.number == PIETER.order_number)
        [returned] = (await session.scalars(query)).all()
    assert returned.track_code is not None


async def test_a_promised_link_is_mailed_and_the_post_room_is_rung(store: BreakableUnitOfWork) -> None:
    rings: list[str] = []
    outside = worlds(store, StillClock(), rings)
    await outside.payments.promise_link(await customer_of(store, PRIYA), PRIYA.order_number, key="m1")

    await outside.runner.send_due()

    assert rings == ["ring"]
    async with store.read() as session:
        [letter] = (await session.scalars(select(OutboxLetterRow))).all()
    assert (letter.recipient, letter.language) == (PRIYA.email, "en")


async def test_everything_comes_right_although_half_of_all_calls_fail(store: BreakableUnitOfWork) -> None:
    clock = StillClock()
    outside = worlds(store, clock, payment_failures=0.5, parcel_failures=0.5)
    sem = await customer_of(store, SEM)
    [double] = (await outside.payments.get_situation(sem, SEM.order_number)).double_charges
    await outside.payments.refund_double_charge(sem, SEM.order_number, double.payment_id, turn=TURN)
    await outside.payments.promise_link(await customer_of(store, PRIYA), PRIYA.order_number, key="m1")

    for _ in range(30):
        await outside.runner.send_due()
        clock.advance(timedelta(hours=6))

    async with store.read() as session:
        refunds = await session.scalars(
            select(RefundRow).join(OrderRow).where(OrderRow.number == SEM.order_number)
        )
        letters = await session.scalars(select(OutboxLetterRow))
        assert [refund.paid_at is not None for refund in refunds] == [True]
        assert len(letters.all()) == 1


async def test_a_real_shop_makes_no_links_and_tells_nobody(store: BreakableUnitOfWork) -> None:
    outside = worlds(store, StillClock(), demo=False)

    refused = await outside.payments.make_retry_link(
        await customer_of(store, PRIYA), PRIYA.order_number, key="m1"
    )

    assert refused == LinkRefused(order_number=PRIYA.order_number, reason=LinkRefusal.PROVIDER_REFUSED)
    assert await outside.runner.send_due() == 0
    assert outside.simulated is None
