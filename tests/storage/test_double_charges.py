from __future__ import annotations

import asyncio
from datetime import date

import pytest

from balie.audit.errors import ChangeKeyTakenError
from balie.kernel.money import Money
from balie.orders.changes_asked import AskRefund, CancelOrder
from balie.orders.errors import OrderNotFoundError
from balie.orders.kinds import PaymentMethod
from balie.orders.models import RefundRow
from balie.orders.outcomes import Done, Refused
from balie.orders.status import RefundState
from balie.payments.kinds import DoubleChargeRefusal
from balie.payments.views import DoubleChargeRefunded, DoubleChargeRefused
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import NUMBER, a_turn
from tests.storage.payments_shop import PayingShop
from tests.support.store import add_customer

TOTAL = Money(36_395)


class TwiceCharged(PayingShop):
    """The order was paid through the provider, and then again."""

    first = 0
    second = 0

    async def charge_twice(self) -> TwiceCharged:
        await self.open()
        self.first = await self.pay_through_provider(name="pay-1")
        self.second = await self.pay_through_provider(name="pay-2")
        return self

    async def refunds(self) -> list[tuple[int, int | None]]:
        return [(row.amount_minor, row.payment_id) for row in await self.rows(RefundRow)]


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> TwiceCharged:
    return await TwiceCharged(unit_of_work).charge_twice()


async def test_the_second_payment_of_the_same_amount_is_seen(shop: TwiceCharged) -> None:
    situation = await shop.situation()

    [double] = situation.double_charges
    assert (double.payment_id, double.amount, double.refund) == (shop.second, TOTAL, None)
    assert (situation.paid, situation.due) == (Money(2 * TOTAL.minor_units), Money(0))


async def test_it_is_given_back_exactly_and_paid_out_of_the_payment_it_is(shop: TwiceCharged) -> None:
    outcome = await shop.refund_double(shop.second)

    assert outcome == DoubleChargeRefunded(
        order_number=NUMBER,
        payment_id=shop.second,
        amount=TOTAL,
        method=PaymentMethod.IDEAL,
        expected_by=date(2026, 11, 6),
    )
    assert await shop.refunds() == [(TOTAL.minor_units, shop.second)]
    await shop.money_back.send_due()
    assert [(part.payment_id, part.amount_minor) for part in await shop.parts()] == [
        (shop.second, TOTAL.minor_units)
    ]
    assert await shop.given_back() == TOTAL.minor_units
    [double] = (await shop.situation()).double_charges
    assert double.refund is RefundState.PAID


async def test_it_is_written_down_who_wanted_it_and_what_changed(shop: TwiceCharged) -> None:
    turn = a_turn()

    await shop.refund_double(shop.second, turn=turn)

    [entry] = await shop.audited()
    assert (entry.undertaking, entry.message_id, entry.customer_id) == (
        "refund_double_charge", turn.message_id, shop.customer,
    )  # fmt: skip
    assert (entry.before["refunds"], len(entry.after["refunds"])) == ([], 1)


async def test_the_same_message_gives_back_once(shop: TwiceCharged) -> None:
    turn = a_turn()

    outcomes = [await shop.refund_double(shop.second, turn=turn) for _ in range(3)]

    assert [outcome.repeated for outcome in outcomes] == [False, True, True]
    assert await shop.refunds() == [(TOTAL.minor_units, shop.second)]


async def test_two_messages_give_back_once(shop: TwiceCharged) -> None:
    outcomes = await asyncio.gather(*(shop.refund_double(shop.second) for _ in range(4)))

    refused = [one.reason for one in outcomes if isinstance(one, DoubleChargeRefused)]
    assert refused == [DoubleChargeRefusal.ALREADY_REFUNDED] * 3
    assert await shop.refunds() == [(TOTAL.minor_units, shop.second)]


async def test_what_was_asked_back_in_general_is_the_same_money(shop: TwiceCharged) -> None:
    done = await shop.make(AskRefund())

    again = await shop.refund_double(shop.second)

    assert isinstance(done, Done)
    assert done.effects.refund == TOTAL
    assert again == DoubleChargeRefused(
        order_number=NUMBER, payment_id=shop.second, reason=DoubleChargeRefusal.ALREADY_REFUNDED
    )
    assert await shop.refunds() == [(TOTAL.minor_units, shop.second)]


async def test_after_it_nothing_more_can_be_asked_back(shop: TwiceCharged) -> None:
    await shop.refund_double(shop.second)

    assert isinstance(await shop.service.offer(shop.customer, NUMBER, AskRefund()), Refused)


async def test_a_cancelled_order_gives_back_the_rest_and_no_more(shop: TwiceCharged) -> None:
    await shop.refund_double(shop.second)

    await shop.make(CancelOrder())
    await shop.until_quiet(2)

    assert sorted(await shop.refunded()) == [TOTAL.minor_units] * 2
    assert await shop.given_back() == 2 * TOTAL.minor_units


async def test_the_payment_that_pays_the_order_stays(shop: TwiceCharged) -> None:
    outcome = await shop.refund_double(shop.first)

    assert outcome == DoubleChargeRefused(
        order_number=NUMBER, payment_id=shop.first, reason=DoubleChargeRefusal.NOT_DOUBLED
    )
    assert await shop.refunds() == []


async def test_a_payment_of_nobody_or_of_another_order_is_not_given_back(shop: TwiceCharged) -> None:
    outcome = await shop.refund_double(shop.second + 100)

    assert isinstance(outcome, DoubleChargeRefused)
    assert outcome.reason is DoubleChargeRefusal.NO_SUCH_PAYMENT


async def test_somebody_else_gives_nothing_back_and_does_not_learn_of_it(shop: TwiceCharged) -> None:
    turn, somebody = a_turn(), await add_customer(shop.unit_of_work, "K-2")
    with pytest.raises(OrderNotFoundError):
        await shop.payments.refund_double_charge(somebody, NUMBER, shop.second, turn=turn)
    await shop.refund_double(shop.second, turn=turn)

    with pytest.raises(ChangeKeyTakenError):
        await shop.payments.refund_double_charge(somebody, NUMBER, shop.second, turn=turn)
