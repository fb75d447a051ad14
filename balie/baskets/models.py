"""Tables of baskets, discount codes and gift cards.

No total and no balance is stored: both follow from what is (``rules.py``).
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from balie.baskets.kinds import CardEntryReason
from balie.baskets.limits import MOST_PIECES
from balie.storage.base import Base, one_of

_OPEN_OF_A_CUSTOMER = text("customer_id IS NOT NULL AND ordered_at IS NULL")
_OPEN_OF_A_STRANGER = text("conversation_id IS NOT NULL AND ordered_at IS NULL")


class BasketRow(Base):
    """What somebody means to buy: a customer's, or of a conversation in which nobody is known yet."""

    __tablename__ = "baskets"
    __table_args__ = (
        CheckConstraint("(customer_id IS NULL) <> (conversation_id IS NULL)", name="one_owner"),
        Index(
            "uq_baskets_open_customer_id",
            "customer_id",
            unique=True,
            sqlite_where=_OPEN_OF_A_CUSTOMER,
            postgresql_where=_OPEN_OF_A_CUSTOMER,
        ),
        Index(
            "uq_baskets_open_conversation_id",
            "conversation_id",
            unique=True,
            sqlite_where=_OPEN_OF_A_STRANGER,
            postgresql_where=_OPEN_OF_A_STRANGER,
        ),
        Index(None, "customer_id"),
        Index(None, "changed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    conversation_id: Mapped[UUID | None] = mapped_column(Uuid)
    """Only of a stranger's basket. Not a reference: conversations are another feature's."""
    currency: Mapped[str] = mapped_column(String(3))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    ordered_at: Mapped[datetime | None]
    """When the shop's checkout took it over; None while it is open."""


class BasketLineRow(Base):
    """How many of one variant. The price is not kept: a basket shows what things cost today."""

    __tablename__ = "basket_lines"
    __table_args__ = (
        CheckConstraint(f"quantity BETWEEN 1 AND {MOST_PIECES}", name="quantity"),
        Index(None, "variant_id"),
    )

    basket_id: Mapped[int] = mapped_column(ForeignKey("baskets.id", ondelete="CASCADE"), primary_key=True)
    variant_id: Mapped[int] = mapped_column(
        ForeignKey("product_variants.id", ondelete="CASCADE"), primary_key=True
    )
    quantity: Mapped[int]
    added_at: Mapped[datetime]


class DiscountCodeRow(Base):
    """A word that makes a basket cheaper, and its conditions."""

    __tablename__ = "discount_codes"
    __table_args__ = (
        CheckConstraint("code = upper(code)", name="code_is_upper_case"),
        CheckConstraint("(percent IS NULL) <> (amount_minor IS NULL)", name="percent_or_amount"),
        CheckConstraint("(amount_minor IS NULL) = (currency IS NULL)", name="amount_has_a_currency"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        CheckConstraint("min_order_minor >= 0", name="min_order_minor"),
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
        CheckConstraint("max_uses > 0", name="max_uses"),
        CheckConstraint("uses >= 0", name="uses"),
        Index(None, "customer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    """Letters and digits only, as ``codes.normalise_code`` makes it."""
    percent: Mapped[int | None]
    amount_minor: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    min_order_minor: Mapped[int]
    """What the goods must cost before any discount; 0 when it does not matter."""
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    """The last day on which it may be used."""
    max_uses: Mapped[int | None]
    uses: Mapped[int]
    once_per_customer: Mapped[bool]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    """The only customer who may use it; None when everybody may."""
    combinable: Mapped[bool]
    active: Mapped[bool]


class BasketDiscountRow(Base):
    """A code that somebody entered. Whether it counts is decided anew whenever the basket is looked at."""

    __tablename__ = "basket_discounts"
    __table_args__ = (Index(None, "code_id"),)

    basket_id: Mapped[int] = mapped_column(ForeignKey("baskets.id", ondelete="CASCADE"), primary_key=True)
    code_id: Mapped[int] = mapped_column(
        ForeignKey("discount_codes.id", ondelete="CASCADE"), primary_key=True
    )
    added_at: Mapped[datetime]


class DiscountCodeUseRow(Base):
    """One order for which a code was used."""

    __tablename__ = "discount_code_uses"
    __table_args__ = (
        Index(None, "code_id", "customer_id"),
        Index(None, "customer_id"),
        Index(None, "basket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code_id: Mapped[int] = mapped_column(ForeignKey("discount_codes.id", ondelete="CASCADE"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    basket_id: Mapped[int | None] = mapped_column(ForeignKey("baskets.id", ondelete="SET NULL"))
    used_at: Mapped[datetime]


class GiftCardRow(Base):
    """A gift card. Its code is money, so only a keyed digest of it is kept (``codes.CardDigests``)."""

    __tablename__ = "gift_cards"
    __table_args__ = (
        CheckConstraint("initial_minor > 0", name="initial_minor"),
        CheckConstraint("issued_on <= expires_on", name="issued_before_it_expires"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    last_four: Mapped[str] = mapped_column(String(4))
    """The end of the code, by which its owner knows it."""
    currency: Mapped[str] = mapped_column(String(3))
    initial_minor: Mapped[int]
    issued_on: Mapped[date]
    expires_on: Mapped[date]
    """The last day on which it may be spent."""
    blocked: Mapped[bool]


class GiftCardEntryRow(Base):
    """Money that left a card (negative) or came back to it. With ``initial_minor`` they are its balance."""

    __tablename__ = "gift_card_entries"
    __table_args__ = (
        one_of("reason", CardEntryReason),
        CheckConstraint("amount_minor <> 0", name="amount_minor"),
        Index(None, "card_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("gift_cards.id", ondelete="CASCADE"))
    amount_minor: Mapped[int]
    reason: Mapped[str] = mapped_column(String(10))
    order_number: Mapped[str | None] = mapped_column(String(32))
    recorded_at: Mapped[datetime]


class CodeAttemptsRow(Base):
    """How many wrong codes a conversation has tried since ``began_at``; the limit is counted here."""

    __tablename__ = "code_attempts"
    __table_args__ = (CheckConstraint("failed >= 0", name="failed"), Index(None, "began_at"))

    conversation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    began_at: Mapped[datetime]
    failed: Mapped[int]
