"""What others may know about an order; plain values, safe to keep after the transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from balie.kernel.money import Money
from balie.orders.identification import ProofKind
from balie.orders.kinds import DeliveryMethod, InvoiceKind, PaymentMethod, ShipmentEventKind
from balie.orders.status import OrderStatus, PaymentState, RefundState


@dataclass(frozen=True, slots=True)
class Identified:
    """Somebody showed that an order is theirs."""

    customer_id: int
    order_number: str
    proof_kind: ProofKind


@dataclass(frozen=True, slots=True)
class OrderLineView:
    """One position of an order, as it was on the day of the order.

    Attributes:
        names: Name of the product per language; ``colours`` likewise, empty when there is only one.
        size: None when the product has no sizes.
        returned_quantity: How many pieces have come back to us.
    """

    sku: str
    names: Mapping[str, str]
    size: str | None
    colours: Mapping[str, str]
    quantity: int
    unit_price: Money
    returned_quantity: int


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order.

    Attributes:
        placed_on: The day in the shop's time zone.
        promised_on: The day of delivery the customer was told when ordering.
        pickup_place: The pick-up point or store; None when it comes to the door.
        payment_method: Of the payment that succeeded, else of the last try; None before any.
        total: Lines + shipping - discount, tax included.
        lines: In the order of the receipt.
    """

    number: str
    customer_id: int
    status: OrderStatus
    placed_at: datetime
    placed_on: date
    promised_on: date
    cancelled_on: date | None
    delivery_method: DeliveryMethod
    pickup_place: str | None
    city: str
    country: str
    payment_method: PaymentMethod | None
    payment_state: PaymentState
    shipping: Money
    discount: Money
    total: Money
    lines: tuple[OrderLineView, ...]


@dataclass(frozen=True, slots=True)
class DeliveryEventView:
    """One report of the carrier."""

    kind: ShipmentEventKind
    happened_at: datetime
    place: str | None


@dataclass(frozen=True, slots=True)
class ParcelView:
    """One parcel.

    Attributes:
        ready_on: When it lay ready at a pick-up point or store; None for what comes to the door.
        events: Newest first; empty when the carrier no longer has them.
    """

    carrier: str
    track_code: str
    track_url: str | None
    shipped_on: date | None
    expected_on: date
    ready_on: date | None
    delivered_on: date | None
    events: tuple[DeliveryEventView, ...]


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """Where an order is.

    Attributes:
        promised_on: The day the customer was told when ordering.
        expected_on: The day on which the last of it is expected now; the promised one before it is shipped.
        delivered_on: When the last of it arrived; None while anything is still on its way.
        late_by_working_days: Counted from the promised day to the arrival (at the pick-up point, where
            there is one), or to today; 0 when in time.
        pickup_place: The pick-up point or store; None when it comes to the door.
        parcels: What is still on its way first; empty before anything is shipped.
    """

    order_number: str
    status: OrderStatus
    method: DeliveryMethod
    promised_on: date
    expected_on: date
    delivered_on: date | None
    late_by_working_days: int
    pickup_place: str | None
    city: str
    parcels: tuple[ParcelView, ...]

    @property
    def leading_parcel(self) -> ParcelView | None:
        """The parcel to talk about first; None before anything is shipped."""
        return self.parcels[0] if self.parcels else None

    @property
    def carrier(self) -> str | None:
        """Who carries the leading parcel."""
        return self.leading_parcel.carrier if self.leading_parcel else None

    @property
    def track_code(self) -> str | None:
        """The carrier's number of the leading parcel."""
        return self.leading_parcel.track_code if self.leading_parcel else None

    @property
    def track_url(self) -> str | None:
        """The carrier's page about the leading parcel."""
        return self.leading_parcel.track_url if self.leading_parcel else None

    @property
    def events(self) -> tuple[DeliveryEventView, ...]:
        """What the carrier reported about the leading parcel, newest first."""
        return self.leading_parcel.events if self.leading_parcel else ()

    @property
    def is_late(self) -> bool:
        """Whether the promised day has passed by at least one working day."""
        return self.late_by_working_days > 0


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """A numbered document about an order; ``tax`` is contained in ``total``."""

    number: str
    kind: InvoiceKind
    order_number: str
    issued_on: date
    due_on: date
    total: Money
    tax: Money
    payment_method: PaymentMethod | None
    payment_state: PaymentState
    paid_on: date | None


@dataclass(frozen=True, slots=True)
class RefundView:
    """Money on its way back.

    Attributes:
        method: The way it goes back: the way it was paid.
        expected_by: The last day on which the customer should see it; None before it can be said.
        overdue: Whether that day has passed and we have not paid.
        return_received_on: When the items arrived with us; None when they have not, or need not.
    """

    order_number: str
    amount: Money
    method: PaymentMethod
    state: RefundState
    asked_on: date
    approved_on: date | None
    refused_on: date | None
    paid_on: date | None
    expected_by: date | None
    overdue: bool
    return_received_on: date | None
