from __future__ import annotations

from datetime import date, timedelta

import pytest

from balie.kernel.money import Money
from balie.orders.changes_asked import AskRefund, ReturnItems, ReturnWish
from balie.orders.kinds import ReturnMethod, ReturnReason
from balie.orders.models import RefundRow, ReservationRow, ReturnLineRow, ReturnRow
from balie.orders.outcomes import Done
from balie.orders.policy_facts import Alternative, Change, Elsewhere, ItemCondition, Reason
from balie.orders.service import OrderService
from balie.orders.status import RefundState
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import NOW, NUMBER, ChangingShop, shop_terms

TODAY = NOW.date()
SHOES, TENT = 1, 2
LABEL = 395


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> ChangingShop:
    shop = await ChangingShop(unit_of_work).open()
    await shop.pay()
    await shop.ship(delivered=3)
    return shop


def back(
    position: int = SHOES,
    quantity: int = 1,
    *,
    method: ReturnMethod = ReturnMethod.PARCEL,
    reason: ReturnReason = ReturnReason.TOO_SMALL,
    condition: ItemCondition = ItemCondition.UNUSED,
    sku: str | None = None,
) -> ReturnItems:
    wish = ReturnWish(
        position=position, quantity=quantity, reason=reason, condition=condition, variant_sku=sku
    )
    return ReturnItems((wish,), method)


async def receive(shop: ChangingShop) -> None:
    """The shop's own people take in every return."""
    async with shop.unit_of_work.write() as session:
        for row in await shop.rows(ReturnRow):
            (await session.get_one(ReturnRow, row.id)).received_at = NOW


async def test_return_gets_a_number_a_label_and_a_refund_that_waits_for_it(shop: ChangingShop) -> None:
    done = await shop.make(back())

    assert isinstance(done, Done)
    assert done.return_number == "RDD1048213-1"
    assert done.effects.send_by == TODAY + timedelta(days=14)
    assert (done.effects.refund, done.effects.fee) == (Money(8000 - LABEL), Money(LABEL))
    [refund] = await OrderService(shop.unit_of_work).list_refunds(shop.customer, NUMBER)
    assert (refund.state, refund.amount, refund.expected_by) == (
        RefundState.WAITING_FOR_RETURN, Money(8000 - LABEL), None,
    )  # fmt: skip
    assert [(row.quantity, row.reason) for row in await shop.rows(ReturnLineRow)] == [(1, "too_small")]


async def test_every_return_of_an_order_has_its_own_number(shop: ChangingShop) -> None:
    await shop.make(back())

    second = await shop.make(back())

    assert isinstance(second, Done)
    assert second.return_number == "RDD1048213-2"


async def test_return_in_a_store_is_free_and_needs_no_label(shop: ChangingShop) -> None:
    done = await shop.make(back(method=ReturnMethod.STORE))

    assert isinstance(done, Done)
    assert (done.effects.refund, done.effects.fee, done.effects.send_by) == (Money(8000), None, None)


async def test_members_return_by_parcel_for_free(shop: ChangingShop) -> None:
    await shop.join_club()

    await shop.make(back())

    assert await shop.refunded() == [8000]


async def test_our_own_mistake_costs_the_customer_nothing(shop: ChangingShop) -> None:
    await shop.make(back(reason=ReturnReason.WRONG_ITEM))

    assert await shop.refunded() == [8000]


async def test_everything_back_in_time_gives_the_delivery_costs_back_too(shop: ChangingShop) -> None:
    wishes = (
        ReturnWish(position=SHOES, quantity=2, reason=ReturnReason.CHANGED_MIND),
        ReturnWish(position=TENT, quantity=1, reason=ReturnReason.CHANGED_MIND),
    )

    await shop.make(ReturnItems(wishes, ReturnMethod.STORE))

    assert await shop.refunded() == [shop.order.total_minor]


async def test_returns_in_steps_add_up_to_what_was_paid(unit_of_work: UnitOfWork) -> None:
    shop = await ChangingShop(unit_of_work).open(discount_minor=1001, shipping_minor=0)
    await shop.pay()
    await shop.ship(delivered=3)

    for wish in (back(SHOES), back(TENT), back(SHOES)):
        await shop.make(ReturnItems(wish.wishes, ReturnMethod.STORE))

    assert sum(await shop.refunded()) == shop.order.total_minor


@pytest.mark.parametrize(
    ("wish", "reason", "alternative"),
    [
        (back(quantity=3), Reason.TOO_MANY, None),
        (back(quantity=0), Reason.INVALID_QUANTITY, None),
        (back(quantity=-(10**9)), Reason.INVALID_QUANTITY, None),
        (back(9), Reason.NO_SUCH_ITEM, None),
        (back(condition=ItemCondition.USED), Reason.USED, Elsewhere.PERSON),
        (back(sku="SHOE-45"), Reason.COSTS_MORE, Change.RETURN_ITEM),
        (back(sku="OLD"), Reason.NOT_SOLD, Change.RETURN_ITEM),
        (back(sku="NOTHING"), Reason.NOT_SOLD, Change.RETURN_ITEM),
        (ReturnItems((), ReturnMethod.STORE), Reason.NO_SUCH_ITEM, None),
        (ReturnItems(back().wishes * 2, ReturnMethod.STORE), Reason.NAMED_TWICE, None),
    ],
)
async def test_return_that_cannot_be_says_why(
    shop: ChangingShop, wish: ReturnItems, reason: Reason, alternative: Alternative | None
) -> None:
    refused = await shop.refusal(wish)

    assert (refused.reason, refused.alternative) == (reason, alternative)


async def test_pieces_announced_before_do_not_come_back_twice(shop: ChangingShop) -> None:
    await shop.make(back(quantity=2))

    refused = await shop.refusal(back())

    assert (refused.reason, refused.alternative) == (Reason.ALREADY_ANNOUNCED, Elsewhere.TRACK_REFUND)


async def test_return_is_possible_until_the_last_day_and_no_longer(unit_of_work: UnitOfWork) -> None:
    shop = await ChangingShop(unit_of_work).open()
    await shop.pay()
    await shop.ship(delivered=30)
    assert isinstance(await shop.make(back()), Done)
    shop.clock.advance(timedelta(days=1))

    refused = await shop.refusal(back())

    assert (refused.reason, refused.until) == (Reason.PERIOD_OVER, TODAY)


async def test_order_that_is_not_on_its_way_is_cancelled_instead(unit_of_work: UnitOfWork) -> None:
    shop = await ChangingShop(unit_of_work).open()

    refused = await shop.refusal(back())

    assert (refused.reason, refused.alternative) == (Reason.NOT_SHIPPED, Change.CANCEL_ORDER)


class TestHygiene:
    @pytest.fixture
    async def suits(self, unit_of_work: UnitOfWork) -> ChangingShop:
        shop = ChangingShop(unit_of_work, shop_terms(sealed=["swimwear"], excluded=["tents"]))
        await shop.open()
        shop.order = await shop.place("DD2", {"SUIT": 1})
        await shop.pay()
        await shop.ship(delivered=3)
        return shop

    async def test_swimwear_without_its_strip_stays_with_the_customer(self, suits: ChangingShop) -> None:
        opened = back(condition=ItemCondition.SEAL_BROKEN)

        refused = await suits.service.offer(suits.customer, "DD2", opened)

        assert getattr(refused, "reason", None) is Reason.SEAL_BROKEN

    async def test_swimwear_with_its_strip_may_come_back(self, suits: ChangingShop) -> None:
        offered = await suits.service.offer(suits.customer, "DD2", back())

        assert getattr(offered, "offer_id", None)


class TestExchange:
    async def test_other_size_is_kept_aside(self, shop: ChangingShop) -> None:
        done = await shop.make(back(quantity=2, sku="SHOE-43"))

        assert isinstance(done, Done)
        assert done.effects.reserved_until == TODAY + timedelta(days=14)
        assert (done.effects.refund, done.effects.fee) == (None, None)
        [kept] = await shop.rows(ReservationRow)
        assert (kept.quantity, kept.kept_until) == (2, date(2026, 11, 17))
        assert (await shop.in_stock("SHOE-43"), await shop.refunded()) == (3, [])

    async def test_cheaper_one_gives_the_difference_back(self, shop: ChangingShop) -> None:
        await shop.make(back(quantity=2, sku="SHOE-44"))

        assert await shop.refunded() == [1000]

    async def test_sold_out_size_offers_the_money_instead(self, shop: ChangingShop) -> None:
        await shop.set_stock("SHOE-43", 1)

        refused = await shop.refusal(back(quantity=2, sku="SHOE-43"))

        assert (refused.reason, refused.alternative, refused.at_most) == (
            Reason.OUT_OF_STOCK, Change.RETURN_ITEM, 1,
        )  # fmt: skip

    async def test_what_nobody_comes_for_goes_back_on_the_shelf_once(self, shop: ChangingShop) -> None:
        await shop.make(back(quantity=2, sku="SHOE-43"))
        shop.clock.advance(timedelta(days=15))

        assert await shop.service.release_lapsed_reservations() == 1
        assert await shop.service.release_lapsed_reservations() == 0

        assert await shop.in_stock("SHOE-43") == 5

    async def test_what_somebody_came_for_stays_kept(self, shop: ChangingShop) -> None:
        await shop.make(back(quantity=2, sku="SHOE-43"))
        await receive(shop)
        shop.clock.advance(timedelta(days=15))

        assert await shop.service.release_lapsed_reservations() == 0


class TestRefundOfReturns:
    async def test_exchange_that_came_too_late_for_its_variant_gets_the_money(
        self, shop: ChangingShop
    ) -> None:
        await shop.make(back(method=ReturnMethod.STORE, sku="SHOE-43"))
        shop.clock.advance(timedelta(days=15))
        await shop.service.release_lapsed_reservations()
        await receive(shop)

        await shop.make(AskRefund())

        assert await shop.refunded() == [8000]

    async def test_items_that_came_back_without_a_refund_are_paid_on_request(
        self, shop: ChangingShop
    ) -> None:
        announced = ReturnRow(order_id=shop.order.id, number="R1", method="parcel", announced_at=NOW)
        await shop.add(announced)
        await shop.add(
            ReturnLineRow(
                return_id=announced.id,
                order_line_id=await shop.line_id(SHOES),
                quantity=1,
                reason="too_large",
            )
        )
        await receive(shop)

        await shop.make(AskRefund())

        [refund] = await shop.rows(RefundRow)
        assert (refund.amount_minor, refund.return_id, refund.approved_at) == (
            8000 - LABEL, announced.id, None,
        )  # fmt: skip

    async def test_refund_is_not_asked_for_twice(self, shop: ChangingShop) -> None:
        await shop.make(back())
        await receive(shop)

        refused = await shop.refusal(AskRefund())

        assert (refused.reason, refused.alternative) == (
            Reason.REFUND_ON_ITS_WAY, Elsewhere.TRACK_REFUND,
        )  # fmt: skip
