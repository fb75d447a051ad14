"""Whatever customers ask for, in whatever order and however often: money and pieces stay what they were."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from balie.catalogue.models import ProductVariantRow, StockRow
from balie.orders.changes_asked import (
    AskRefund,
    CancelOrder,
    ChangeLines,
    LineWish,
    Request,
    ReturnItems,
    ReturnWish,
)
from balie.orders.kinds import ReturnMethod, ReturnReason
from balie.orders.models import (
    OrderLineRow,
    PaymentRow,
    RefundRow,
    ReservationRow,
    ReturnRow,
    ShipmentRow,
)
from balie.orders.outcomes import Done, Offer
from tests.storage.changes_shop import NOW, NUMBER, ChangingShop, a_turn
from tests.support.store import copy_database, opened

# BALIE_EXAMPLES=10000 looks at ten thousand; the usual run at few: each is a database.
EXAMPLES = int(os.environ.get("BALIE_EXAMPLES", "15"))
STARTING_STOCK = {"SHOE-42": 7, "TENT": 6}

skus = st.sampled_from(["SHOE-42", "SHOE-43", "SHOE-44", "SHOE-45", "TENT", "OLD", "BIKE"])
line_wishes = st.builds(
    LineWish,
    position=st.none() | st.integers(1, 3),
    quantity=st.integers(-1, 7),
    variant_sku=st.none() | skus,
)
return_wishes = st.builds(
    ReturnWish,
    position=st.integers(1, 3),
    quantity=st.integers(0, 3),
    reason=st.sampled_from(ReturnReason),
    variant_sku=st.none() | skus,
)
requests: st.SearchStrategy[Request] = st.one_of(
    st.just(CancelOrder()),
    st.just(AskRefund()),
    st.lists(line_wishes, min_size=1, max_size=3).map(lambda wishes: ChangeLines(tuple(wishes))),
    st.lists(line_wishes, min_size=1, max_size=1).map(lambda wishes: ChangeLines(tuple(wishes))),
    st.builds(
        ReturnItems,
        st.lists(return_wishes, min_size=1, max_size=2).map(tuple),
        st.sampled_from(ReturnMethod),
        st.none() | st.dates(NOW.date(), NOW.date() + timedelta(days=20)),
    ),
)


@dataclass(frozen=True)
class ShopDoes:
    """What happens without the customer."""

    what: str


Step: TypeAlias = Request | ShopDoes

steps = st.lists(
    requests | st.sampled_from(["pay", "pay_open", "ship", "deliver", "receive", "later"]).map(ShopDoes),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(steps, st.sampled_from([0, 1, 999, 36000]))
def test_money_and_pieces_stay_what_they_were(taken: list[Step], discount_minor: int) -> None:
    asyncio.run(_play(taken, discount_minor))


async def _play(taken: list[Step], discount_minor: int) -> None:
    with TemporaryDirectory() as folder:
        async with opened(copy_database(Path(folder))) as unit_of_work:
            shop = await ChangingShop(unit_of_work).open(discount_minor=discount_minor)
            for step in taken:
                if isinstance(step, ShopDoes):
                    await _do(shop, step.what)
                else:
                    await _ask_twice(shop, step)
                await _check(shop)


async def _ask_twice(shop: ChangingShop, request: Request) -> None:
    offered = await shop.service.offer(shop.customer, NUMBER, request)
    if not isinstance(offered, Offer):
        return
    turn = a_turn()
    outcome = await shop.confirm(request, offered, turn=turn)
    before = await _everything(shop)

    again = await shop.confirm(request, offered, turn=turn)

    assert isinstance(outcome, Done)
    assert outcome.effects == offered.effects
    assert again == replace(outcome, repeated=True)
    assert await _everything(shop) == before


async def _do(shop: ChangingShop, what: str) -> None:
    order = await shop.one_order()
    if what == "pay":
        await shop.pay(order.total_minor)
    elif what == "ship" and order.packed_at is None and order.cancelled_at is None:
        await shop.ship()
    elif what == "later":
        shop.clock.advance(timedelta(days=15))
        await shop.service.release_lapsed_reservations()
    models = {"pay_open": PaymentRow, "deliver": ShipmentRow, "receive": ReturnRow}
    columns = {"pay_open": "paid_at", "deliver": "delivered_at", "receive": "received_at"}
    if what in models:
        async with shop.unit_of_work.write() as session:
            for row in (await session.scalars(select(models[what]))).all():
                if getattr(row, "failed_at", None) is None:
                    setattr(row, columns[what], NOW)


async def _check(shop: ChangingShop) -> None:
    order, lines = await shop.one_order(), await shop.rows(OrderLineRow)
    payments, refunds = await shop.rows(PaymentRow), await shop.rows(RefundRow)
    paid = sum(one.amount_minor for one in payments if one.paid_at is not None)
    given_back = sum(one.amount_minor for one in refunds)
    assert given_back <= paid
    assert all(one.amount_minor > 0 for one in refunds)
    goods = sum(line.quantity * line.unit_price_minor for line in lines)
    assert order.total_minor == goods + order.shipping_minor - order.discount_minor >= 0
    assert lines
    await _check_pieces(shop, lines, is_cancelled=order.cancelled_at is not None)


async def _check_pieces(shop: ChangingShop, lines: list[OrderLineRow], *, is_cancelled: bool) -> None:
    """No piece is lost, and none appears: they lie in the stock, in the order, or are kept aside."""
    kept = [one for one in await shop.rows(ReservationRow) if one.released_at is None]
    async with shop.unit_of_work.read() as session:
        rows = await session.execute(select(ProductVariantRow, StockRow.quantity).join(StockRow))
        there = [(variant, quantity) for variant, quantity in rows]
    for variant, quantity in there:
        ordered = 0 if is_cancelled else sum(one.quantity for one in lines if one.variant_id == variant.id)
        aside = sum(one.quantity for one in kept if one.variant_id == variant.id)
        assert quantity >= 0
        assert quantity + ordered + aside == STARTING_STOCK.get(variant.sku, 5)


async def _everything(shop: ChangingShop) -> Counter[str]:
    rows = [
        row
        for model in (OrderLineRow, PaymentRow, RefundRow, ReturnRow, ReservationRow, StockRow)
        for row in await shop.rows(model)
    ]
    return Counter(
        repr([(name, value) for name, value in vars(row).items() if name[0] != "_"]) for row in rows
    )
