"""Tables of payments: links to pay, refunds with the provider, and what the simulated provider remembers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from balie.payments.kinds import LinkState, ProviderState, SendState
from balie.storage.base import Base, one_of

_NOT_ENDED = text("state <> 'ended'")
_NOT_DONE = text("state IN ('wanted', 'sent')")


class PaymentLinkRow(Base):
    """A link to pay: first wanted, then open at the provider, then ended; never two of an order at once."""

    __tablename__ = "payment_links"
    __table_args__ = (
        one_of("state", LinkState),
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_links_have_a_moment"),
        CheckConstraint(
            "state <> 'open' OR"
            " (provider_id IS NOT NULL AND checkout_url IS NOT NULL AND expires_at IS NOT NULL)",
            name="open_links_lead_somewhere",
        ),
        Index(
            "ix_payment_links_one_of_an_order",
            "order_id",
            unique=True,
            sqlite_where=_NOT_ENDED,
            postgresql_where=_NOT_ENDED,
        ),
        Index("ix_payment_links_due", "due_at", sqlite_where=_NOT_ENDED, postgresql_where=_NOT_ENDED),
        Index(None, "order_id"),
        Index(None, "payment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id", ondelete="CASCADE"))
    """The try to pay that it is; None before the provider knows of it."""
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """Under which the provider is asked, however often."""
    asked_key: Mapped[str] = mapped_column(String(120))
    """Of the request that it was first made for."""
    amount_minor: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    promised_at: Mapped[datetime | None]
    """When the customer was told that it comes by mail; None when it was not promised."""
    mailed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    provider_id: Mapped[str | None] = mapped_column(String(64))
    checkout_url: Mapped[str | None] = mapped_column(String(500))
    expires_at: Mapped[datetime | None]
    attempts: Mapped[int]
    due_at: Mapped[datetime | None]
    """When somebody has to look after it again; None when nobody has to."""
    claimed_until: Mapped[datetime | None]
    """Until then somebody is looking after it."""
    trouble: Mapped[str | None] = mapped_column(String(60))
    """Code of the last failure."""


class ProviderRefundRow(Base):
    """A part of a refund that goes back through the provider: of one payment, once."""

    __tablename__ = "provider_refunds"
    __table_args__ = (
        UniqueConstraint("refund_id", "payment_id"),
        one_of("state", SendState),
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint(
            "(state IN ('done', 'refused')) = (ended_at IS NOT NULL)", name="what_has_ended_has_a_moment"
        ),
        Index(None, "payment_id"),
        Index("ix_provider_refunds_due", "due_at", sqlite_where=_NOT_DONE, postgresql_where=_NOT_DONE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    refund_id: Mapped[int] = mapped_column(ForeignKey("refunds.id", ondelete="CASCADE"))
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    amount_minor: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    provider_id: Mapped[str | None] = mapped_column(String(64))
    """The provider's number of the refund; None before it answered."""
    attempts: Mapped[int]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    trouble: Mapped[str | None] = mapped_column(String(60))


class SimulatedPaymentRow(Base):
    """A payment that the simulated provider knows of. Stands for somebody else's database."""

    __tablename__ = "simulated_payments"
    __table_args__ = (
        one_of("state", ProviderState),
        CheckConstraint("amount_minor > 0", name="amount_minor"),
    )

    provider_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    description: Mapped[str] = mapped_column(String(200))
    return_url: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(10))
    failure: Mapped[str | None] = mapped_column(String(20))
    expires_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]


class SimulatedRefundRow(Base):
    """Money that the simulated provider has given back."""

    __tablename__ = "simulated_refunds"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount_minor"), Index(None, "provider_id"))

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    provider_id: Mapped[str] = mapped_column(ForeignKey("simulated_payments.provider_id", ondelete="CASCADE"))
    amount_minor: Mapped[int]
    created_at: Mapped[datetime]
