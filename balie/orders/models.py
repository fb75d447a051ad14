"""Tables of orders.

Only facts with their times are stored; what an order's status *is* follows from them (``status.py``),
so that no column can say something the facts deny.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from balie.orders.kinds import (
    DeliveryMethod,
    InvoiceKind,
    PaymentFailure,
    PaymentMethod,
    ReturnMethod,
    ReturnReason,
    ShipmentEventKind,
)
from balie.storage.base import Base, one_of


class OrderRow(Base):
    """One purchase. Name, address and e-mail are copies from the day it was placed."""

    __tablename__ = "orders"
    __table_args__ = (
        one_of("delivery_method", DeliveryMethod),
        CheckConstraint("total_minor >= 0", name="total_minor"),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        Index(None, "customer_id", "placed_at", "cancelled_at"),
        Index(None, "placed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    placed_at: Mapped[datetime]
    packed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    promised_on: Mapped[date]
    """The day of delivery the customer was told when ordering."""
    delivery_method: Mapped[str] = mapped_column(String(20))
    pickup_place: Mapped[str | None] = mapped_column(String(120))
    """The pick-up point or store, for people; None when it comes to the door."""
    email: Mapped[str] = mapped_column(String(254))
    street: Mapped[str] = mapped_column(String(120))
    house_number: Mapped[str] = mapped_column(String(16))
    postcode: Mapped[str] = mapped_column(String(12))
    city: Mapped[str] = mapped_column(String(80))
    country: Mapped[str] = mapped_column(String(2))
    currency: Mapped[str] = mapped_column(String(3))
    shipping_minor: Mapped[int]
    discount_minor: Mapped[int]
    total_minor: Mapped[int]
    """What the customer pays: lines + shipping - discount, tax included."""


class OrderLineRow(Base):
    """One position. Name and price are copies from the day of the order."""

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("unit_price_minor >= 0", name="unit_price_minor"),
        Index(None, "order_id", "variant_id"),
        Index(None, "variant_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    position: Mapped[int]
    variant_id: Mapped[int | None] = mapped_column(ForeignKey("product_variants.id", ondelete="SET NULL"))
    sku: Mapped[str] = mapped_column(String(60))
    names: Mapped[dict[str, str]]
    size: Mapped[str | None] = mapped_column(String(16))
    colours: Mapped[dict[str, str]]
    quantity: Mapped[int]
    unit_price_minor: Mapped[int]


class ShipmentRow(Base):
    """One parcel (or bicycle) of an order."""

    __tablename__ = "shipments"
    __table_args__ = (Index(None, "order_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    carrier: Mapped[str] = mapped_column(String(40))
    track_code: Mapped[str] = mapped_column(String(40), unique=True)
    track_url: Mapped[str | None] = mapped_column(String(300))
    shipped_at: Mapped[datetime | None]
    expected_on: Mapped[date]
    """The carrier's own day; may be later than what was promised."""
    ready_at: Mapped[datetime | None]
    """When it lay ready at a pick-up point or store; None for what comes to the door."""
    delivered_at: Mapped[datetime | None]


class ShipmentEventRow(Base):
    """What the carrier reported, and when. Kept while it helps anybody; old ones are dropped."""

    __tablename__ = "shipment_events"
    __table_args__ = (
        UniqueConstraint("shipment_id", "happened_at", "kind"),
        one_of("kind", ShipmentEventKind),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipments.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    happened_at: Mapped[datetime]
    place: Mapped[str | None] = mapped_column(String(80))


class InvoiceRow(Base):
    """A numbered document about an order."""

    __tablename__ = "invoices"
    __table_args__ = (one_of("kind", InvoiceKind), Index(None, "order_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    issued_on: Mapped[date]
    due_on: Mapped[date]
    total_minor: Mapped[int]
    tax_minor: Mapped[int]


class PaymentRow(Base):
    """One try to pay, or to pay what a change made dearer; one that failed or was voided says so."""

    __tablename__ = "payments"
    __table_args__ = (
        one_of("method", PaymentMethod),
        one_of("failure", PaymentFailure, optional=True),
        CheckConstraint("failure IS NULL OR failed_at IS NOT NULL", name="only_failures_have_a_reason"),
        CheckConstraint("paid_at IS NULL OR failed_at IS NULL", name="paid_or_failed"),
        Index(None, "order_id"),
        Index(None, "provider_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    method: Mapped[str] = mapped_column(String(20))
    amount_minor: Mapped[int]
    started_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    """When the money, or a pay-later provider's promise of it, was ours."""
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(20))
    """Why it failed; None while it has not, and where nobody told us."""
    provider_id: Mapped[str | None] = mapped_column(String(64))
    """The payment provider's number of it; None for what was paid another way, or before there was one."""


class ReturnRow(Base):
    """Items on their way back."""

    __tablename__ = "returns"
    __table_args__ = (
        one_of("method", ReturnMethod),
        Index(None, "order_id"),
        Index(None, "announced_at"),
        Index(None, "track_code", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(String(32), unique=True)
    method: Mapped[str] = mapped_column(String(10))
    announced_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    pick_up_on: Mapped[date | None]
    """The day on which the carrier comes for it; None where nobody does."""
    track_code: Mapped[str | None] = mapped_column(String(40))
    """The carrier's number of it; None before the carrier knows of it, and in a store."""


class ReturnLineRow(Base):
    """How many of one order line come back, and why."""

    __tablename__ = "return_lines"
    __table_args__ = (
        UniqueConstraint("return_id", "order_line_id"),
        one_of("reason", ReturnReason),
        CheckConstraint("quantity > 0", name="quantity"),
        Index(None, "order_line_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("returns.id", ondelete="CASCADE"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id", ondelete="CASCADE"))
    quantity: Mapped[int]
    reason: Mapped[str] = mapped_column(String(20))


class RefundRow(Base):
    """Money on its way back: asked for, approved or refused, paid out."""

    __tablename__ = "refunds"
    __table_args__ = (
        one_of("method", PaymentMethod),
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        CheckConstraint("paid_at IS NULL OR refused_at IS NULL", name="paid_or_refused"),
        Index(None, "order_id"),
        Index(None, "payment_id"),
        Index(None, "paid_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id", ondelete="SET NULL"))
    """The payment that was taken for nothing; None where the money is not that of one certain payment."""
    return_id: Mapped[int | None] = mapped_column(ForeignKey("returns.id", ondelete="SET NULL"))
    method: Mapped[str] = mapped_column(String(20))
    amount_minor: Mapped[int]
    asked_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    expected_by: Mapped[date | None]
    """The last day on which the customer should see the money; None before it can be said."""


class ReservationRow(Base):
    """Pieces kept aside for an exchange: they have left the stock, and go back when nobody comes."""

    __tablename__ = "reservations"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        Index(None, "variant_id"),
        Index(None, "kept_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_line_id: Mapped[int] = mapped_column(
        ForeignKey("return_lines.id", ondelete="CASCADE"), unique=True
    )
    variant_id: Mapped[int] = mapped_column(ForeignKey("product_variants.id", ondelete="CASCADE"))
    quantity: Mapped[int]
    kept_until: Mapped[date]
    released_at: Mapped[datetime | None]
    """When the pieces went back into the stock because the item never came; None otherwise."""
