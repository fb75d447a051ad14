"""From rows to views: the one place that knows both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from balie.customers.models import CustomerRow
from balie.kernel.clock import local_day
from balie.kernel.money import Money
from balie.orders.kinds import DeliveryMethod, InvoiceKind, PaymentMethod, ShipmentEventKind
from balie.orders.models import (
    InvoiceRow,
    OrderLineRow,
    OrderRow,
    PaymentRow,
    RefundRow,
    ReturnRow,
    ShipmentEventRow,
    ShipmentRow,
)
from balie.orders.repository import OrderRecord
from balie.orders.status import (
    OrderFacts,
    OrderStatus,
    ParcelFacts,
    PaymentState,
    RefundState,
    derive_order_status,
    derive_payment_state,
    derive_refund_state,
    late_by_working_days,
)
from balie.orders.views import (
    DeliveryEventView,
    DeliveryView,
    InvoiceView,
    OrderLineView,
    OrderView,
    ParcelView,
    RefundView,
)


def name_and_address(order: OrderRow, customer: CustomerRow | None) -> tuple[str, ...]:
    """Who ordered and where it went, line by line as on an envelope, without the country."""
    name = "" if customer is None else f"{customer.first_name} {customer.last_name}"
    return (name, f"{order.street} {order.house_number}", f"{order.postcode}  {order.city}")


class ViewAssembler:
    """Builds views, with days as they are counted in the shop's time zone."""

    def __init__(self, timezone: ZoneInfo) -> None:
        self._timezone = timezone

    def order_view(self, record: OrderRecord) -> OrderView:
        """The order with its lines and status."""
        order = record.order
        payment = deciding_payment(record)
        return OrderView(
            number=order.number,
            customer_id=order.customer_id,
            status=order_status(record),
            placed_at=order.placed_at,
            placed_on=local_day(order.placed_at, self._timezone),
            promised_on=order.promised_on,
            cancelled_on=self._day(order.cancelled_at),
            delivery_method=DeliveryMethod(order.delivery_method),
            pickup_place=order.pickup_place,
            city=order.city,
            country=order.country,
            payment_method=None if payment is None else PaymentMethod(payment.method),
            payment_state=_payment_state(payment),
            shipping=Money(order.shipping_minor, order.currency),
            discount=Money(order.discount_minor, order.currency),
            total=Money(order.total_minor, order.currency),
            lines=tuple(_line_view(line, order, record.returned.get(line.id, 0)) for line in record.lines),
        )

    def delivery_view(self, record: OrderRecord, *, today: date) -> DeliveryView:
        """Where the order is, what is still on its way first."""
        order = record.order
        status = order_status(record)
        return DeliveryView(
            order_number=order.number,
            status=status,
            method=DeliveryMethod(order.delivery_method),
            promised_on=order.promised_on,
            expected_on=_expected_on(record),
            delivered_on=self._last_day([parcel.delivered_at for parcel in record.shipments]),
            late_by_working_days=0 if status is OrderStatus.CANCELLED else self._late_by(record, today),
            pickup_place=order.pickup_place,
            city=order.city,
            parcels=tuple(
                self._parcel_view(shipment, record)
                for shipment in sorted(record.shipments, key=lambda parcel: parcel.delivered_at is not None)
            ),
        )

    def invoice_view(self, invoice: InvoiceRow, record: OrderRecord) -> InvoiceView:
        """The document, and how it was paid."""
        payment = deciding_payment(record)
        currency = record.order.currency
        return InvoiceView(
            number=invoice.number,
            kind=InvoiceKind(invoice.kind),
            order_number=record.order.number,
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
            total=Money(invoice.total_minor, currency),
            tax=Money(invoice.tax_minor, currency),
            payment_method=None if payment is None else PaymentMethod(payment.method),
            payment_state=_payment_state(payment),
            paid_on=None if payment is None else self._day(payment.paid_at),
        )

    def refund_view(
        self, refund: RefundRow, order: OrderRow, returned: ReturnRow | None, *, today: date
    ) -> RefundView:
        """The refund, and the return it hangs on."""
        state = _refund_state(refund, returned)
        done = state in {RefundState.PAID, RefundState.REFUSED}
        return RefundView(
            order_number=order.number,
            amount=Money(refund.amount_minor, order.currency),
            method=PaymentMethod(refund.method),
            state=state,
            asked_on=local_day(refund.asked_at, self._timezone),
            approved_on=self._day(refund.approved_at),
            refused_on=self._day(refund.refused_at),
            paid_on=self._day(refund.paid_at),
            expected_by=refund.expected_by,
            overdue=not done and refund.expected_by is not None and refund.expected_by < today,
            return_received_on=None if returned is None else self._day(returned.received_at),
        )

    def _parcel_view(self, shipment: ShipmentRow, record: OrderRecord) -> ParcelView:
        return ParcelView(
            carrier=shipment.carrier,
            track_code=shipment.track_code,
            track_url=shipment.track_url,
            shipped_on=self._day(shipment.shipped_at),
            expected_on=shipment.expected_on,
            ready_on=self._day(shipment.ready_at),
            delivered_on=self._day(shipment.delivered_at),
            events=tuple(
                DeliveryEventView(ShipmentEventKind(event.kind), event.happened_at, event.place)
                for event in _events_of(shipment, record)
            ),
        )

    def _late_by(self, record: OrderRecord, today: date) -> int:
        # What lies ready is there: the customer's own waiting does not make it late.
        arrived_on = self._last_day([parcel.ready_at or parcel.delivered_at for parcel in record.shipments])
        order = record.order
        return late_by_working_days(
            order.promised_on, arrived_on=arrived_on, today=today, country=order.country
        )

    def _last_day(self, moments: Sequence[datetime | None]) -> date | None:
        """The day of the last moment; None when there is none, or one has not come yet."""
        known = [moment for moment in moments if moment is not None]
        return self._day(max(known)) if known and len(known) == len(moments) else None

    def _day(self, moment: datetime | None) -> date | None:
        return None if moment is None else local_day(moment, self._timezone)


def order_status(record: OrderRecord) -> OrderStatus:
    """Where the order has got to."""
    payment = deciding_payment(record)
    return derive_order_status(
        OrderFacts(
            paid=payment is not None and payment.paid_at is not None,
            packed_at=record.order.packed_at,
            cancelled_at=record.order.cancelled_at,
            parcels=[_parcel_facts(shipment, record) for shipment in record.shipments],
            ordered_quantity=sum(line.quantity for line in record.lines),
            returned_quantity=sum(record.returned.get(line.id, 0) for line in record.lines),
        )
    )


def deciding_payment(record: OrderRecord) -> PaymentRow | None:
    """The payment that succeeded, else the last try, else None."""
    paid = [payment for payment in record.payments if payment.paid_at is not None]
    tries = paid or record.payments
    return tries[-1] if tries else None


def _payment_state(payment: PaymentRow | None) -> PaymentState:
    if payment is None:
        return PaymentState.OPEN
    return derive_payment_state(paid_at=payment.paid_at, failed_at=payment.failed_at)


def _refund_state(refund: RefundRow, returned: ReturnRow | None) -> RefundState:
    return derive_refund_state(
        approved_at=refund.approved_at,
        refused_at=refund.refused_at,
        paid_at=refund.paid_at,
        waits_for_return=returned is not None and returned.received_at is None,
    )


def _expected_on(record: OrderRecord) -> date:
    underway = [shipment.expected_on for shipment in record.shipments if shipment.delivered_at is None]
    return max(underway, default=record.order.promised_on)


def _parcel_facts(shipment: ShipmentRow, record: OrderRecord) -> ParcelFacts:
    latest = next((ShipmentEventKind(event.kind) for event in _events_of(shipment, record)), None)
    return ParcelFacts(shipment.shipped_at, shipment.ready_at, shipment.delivered_at, latest)


def _events_of(shipment: ShipmentRow, record: OrderRecord) -> list[ShipmentEventRow]:
    return [event for event in record.events if event.shipment_id == shipment.id]


def _line_view(line: OrderLineRow, order: OrderRow, returned: int) -> OrderLineView:
    return OrderLineView(
        sku=line.sku,
        names=line.names,
        size=line.size,
        colours=line.colours,
        quantity=line.quantity,
        unit_price=Money(line.unit_price_minor, order.currency),
        returned_quantity=returned,
    )
