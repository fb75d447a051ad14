from __future__ import annotations

import pytest

from balie.kernel.money import Money
from balie.orders.changes_asked import ChangeLines, LineWish
from balie.orders.models import OrderLineRow, PaymentRow
from balie.orders.outcomes import Done
from balie.orders.policy_facts import Alternative, Change, Elsewhere, Reason
from balie.orders.service import OrderService
from balie.orders.status import PaymentState
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import NOW, NUMBER, ChangingShop

TOTAL = 2 * 8000 + 20000 + 395
SHOES, TENT = 1, 2


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> ChangingShop:
    return await ChangingShop(unit_of_work).open()


def line(position: int | None, quantity: int, sku: str | None = None) -> ChangeLines:
    return ChangeLines((LineWish(position=position, quantity=quantity, variant_sku=sku),))


async def lines_of(shop: ChangingShop) -> list[tuple[int, str, int, int]]:
    return [
        (row.position, row.sku, row.quantity, row.unit_price_minor) for row in await shop.rows(OrderLineRow)
    ]


async def test_line_that_is_taken_out_goes_back_on_the_shelf_and_its_price_to_the_customer(
    shop: ChangingShop,
) -> None:
    await shop.pay()

    done = await shop.make(line(TENT, 0))

    assert isinstance(done, Done)
    assert (done.effects.total, done.effects.refund) == (Money(TOTAL - 20000), Money(20000))
    assert await lines_of(shop) == [(SHOES, "SHOE-42", 2, 8000)]
    assert (await shop.in_stock("TENT"), await shop.refunded()) == (6, [20000])
    assert (await shop.one_order()).total_minor == TOTAL - 20000


async def test_fewer_pieces_cost_less(shop: ChangingShop) -> None:
    await shop.pay()

    await shop.make(line(SHOES, 1))

    assert (await shop.in_stock("SHOE-42"), await shop.refunded()) == (6, [8000])


async def test_more_pieces_are_taken_from_the_shelf_and_have_still_to_be_paid(shop: ChangingShop) -> None:
    await shop.pay()

    done = await shop.make(line(SHOES, 4))

    assert isinstance(done, Done)
    assert (done.effects.to_pay, done.effects.total) == (Money(16000), Money(TOTAL + 16000))
    assert await shop.in_stock("SHOE-42") == 3
    payments = await shop.rows(PaymentRow)
    assert [(one.amount_minor, one.paid_at) for one in payments] == [(TOTAL, NOW), (16000, None)]
    view = await OrderService(shop.unit_of_work).get_order(shop.customer, NUMBER)
    assert view.payment_state is PaymentState.PAID


async def test_more_and_then_fewer_again_owes_nobody_anything(shop: ChangingShop) -> None:
    await shop.pay()
    await shop.make(line(SHOES, 4))

    done = await shop.make(line(SHOES, 2))

    assert isinstance(done, Done)
    assert (done.effects.to_pay, done.effects.refund) == (None, None)
    assert (await shop.refunded(), await shop.in_stock("SHOE-42")) == ([], 5)
    assert [one.failed_at for one in await shop.rows(PaymentRow)] == [None, NOW]


async def test_unpaid_order_is_paid_with_a_new_try_for_the_new_total(shop: ChangingShop) -> None:
    await shop.pay(paid_at=None)

    done = await shop.make(line(TENT, 0))

    assert isinstance(done, Done)
    assert done.effects.to_pay == Money(TOTAL - 20000)
    old, new = await shop.rows(PaymentRow)
    assert (old.failed_at, new.amount_minor, new.failed_at) == (NOW, TOTAL - 20000, None)


async def test_order_whose_payment_failed_keeps_waiting_for_the_customers_next_try(
    shop: ChangingShop,
) -> None:
    await shop.pay(paid_at=None, failed_at=NOW)

    await shop.make(line(TENT, 0))

    assert await shop.count(PaymentRow) == 1


async def test_other_size_swaps_the_stock_and_pays_the_difference(shop: ChangingShop) -> None:
    await shop.pay()

    done = await shop.make(line(SHOES, 2, "SHOE-44"))

    assert isinstance(done, Done)
    assert done.effects.refund == Money(1000)
    assert (await shop.in_stock("SHOE-42"), await shop.in_stock("SHOE-44")) == (7, 3)
    assert (await lines_of(shop))[0] == (SHOES, "SHOE-44", 2, 7500)


async def test_added_line_costs_what_it_costs_today(shop: ChangingShop) -> None:
    await shop.pay()

    done = await shop.make(line(None, 1, "SHOE-45"))

    assert isinstance(done, Done)
    assert done.effects.to_pay == Money(9000)
    assert (await lines_of(shop))[2] == (3, "SHOE-45", 1, 9000)


async def test_several_wishes_are_done_together(shop: ChangingShop) -> None:
    await shop.pay()
    wishes = ChangeLines(
        (
            LineWish(position=TENT, quantity=0),
            LineWish(position=SHOES, quantity=1),
            LineWish(position=None, quantity=1, variant_sku="SHOE-43"),
        )
    )

    done = await shop.make(wishes)

    assert isinstance(done, Done)
    assert done.effects.refund == Money(20000)
    assert len(await shop.audited()) == 1


async def test_one_impossible_wish_stops_all_of_them(shop: ChangingShop) -> None:
    wishes = ChangeLines((LineWish(position=TENT, quantity=0), LineWish(position=SHOES, quantity=50)))

    refused = await shop.refusal(wishes)

    assert (refused.reason, refused.position) == (Reason.OUT_OF_STOCK, SHOES)
    assert len(await lines_of(shop)) == 2


async def test_wishes_for_the_same_thing_do_not_take_it_twice(shop: ChangingShop) -> None:
    wishes = ChangeLines(
        (
            LineWish(position=None, quantity=3, variant_sku="SHOE-43"),
            LineWish(position=SHOES, quantity=3, variant_sku="SHOE-43"),
        )
    )

    refused = await shop.refusal(wishes)

    assert (refused.reason, refused.at_most) == (Reason.OUT_OF_STOCK, 2)


@pytest.mark.parametrize(
    ("wish", "reason", "alternative"),
    [
        (line(SHOES, 8), Reason.OUT_OF_STOCK, Elsewhere.STOCK_ALERT),
        (line(SHOES, 10**9), Reason.TOO_MANY, Elsewhere.PERSON),
        (line(SHOES, -1), Reason.INVALID_QUANTITY, None),
        (line(None, 0, "SHOE-43"), Reason.INVALID_QUANTITY, None),
        (line(9, 1), Reason.NO_SUCH_ITEM, None),
        (line(SHOES, 2), Reason.UNCHANGED, None),
        (line(SHOES, 2, "SHOE-42"), Reason.UNCHANGED, None),
        (line(SHOES, 1, "NOTHING"), Reason.NOT_SOLD, Elsewhere.PERSON),
        (line(None, 1), Reason.NOT_SOLD, Elsewhere.PERSON),
        (line(None, 1, "OLD"), Reason.NOT_SOLD, Elsewhere.PERSON),
        (line(None, 1, "BIKE"), Reason.OTHER_DELIVERY, Elsewhere.NEW_ORDER),
        (ChangeLines(()), Reason.UNCHANGED, None),
        (
            ChangeLines((LineWish(position=1, quantity=1), LineWish(position=1, quantity=3))),
            Reason.NAMED_TWICE,
            None,
        ),
        (
            ChangeLines((LineWish(position=1, quantity=0), LineWish(position=2, quantity=0))),
            Reason.WHOLE_ORDER,
            Change.CANCEL_ORDER,
        ),
    ],
)
async def test_wish_that_cannot_be_granted_says_why(
    shop: ChangingShop, wish: ChangeLines, reason: Reason, alternative: Alternative | None
) -> None:
    refused = await shop.refusal(wish)

    assert (refused.reason, refused.alternative) == (reason, alternative)


async def test_packed_order_takes_no_more_lines_but_a_new_order_may(shop: ChangingShop) -> None:
    await shop.set_order(packed_at=NOW)

    refused = await shop.refusal(line(None, 1, "SHOE-43"))

    assert (refused.reason, refused.alternative) == (Reason.PACKED, Elsewhere.NEW_ORDER)


async def test_discount_shrinks_with_the_order(unit_of_work: UnitOfWork) -> None:
    shop = await ChangingShop(unit_of_work).open(discount_minor=3600)
    await shop.pay()

    done = await shop.make(line(TENT, 0))

    assert isinstance(done, Done)
    assert done.effects.total == Money(16000 + 395 - 1600)
    assert (await shop.one_order()).discount_minor == 1600
    assert await shop.refunded() == [20000 - 2000]
