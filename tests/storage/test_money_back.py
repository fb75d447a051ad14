from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from balie.kernel.back_off import BACK_OFF
from balie.kernel.money import Money
from balie.orders.models import OrderRow, RefundRow
from balie.payments.kinds import RefundProgress, SendState
from balie.payments.models import SimulatedPaymentRow
from balie.payments.money_back import MoneyBack
from balie.payments.port import ProviderRefund
from balie.payments.simulated import SimulatedProvider
from balie.storage.engine import open_async_engine
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import NOW
from tests.storage.payments_shop import PayingShop

PAID = 36_395


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> PayingShop:
    shop = await PayingShop(unit_of_work).open()
    await shop.pay_through_provider()
    return shop


async def states(shop: PayingShop) -> list[tuple[str, str | None]]:
    return [(part.state, part.trouble) for part in await shop.parts()]


async def paid_at(shop: PayingShop) -> list[bool]:
    return [row.paid_at is not None for row in await shop.rows(RefundRow)]


async def test_an_approved_refund_is_paid_out_and_says_when(shop: PayingShop) -> None:
    await shop.owe(5_000)

    assert await shop.money_back.send_due() == 1
    assert await shop.money_back.send_due() == 0

    [refund] = await shop.rows(RefundRow)
    assert (refund.paid_at, await shop.given_back()) == (NOW, 5_000)
    assert await states(shop) == [(SendState.DONE, None)]


async def test_what_is_not_approved_or_was_refused_or_paid_is_left_alone(shop: PayingShop) -> None:
    for times in (
        {"approved_at": None},
        {"approved_at": NOW, "refused_at": NOW},
        {"approved_at": NOW, "paid_at": NOW},
    ):
        await shop.add(
            RefundRow(order_id=shop.order.id, method="ideal", amount_minor=100, asked_at=NOW, **times)
        )

    assert await shop.money_back.send_due() == 0
    assert await shop.parts() == []


async def test_money_no_provider_took_is_not_ours_to_pay_out(unit_of_work: UnitOfWork) -> None:
    shop = await PayingShop(unit_of_work).open()
    await shop.pay()
    await shop.owe(5_000)

    assert await shop.money_back.send_due() == 0
    assert await shop.money_back.count_unsendable() == 1
    assert await paid_at(shop) == [False]


async def test_more_than_one_payment_has_is_given_back_by_several(shop: PayingShop) -> None:
    await shop.pay_through_provider(8_000, name="pay-2")
    await shop.owe(40_000)

    assert await shop.money_back.send_due() == 2

    assert sorted(part.amount_minor for part in await shop.parts()) == [3_605, PAID]
    assert (await shop.given_back(), await paid_at(shop)) == (40_000, [True])


async def test_refunds_after_each_other_never_give_back_more_than_was_paid(shop: PayingShop) -> None:
    for amount in (20_000, 16_395, 1):
        await shop.owe(amount)

    await shop.until_quiet(2)

    assert (await shop.given_back(), await paid_at(shop)) == (PAID, [True, True, False])


async def test_a_refund_is_paid_when_the_last_of_its_parts_is(shop: PayingShop) -> None:
    await shop.pay_through_provider(8_000, name="pay-2")
    await shop.owe(40_000)
    shop.troubles.down_for = 1

    await shop.money_back.send_due()
    assert await shop.money_back.send_due() == 1
    assert await paid_at(shop) == [False]
    shop.clock.advance(timedelta(minutes=1))
    await shop.money_back.send_due()

    assert (await shop.given_back(), await paid_at(shop)) == (40_000, [True])


async def test_waits_grow_while_the_provider_is_down(shop: PayingShop) -> None:
    await shop.owe(5_000)
    waits = []
    for _ in range(len(BACK_OFF) + 2):
        shop.troubles.down_for = 1
        await shop.money_back.send_due()
        [part] = await shop.parts()
        waits.append(part.due_at - shop.clock())
        shop.clock.now = part.due_at

    assert waits == [*BACK_OFF, BACK_OFF[-1], BACK_OFF[-1]]
    assert await states(shop) == [(SendState.WANTED, "payment_provider_down")]
    await shop.money_back.send_due()
    assert (await shop.given_back(), await states(shop)) == (5_000, [(SendState.DONE, None)])


async def test_a_lost_answer_is_asked_for_again_and_nothing_goes_back_twice(shop: PayingShop) -> None:
    await shop.owe(5_000)
    shop.troubles.lose_answers = 3

    await shop.until_quiet(5)

    assert (await shop.given_back(), await paid_at(shop)) == (5_000, [True])


async def test_what_the_provider_refuses_stays_with_us_and_is_not_asked_again(
    shop: PayingShop, caplog: pytest.LogCaptureFixture
) -> None:
    await shop.owe(5_000)
    async with shop.unit_of_work.write() as session:
        (await session.get_one(SimulatedPaymentRow, "pay-1")).state = "failed"

    await shop.until_quiet(3)

    assert await states(shop) == [(SendState.REFUSED, "not_paid")]
    assert await paid_at(shop) == [False]
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


class SlowProvider(SimulatedProvider):
    """Takes a refund, and needs some days for it."""

    is_done = False

    async def refund(self, provider_id: str, amount: Money, *, key: str) -> ProviderRefund:
        refund = await super().refund(provider_id, amount, key=key)
        progress = RefundProgress.DONE if self.is_done else RefundProgress.PENDING
        return ProviderRefund(provider_id=refund.provider_id, progress=progress, amount=refund.amount)


async def test_a_provider_that_needs_time_is_asked_until_it_is_done(shop: PayingShop) -> None:
    await shop.owe(5_000)
    provider = SlowProvider(shop.unit_of_work, clock=shop.clock)
    money_back = MoneyBack(shop.unit_of_work, provider, clock=shop.clock)
    await money_back.send_due()
    assert (await states(shop), await paid_at(shop)) == ([(SendState.SENT, None)], [False])

    provider.is_done = True
    assert await money_back.send_due() == 0
    shop.clock.advance(timedelta(minutes=1))
    await money_back.send_due()

    assert (await states(shop), await paid_at(shop)) == ([(SendState.DONE, None)], [True])
    assert await shop.given_back() == 5_000


async def test_two_processes_pay_out_once(shop: PayingShop, database_url: str) -> None:
    for amount in (100, 200, 300):
        await shop.owe(amount)
    engine = open_async_engine(database_url)
    try:
        store = UnitOfWork(engine)
        other = MoneyBack(store, SimulatedProvider(store, clock=shop.clock), clock=shop.clock)
        taken = await asyncio.gather(*(one.send_due() for one in (shop.money_back, other, shop.money_back)))
    finally:
        await engine.dispose()

    assert (sum(taken), await shop.given_back()) == (3, 600)
    assert await paid_at(shop) == [True] * 3


async def test_what_a_process_had_claimed_when_it_died_is_taken_up_later(shop: PayingShop) -> None:
    class DiedError(BaseException):
        pass

    class DeadlyProvider(SimulatedProvider):
        async def refund(self, provider_id: str, amount: Money, *, key: str) -> ProviderRefund:
            await super().refund(provider_id, amount, key=key)
            raise DiedError

    await shop.owe(5_000)
    deadly = DeadlyProvider(shop.unit_of_work, clock=shop.clock)
    with pytest.raises(DiedError):
        await MoneyBack(shop.unit_of_work, deadly, clock=shop.clock).send_due()

    assert await shop.money_back.send_due() == 0
    shop.clock.advance(timedelta(minutes=2))

    assert await shop.money_back.send_due() == 1
    assert (await shop.given_back(), await paid_at(shop)) == (5_000, [True])


async def test_refunds_go_with_the_order_when_the_customer_is_erased(shop: PayingShop) -> None:
    await shop.owe(5_000)
    shop.troubles.down_for = 1
    await shop.money_back.send_due()

    async with shop.unit_of_work.write() as session:
        await session.delete(await session.get_one(OrderRow, shop.order.id))
    await shop.until_quiet(2)

    assert (await shop.parts(), await shop.given_back()) == ([], 0)
