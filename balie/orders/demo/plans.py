"""One order of the demo shop from beginning to end, before anybody asks how far it has got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from balie.catalogue.kinds import DeliveryKind
from balie.orders.demo.people import Address
from balie.orders.demo.products import DemoProduct, DemoVariant
from balie.orders.kinds import DeliveryMethod, PaymentMethod, ReturnMethod, ReturnReason


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who an order belongs to."""

    customer_id: int
    email: str
    address: Address
    member: bool


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One position."""

    product: DemoProduct
    variant: DemoVariant
    quantity: int = 1

    @property
    def price_minor(self) -> int:
        """Of all its pieces together."""
        return self.product.price_minor * self.quantity


@dataclass(slots=True, kw_only=True)
class Timeline:
    """When everything happens, or would: moments after the shop's last one have not come yet.

    Attributes:
        failed_at: A first payment that failed.
        delayed_at: When the carrier reports that the promised day will not be made.
        new_expected_on: The day the carrier names then.
        missed_at: When the van stood before a closed door.
        ready_at: When it lies ready at a pick-up point or store.
    """

    placed_at: datetime
    promised_on: date
    failed_at: datetime | None = None
    paid_at: datetime | None = None
    cancelled_at: datetime | None = None
    packed_at: datetime | None = None
    shipped_at: datetime | None = None
    sorted_at: datetime | None = None
    delayed_at: datetime | None = None
    new_expected_on: date | None = None
    missed_at: datetime | None = None
    out_at: datetime | None = None
    ready_at: datetime | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlan:
    """Everything about one order; ``with_provider`` says that the payment provider knows of the payment."""

    number: int
    buyer: Buyer
    lines: tuple[PlannedLine, ...]
    method: DeliveryMethod
    pickup_place: str | None
    payment: PaymentMethod
    shipping_minor: int
    discount_minor: int
    timeline: Timeline
    with_provider: bool = False

    @property
    def order_number(self) -> str:
        """As the customer knows it."""
        return f"DD{self.number}"

    @property
    def total_minor(self) -> int:
        """What the customer pays."""
        return sum(line.price_minor for line in self.lines) + self.shipping_minor - self.discount_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPlan:
    """Some pieces on their way back.

    Attributes:
        lines: Positions in the order's lines, with the reason.
        refused: Whether we do not pay: the items were used.
    """

    lines: tuple[tuple[int, ReturnReason], ...]
    method: ReturnMethod
    announced_at: datetime
    sent_at: datetime | None
    received_at: datetime | None
    decided_at: datetime | None
    paid_at: datetime | None
    refused: bool = False


def bulkiest(lines: tuple[PlannedLine, ...]) -> DeliveryKind:
    """How an order has to travel: as its bulkiest line does."""
    kinds = {line.product.kind.delivery for line in lines}
    return next(
        (kind for kind in (DeliveryKind.BIKE, DeliveryKind.BULKY) if kind in kinds), DeliveryKind.PARCEL
    )
