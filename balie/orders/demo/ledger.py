"""Writes down what has happened to an order by now: order, lines, payments, shipment, events, invoice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from balie.kernel.clock import local_day
from balie.orders.demo.moments import unless_after
from balie.orders.demo.people import address_columns
from balie.orders.demo.plans import OrderPlan
from balie.orders.demo.rows import DemoRows
from balie.orders.kinds import (
    DeliveryMethod,
    InvoiceKind,
    PaymentFailure,
    PaymentMethod,
    ShipmentEventKind,
)
from balie.orders.models import (
    InvoiceRow,
    OrderLineRow,
    OrderRow,
    PaymentRow,
    ShipmentEventRow,
    ShipmentRow,
)

EVENTS_KEPT: Final = timedelta(days=120)
"""Carriers do not remember longer than this."""

_TAX_PERCENT: Final = {"NL": 21, "BE": 21, "DE": 19, "FR": 20, "LU": 17, "GB": 20}
"""Of the country that the order goes to, as for distance sales."""
_PAY_LATER_DAYS: Final = 30
_CARRIERS: Final = {"NL": "PostNL", "BE": "bpost", "GB": "Royal Mail"}
_TRACK_CODES: Final = {"NL": "3SDUIN{}", "BE": "3232{}0", "GB": "RM{}GB"}
_SORTING_CENTRES: Final = {"NL": "Nieuwegein", "BE": "Willebroek", "GB": "Daventry"}
_OWN_CARRIER: Final = "Duin & Dal"


@dataclass(frozen=True, slots=True)
class WrittenOrder:
    """Ids of what was written, for what comes after."""

    plan: OrderPlan
    id: int
    line_ids: tuple[int, ...]


@dataclass(slots=True)
class Ledger:
    """Where orders are written down; knows what time it is, and what has not happened yet."""

    rows: DemoRows
    now: datetime
    _invoices: dict[int, int] = field(default_factory=dict)

    def write(self, plan: OrderPlan) -> WrittenOrder:
        """Write an order as it stands now."""
        order_id = self.rows.add(OrderRow, self._order_row(plan))
        line_ids = tuple(
            self.rows.add(OrderLineRow, {"order_id": order_id, **line}) for line in _line_rows(plan)
        )
        for payment in self._payment_rows(plan):
            self.rows.add(PaymentRow, {"order_id": order_id, **payment})
        if self._has_come(plan.timeline.packed_at):
            self._write_shipment(plan, order_id)
        if self._has_come(plan.timeline.shipped_at):
            self.write_invoice(
                plan, order_id, InvoiceKind.INVOICE, plan.timeline.shipped_at, plan.total_minor
            )
        return WrittenOrder(plan, order_id, line_ids)

    def write_invoice(
        self, plan: OrderPlan, order_id: int, kind: InvoiceKind, moment: datetime | None, total_minor: int
    ) -> None:
        """Write a numbered document; numbers count up within a year."""
        assert moment is not None
        issued_on = local_day(moment)
        number = self._invoices.get(issued_on.year, 0) + 1
        self._invoices[issued_on.year] = number
        percent = _TAX_PERCENT[plan.buyer.address.country]
        days = _PAY_LATER_DAYS if plan.payment is PaymentMethod.KLARNA else 0
        row = {
            "order_id": order_id,
            "number": f"{'F' if kind is InvoiceKind.INVOICE else 'C'}{issued_on.year}-{number:06d}",
            "kind": kind.value,
            "issued_on": issued_on,
            "due_on": issued_on + timedelta(days=days),
            "total_minor": total_minor,
            "tax_minor": round(total_minor * percent / (100 + percent)),
        }
        self.rows.add(InvoiceRow, row)

    def _has_come(self, moment: datetime | None) -> bool:
        return moment is not None and moment <= self.now

    def _order_row(self, plan: OrderPlan) -> dict[str, Any]:
        timeline = plan.timeline
        return {
            "number": plan.order_number,
            "customer_id": plan.buyer.customer_id,
            "placed_at": timeline.placed_at,
            "packed_at": unless_after(timeline.packed_at, self.now),
            "cancelled_at": unless_after(timeline.cancelled_at, self.now),
            "promised_on": timeline.promised_on,
            "delivery_method": plan.method.value,
            "pickup_place": plan.pickup_place,
            "email": plan.buyer.email,
            **address_columns(plan.buyer.address),
            "currency": "EUR",
            "shipping_minor": plan.shipping_minor,
            "discount_minor": plan.discount_minor,
            "total_minor": plan.total_minor,
        }

    def _payment_rows(self, plan: OrderPlan) -> Iterator[dict[str, Any]]:
        started_at, failed_at, paid_at = (
            plan.timeline.placed_at,
            plan.timeline.failed_at,
            plan.timeline.paid_at,
        )
        both = {"method": plan.payment.value, "amount_minor": plan.total_minor}
        if self._has_come(failed_at):
            failed = {"paid_at": None, "failed_at": failed_at, "failure": _why_failed(plan.payment)}
            yield {**both, "started_at": started_at, **failed, "provider_id": None}
        if paid_at is not None or failed_at is None:
            moment = unless_after(paid_at, self.now)
            paid = {"paid_at": moment, "failed_at": None, "failure": None}
            provider_id = demo_provider_id(plan, 1) if plan.with_provider else None
            yield {**both, "started_at": failed_at or started_at, **paid, "provider_id": provider_id}

    def _write_shipment(self, plan: OrderPlan, order_id: int) -> None:
        timeline = plan.timeline
        carrier, track_code = _carrier(plan)
        delayed = self._has_come(timeline.delayed_at) and timeline.new_expected_on is not None
        row = {
            "order_id": order_id,
            "carrier": carrier,
            "track_code": track_code,
            "track_url": f"https://tracking.duinendal.example/{track_code}",
            "shipped_at": unless_after(timeline.shipped_at, self.now),
            "expected_on": timeline.new_expected_on if delayed else timeline.promised_on,
            "ready_at": unless_after(timeline.ready_at, self.now),
            "delivered_at": unless_after(timeline.delivered_at, self.now),
        }
        shipment_id = self.rows.add(ShipmentRow, row)
        if timeline.placed_at > self.now - EVENTS_KEPT:
            for event in self._events(plan):
                self.rows.add(ShipmentEventRow, {"shipment_id": shipment_id, **event})

    def _events(self, plan: OrderPlan) -> Iterator[dict[str, Any]]:
        timeline, address = plan.timeline, plan.buyer.address
        centre = _SORTING_CENTRES[address.country]
        place = plan.pickup_place or address.city
        moments = (
            (ShipmentEventKind.ANNOUNCED, timeline.packed_at, "Amersfoort"),
            (ShipmentEventKind.HANDED_OVER, timeline.shipped_at, "Amersfoort"),
            (ShipmentEventKind.SORTED, timeline.sorted_at, centre),
            (ShipmentEventKind.DELAYED, timeline.delayed_at, centre),
            (ShipmentEventKind.DELIVERY_FAILED, timeline.missed_at, address.city),
            (ShipmentEventKind.OUT_FOR_DELIVERY, timeline.out_at, address.city),
            (ShipmentEventKind.AT_PICKUP_POINT, timeline.ready_at, place),
            (ShipmentEventKind.DELIVERED, timeline.delivered_at, place),
        )
        for kind, moment, where in moments:
            if self._has_come(moment):
                yield {"kind": kind.value, "happened_at": moment, "place": where}


def demo_provider_id(plan: OrderPlan, number: int) -> str:
    """The payment provider's number of a payment of the demo shop."""
    return f"demo-{plan.order_number}-{number}"


def _why_failed(method: PaymentMethod) -> str:
    declined = method is PaymentMethod.CREDIT_CARD
    return (PaymentFailure.CARD_DECLINED if declined else PaymentFailure.ABANDONED).value


def _line_rows(plan: OrderPlan) -> Iterator[dict[str, Any]]:
    for position, line in enumerate(plan.lines, start=1):
        yield {
            "position": position,
            "variant_id": line.variant.id,
            "sku": line.variant.sku,
            "names": line.product.names,
            "size": line.variant.size,
            "colours": line.variant.colours,
            "quantity": line.quantity,
            "unit_price_minor": line.product.price_minor,
        }


def _carrier(plan: OrderPlan) -> tuple[str, str]:
    """Who carries it, and under which number. Bicycles and orders to collect go by the shop's own van."""
    if plan.method in {DeliveryMethod.BIKE, DeliveryMethod.CLICK_AND_COLLECT}:
        return _OWN_CARRIER, f"DDV{plan.number}"
    country = plan.buyer.address.country
    return _CARRIERS[country], _TRACK_CODES[country].format(plan.number)
