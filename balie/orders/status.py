"""Rules that tell how an order, a payment or a refund stands, from the facts that are stored. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from balie.orders.kinds import ShipmentEventKind
from balie.orders.working_days import count_working_days


class OrderStatus(StrEnum):
    """Where an order has got to, in the order in which it usually happens."""

    PLACED = "placed"
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    OUT_FOR_DELIVERY = "out_for_delivery"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class PaymentState(StrEnum):
    """Whether we have the money (or a pay-later provider's promise of it)."""

    OPEN = "open"
    PAID = "paid"
    FAILED = "failed"


class RefundState(StrEnum):
    """How far money on its way back has got."""

    ASKED = "asked"
    WAITING_FOR_RETURN = "waiting_for_return"
    APPROVED = "approved"
    PAID = "paid"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ParcelFacts:
    """What is known of one parcel; ``latest_event`` is the carrier's newest word."""

    shipped_at: datetime | None
    ready_at: datetime | None
    delivered_at: datetime | None
    latest_event: ShipmentEventKind | None


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What is known of one order; quantities are pieces over all its lines."""

    paid: bool
    packed_at: datetime | None
    cancelled_at: datetime | None
    parcels: Sequence[ParcelFacts]
    ordered_quantity: int
    returned_quantity: int


def derive_order_status(facts: OrderFacts) -> OrderStatus:
    """Where the order has got to.

    With several parcels the slowest one speaks: an order is delivered when all of it is. It is
    returned when every piece has come back to us.
    """
    if facts.cancelled_at is not None:
        return OrderStatus.CANCELLED
    if 0 < facts.ordered_quantity <= facts.returned_quantity:
        return OrderStatus.RETURNED
    if any(parcel.shipped_at is not None for parcel in facts.parcels):
        return _on_the_way(facts.parcels)
    if facts.packed_at is not None:
        return OrderStatus.PACKED
    return OrderStatus.PAID if facts.paid else OrderStatus.PLACED


def _on_the_way(parcels: Sequence[ParcelFacts]) -> OrderStatus:
    underway = [parcel for parcel in parcels if parcel.delivered_at is None]
    if not underway:
        return OrderStatus.DELIVERED
    if all(parcel.ready_at is not None for parcel in underway):
        return OrderStatus.READY_FOR_PICKUP
    if any(parcel.latest_event is ShipmentEventKind.OUT_FOR_DELIVERY for parcel in underway):
        return OrderStatus.OUT_FOR_DELIVERY
    return OrderStatus.SHIPPED


def late_by_working_days(promised_on: date, *, arrived_on: date | None, today: date, country: str) -> int:
    """By how many working days an order is, or was, late.

    Args:
        promised_on: The day the customer was told when ordering.
        arrived_on: When it was delivered, or lay ready for pick-up; None while it has not.
        today: Counts as a whole day while the order is still out.
        country: Where it goes: its holidays are no working days.

    Returns:
        0 when it is in time, or only a weekend or holiday lies between.
    """
    return count_working_days(promised_on, arrived_on or today, country)


def derive_payment_state(*, paid_at: datetime | None, failed_at: datetime | None) -> PaymentState:
    """How one try to pay ended; open while it has not."""
    if paid_at is not None:
        return PaymentState.PAID
    return PaymentState.OPEN if failed_at is None else PaymentState.FAILED


def derive_refund_state(
    *,
    approved_at: datetime | None,
    refused_at: datetime | None,
    paid_at: datetime | None,
    waits_for_return: bool,
) -> RefundState:
    """How far a refund has got.

    Args:
        approved_at: When we agreed to pay.
        refused_at: When we declined.
        paid_at: When the money left us.
        waits_for_return: Whether the items it is about are still on their way to us.
    """
    if paid_at is not None:
        return RefundState.PAID
    if refused_at is not None:
        return RefundState.REFUSED
    if approved_at is not None:
        return RefundState.APPROVED
    return RefundState.WAITING_FOR_RETURN if waits_for_return else RefundState.ASKED
