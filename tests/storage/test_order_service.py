from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from balie.kernel.money import Money
from balie.orders.errors import InvoiceNotFoundError, OrderNotFoundError
from balie.orders.kinds import PaymentMethod, ShipmentEventKind
from balie.orders.models import (
    InvoiceRow,
    OrderLineRow,
    OrderRow,
    PaymentRow,
    RefundRow,
    ReturnLineRow,
    ReturnRow,
    ShipmentEventRow,
    ShipmentRow,
)
from balie.orders.service import OrderService
from balie.orders.status import OrderStatus, PaymentState, RefundState
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock
from tests.support.store import add_customer

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
FRIDAY = date(2026, 10, 30)


class Shop:
    """Puts orders in place, with as little said as a test needs."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._unit_of_work = unit_of_work

    async def customer(self, external_id: str = "K-1001") -> int:
        return await add_customer(self._unit_of_work, external_id)

    async def order(self, customer_id: int, number: str = "DD1048213", **details: Any) -> OrderRow:
        values: dict[str, Any] = {
            "placed_at": MONDAY - timedelta(days=4),
            "packed_at": None,
            "cancelled_at": None,
            "promised_on": FRIDAY,
            "delivery_method": "standard",
            "pickup_place": None,
            "email": "sanne@voorbeeld.example",
            "street": "Beukenlaan",
            "house_number": "12",
            "postcode": "3811BK",
            "city": "Amersfoort",
            "country": "NL",
            "currency": "EUR",
            "shipping_minor": 395,
            "discount_minor": 0,
            "total_minor": 4385,
        }
        order = OrderRow(number=number, customer_id=customer_id, **{**values, **details})
        await self.add(order)
        await self.line(order)
        return order

    async def line(self, order: OrderRow, position: int = 1, quantity: int = 2) -> OrderLineRow:
        line = OrderLineRow(
            order_id=order.id,
            position=position,
            variant_id=None,
            sku="FLES-1",
            names={"nl": "drinkfles", "en": "water bottle"},
            size=None,
            colours={},
            quantity=quantity,
            unit_price_minor=1995,
        )
        await self.add(line)
        return line

    async def payment(self, order: OrderRow, method: str = "ideal", **details: Any) -> None:
        times = {"started_at": order.placed_at, "paid_at": None, "failed_at": None, **details}
        await self.add(PaymentRow(order_id=order.id, method=method, amount_minor=order.total_minor, **times))

    async def parcel(self, order: OrderRow, track_code: str = "3S1", **details: Any) -> ShipmentRow:
        values = {
            "carrier": "PostNL", "track_url": None, "shipped_at": MONDAY - timedelta(days=3),
            "expected_on": order.promised_on, "ready_at": None, "delivered_at": None,
        }  # fmt: skip
        parcel = ShipmentRow(order_id=order.id, track_code=track_code, **{**values, **details})
        await self.add(parcel)
        return parcel

    async def event(self, parcel: ShipmentRow, kind: ShipmentEventKind, hours_ago: int) -> None:
        moment = MONDAY - timedelta(hours=hours_ago)
        await self.add(
            ShipmentEventRow(shipment_id=parcel.id, kind=kind.value, happened_at=moment, place="Ede")
        )

    async def refund(self, order: OrderRow, **details: Any) -> None:
        values: dict[str, Any] = dict.fromkeys(
            ("return_id", "approved_at", "refused_at", "paid_at", "expected_by")
        )
        values |= {"method": "ideal", "amount_minor": 1995, "asked_at": MONDAY - timedelta(days=5)}
        await self.add(RefundRow(order_id=order.id, **{**values, **details}))

    async def return_of(self, line: OrderLineRow, order: OrderRow, received_at: datetime | None) -> ReturnRow:
        announced = MONDAY - timedelta(days=6)
        back = ReturnRow(
            order_id=order.id,
            number=f"R{order.number}",
            method="parcel",
            announced_at=announced,
            sent_at=announced,
            received_at=received_at,
        )
        await self.add(back)
        await self.add(
            ReturnLineRow(
                return_id=back.id, order_line_id=line.id, quantity=line.quantity, reason="changed_mind"
            )
        )
        return back

    async def add(self, row: Any) -> None:
        async with self._unit_of_work.write() as session:
            session.add(row)


@pytest.fixture
def shop(unit_of_work: UnitOfWork) -> Shop:
    return Shop(unit_of_work)


@pytest.fixture
def orders(unit_of_work: UnitOfWork) -> OrderService:
    return OrderService(unit_of_work, clock=StillClock(MONDAY))


async def test_order_comes_with_lines_money_and_days(shop: Shop, orders: OrderService) -> None:
    customer = await shop.customer()
    order = await shop.order(customer)
    await shop.payment(order, "klarna", paid_at=order.placed_at)

    view = await orders.get_order(customer, "DD1048213")

    assert (view.status, view.payment_method, view.payment_state) == (
        OrderStatus.PAID,
        PaymentMethod.KLARNA,
        PaymentState.PAID,
    )
    assert (view.total, view.shipping) == (Money(4385), Money(395))
    assert [(line.names["en"], line.quantity, line.unit_price) for line in view.lines] == [
        ("water bottle", 2, Money(1995))
    ]
    assert view.placed_on == date(2026, 10, 29)


@pytest.mark.parametrize(
    "written", ["dd1048213", "DD 1048213", "dd-1048213", "#DD1048213", "1048213", " DD1048213 "]
)
async def test_order_is_found_however_its_number_is_written(
    shop: Shop, orders: OrderService, written: str
) -> None:
    customer = await shop.customer()
    await shop.order(customer)

    assert (await orders.get_order(customer, written)).number == "DD1048213"


async def test_somebody_elses_order_and_a_missing_one_look_the_same(shop: Shop, orders: OrderService) -> None:
    sanne, tom = await shop.customer("K-1"), await shop.customer("K-2")
    await shop.order(sanne)

    with pytest.raises(OrderNotFoundError) as somebody_elses:
        await orders.get_order(tom, "DD1048213")
    with pytest.raises(OrderNotFoundError) as missing:
        await orders.get_order(tom, "DD9999999")

    assert str(somebody_elses.value) == str(missing.value)


async def test_recent_orders_come_newest_first(shop: Shop, orders: OrderService) -> None:
    customer = await shop.customer()
    for days, number in ((9, "DD1"), (1, "DD3"), (5, "DD2")):
        await shop.order(customer, number, placed_at=MONDAY - timedelta(days=days))

    recent = await orders.list_recent_orders(customer, limit=2)

    assert [order.number for order in recent] == ["DD3", "DD2"]
    latest = await orders.find_latest_order(customer)
    assert latest is not None
    assert latest.number == "DD3"


async def test_customer_without_orders_has_no_latest_one(shop: Shop, orders: OrderService) -> None:
    assert await orders.find_latest_order(await shop.customer()) is None


async def test_order_that_is_returned_whole_says_so(shop: Shop, orders: OrderService) -> None:
    customer = await shop.customer()
    order = await shop.order(customer)
    line = await shop.line(order, position=2, quantity=1)
    await shop.return_of(line, order, received_at=MONDAY)

    assert (await orders.get_order(customer, order.number)).lines[1].returned_quantity == 1
    assert (await orders.get_order(customer, order.number)).status is OrderStatus.PLACED


class TestIdentify:
    @pytest.fixture(autouse=True)
    async def order(self, shop: Shop) -> None:
        self.customer = await shop.customer("K-1001")
        await shop.order(self.customer)

    @pytest.mark.parametrize(
        "proof",
        [
            "sanne@voorbeeld.example",
            " Sanne@Voorbeeld.Example ",
            "k-1001@voorbeeld.example",
            "het is sanne@voorbeeld.example.",
        ],
    )
    async def test_address_of_the_order_or_the_customer_is_a_proof(
        self, orders: OrderService, proof: str
    ) -> None:
        found = await orders.identify("DD1048213", proof)

        assert found is not None
        assert (found.customer_id, found.proof_kind) == (self.customer, "email")

    @pytest.mark.parametrize("proof", ["3811BK", "3811 bk", "mijn postcode is 3811 bk hoor"])
    async def test_postcode_of_the_order_is_a_proof(self, orders: OrderService, proof: str) -> None:
        found = await orders.identify("dd 1048213", proof)

        assert found is not None
        assert (found.order_number, found.proof_kind) == ("DD1048213", "postcode")

    @pytest.mark.parametrize(
        ("number", "proof"),
        [
            ("DD1048213", "tom@voorbeeld.example"),
            ("DD1048213", "3811BL"),
            ("DD1048213", "3811"),
            ("DD1048213", ""),
            ("DD1048213", "%"),
            ("DD1048213", "3811BL 3811BM 3811BN 3811BK"),
            ("DD9999999", "sanne@voorbeeld.example"),
            ("'; DROP TABLE orders; --", "3811BK"),
            ("", ""),
        ],
    )
    async def test_anything_else_is_none_and_tells_nothing(
        self, orders: OrderService, number: str, proof: str
    ) -> None:
        assert await orders.identify(number, proof) is None


async def test_late_parcel_counts_working_days_from_the_promised_day(
    shop: Shop, orders: OrderService
) -> None:
    customer = await shop.customer()
    order = await shop.order(customer)
    parcel = await shop.parcel(order, expected_on=date(2026, 11, 4))
    await shop.event(parcel, ShipmentEventKind.HANDED_OVER, 60)
    await shop.event(parcel, ShipmentEventKind.DELAYED, 3)

    delivery = await orders.get_delivery(customer, order.number)

    assert (delivery.status, delivery.late_by_working_days, delivery.is_late) == (
        OrderStatus.SHIPPED,
        1,
        True,
    )
    assert (delivery.promised_on, delivery.expected_on) == (FRIDAY, date(2026, 11, 4))
    assert (delivery.carrier, delivery.track_code) == ("PostNL", "3S1")
    assert [event.kind for event in delivery.events] == ["delayed", "handed_over"]


async def test_order_that_waits_at_a_pickup_point_is_not_late(shop: Shop, orders: OrderService) -> None:
    customer = await shop.customer()
    order = await shop.order(customer, delivery_method="pickup_point", pickup_place="Bloemist, Ede")
    await shop.parcel(order, ready_at=MONDAY - timedelta(days=3))

    delivery = await orders.get_delivery(customer, order.number)

    assert (delivery.status, delivery.is_late) == (OrderStatus.READY_FOR_PICKUP, False)
    assert (delivery.pickup_place, delivery.delivered_on) == ("Bloemist, Ede", None)


async def test_order_in_two_parcels_is_delivered_when_both_are(shop: Shop, orders: OrderService) -> None:
    customer = await shop.customer()
    order = await shop.order(customer)
    await shop.parcel(order, "3S1", delivered_at=MONDAY - timedelta(days=3))
    await shop.parcel(order, "3S2")

    delivery = await orders.get_delivery(customer, order.number)

    assert (delivery.status, delivery.delivered_on) == (OrderStatus.SHIPPED, None)
    assert [parcel.track_code for parcel in delivery.parcels] == ["3S2", "3S1"]


async def test_delivery_before_anything_is_sent_expects_the_promised_day(
    shop: Shop, orders: OrderService
) -> None:
    customer = await shop.customer()
    order = await shop.order(customer, promised_on=date(2026, 11, 5))

    delivery = await orders.get_delivery(customer, order.number)

    assert (delivery.carrier, delivery.track_code, delivery.events) == (None, None, ())
    assert (delivery.expected_on, delivery.late_by_working_days) == (date(2026, 11, 5), 0)


async def test_cancelled_order_is_never_late(shop: Shop, orders: OrderService) -> None:
    customer = await shop.customer()
    order = await shop.order(customer, promised_on=date(2026, 10, 1), cancelled_at=MONDAY)

    delivery = await orders.get_delivery(customer, order.number)

    assert (delivery.status, delivery.is_late) == (OrderStatus.CANCELLED, False)


async def test_invoice_tells_how_it_was_paid(shop: Shop, orders: OrderService) -> None:
    customer = await shop.customer()
    order = await shop.order(customer)
    await shop.payment(order, failed_at=MONDAY)
    await shop.payment(order, paid_at=MONDAY)
    for kind, number in (("invoice", "F1"), ("credit_note", "C1")):
        await shop.add(
            InvoiceRow(
                order_id=order.id,
                number=number,
                kind=kind,
                issued_on=FRIDAY,
                due_on=FRIDAY,
                total_minor=4385,
                tax_minor=761,
            )
        )

    named, newest = await orders.get_invoice(customer, order.number), await orders.get_invoice(customer)

    assert named == newest
    assert (named.number, named.total, named.tax) == ("F1", Money(4385), Money(761))
    assert (named.payment_state, named.paid_on) == (PaymentState.PAID, date(2026, 11, 2))


async def test_order_without_an_invoice_is_told_from_an_unknown_order(
    shop: Shop, orders: OrderService
) -> None:
    customer = await shop.customer()
    await shop.order(customer)

    with pytest.raises(InvoiceNotFoundError):
        await orders.get_invoice(customer, "DD1048213")
    with pytest.raises(OrderNotFoundError):
        await orders.get_invoice(customer, "DD1048214")
    with pytest.raises(InvoiceNotFoundError):
        await orders.get_invoice(customer)


async def test_refunds_come_newest_first_with_their_state(shop: Shop, orders: OrderService) -> None:
    customer = await shop.customer()
    order = await shop.order(customer)
    line = await shop.line(order, position=2)
    back = await shop.return_of(line, order, received_at=None)
    await shop.refund(order, asked_at=MONDAY - timedelta(days=9), paid_at=MONDAY, amount_minor=500)
    await shop.refund(order, asked_at=MONDAY - timedelta(days=3), return_id=back.id)

    waiting, paid = await orders.list_refunds(customer, order.number)

    assert (waiting.state, waiting.expected_by, waiting.return_received_on) == (
        RefundState.WAITING_FOR_RETURN,
        None,
        None,
    )
    assert (paid.state, paid.amount, paid.paid_on) == (RefundState.PAID, Money(500), date(2026, 11, 2))


async def test_refund_that_should_have_been_there_is_overdue(shop: Shop, orders: OrderService) -> None:
    customer = await shop.customer()
    order = await shop.order(customer)
    await shop.refund(order, approved_at=MONDAY - timedelta(days=20), expected_by=FRIDAY)

    [refund] = await orders.list_refunds(customer)

    assert (refund.state, refund.overdue) == (RefundState.APPROVED, True)


async def test_refunds_of_somebody_else_are_not_listed(shop: Shop, orders: OrderService) -> None:
    sanne, tom = await shop.customer("K-1"), await shop.customer("K-2")
    await shop.refund(await shop.order(sanne))

    assert await orders.list_refunds(tom) == ()
    with pytest.raises(OrderNotFoundError):
        await orders.list_refunds(tom, "DD1048213")
