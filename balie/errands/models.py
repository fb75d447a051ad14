"""Tables of what customers asked for: alerts, reviews, items put aside, changes of their account."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from balie.errands.kinds import LinkPurpose
from balie.storage.base import Base, one_of


class StockAlertRow(Base):
    """Somebody wants to hear when a variant can be bought again."""

    __tablename__ = "stock_alerts"
    __table_args__ = (UniqueConstraint("variant_id", "customer_id"), Index(None, "customer_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("product_variants.id", ondelete="CASCADE"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
    kept_until: Mapped[date]
    """After this day the wish is forgotten."""
    told_at: Mapped[datetime | None]


class ReviewRow(Base):
    """What a customer says of a product; shown after somebody has looked at it."""

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        UniqueConstraint("product_id", "customer_id"),
        Index(None, "customer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    stars: Mapped[int]
    text: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    written_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class CollectionRow(Base):
    """A piece put aside in a store, to be fetched and paid there."""

    __tablename__ = "collections"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        Index(None, "customer_id"),
        Index(None, "variant_id"),
        Index(None, "kept_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("product_variants.id", ondelete="CASCADE"))
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id", ondelete="CASCADE"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    quantity: Mapped[int]
    asked_at: Mapped[datetime]
    kept_until: Mapped[date]
    collected_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    """When it went back on the shelf because nobody came; None otherwise."""


class AccountLinkRow(Base):
    """A link that was mailed, and works once until it expires; the link itself is stored nowhere."""

    __tablename__ = "account_links"
    __table_args__ = (one_of("purpose", LinkPurpose), Index(None, "customer_id"), Index(None, "expires_at"))

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))
    """What it confirms, or whom it was sent to."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class EmailChangeRow(Base):
    """A wish for another e-mail address: done when both the old and the new one have confirmed it."""

    __tablename__ = "email_changes"
    __table_args__ = (Index(None, "customer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    new_email: Mapped[str] = mapped_column(String(254))
    old_link_id: Mapped[UUID] = mapped_column(ForeignKey("account_links.id", ondelete="CASCADE"))
    new_link_id: Mapped[UUID] = mapped_column(ForeignKey("account_links.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class AccountDeletionRow(Base):
    """A wish to close an account; it can be withdrawn until the day on which it is done."""

    __tablename__ = "account_deletions"
    __table_args__ = (Index(None, "delete_on"),)

    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    asked_at: Mapped[datetime]
    delete_on: Mapped[date]
    kept_until: Mapped[date]
    """What the law wants kept, such as invoices, goes after this day."""
