"""Tables of customers. Rows never leave this feature: ``service.py`` hands out views."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from balie.customers.kinds import AccountType, AddressKind, ConsentPurpose, LoyaltyReason
from balie.storage.base import Base, one_of


class CustomerRow(Base):
    """Somebody who buys, as the shop knows them."""

    __tablename__ = "customers"
    __table_args__ = (
        one_of("account_type", AccountType),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        Index(None, "email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(String(64), unique=True)
    """The shop's own customer number; ``sub`` of the tokens it signs."""
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(8))
    account_type: Mapped[str] = mapped_column(String(10))
    registered_at: Mapped[datetime]


class CustomerAddressRow(Base):
    """Where somebody lives, or wants parcels or invoices."""

    __tablename__ = "customer_addresses"
    __table_args__ = (UniqueConstraint("customer_id", "kind"), one_of("kind", AddressKind))

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    street: Mapped[str] = mapped_column(String(120))
    house_number: Mapped[str] = mapped_column(String(16))
    postcode: Mapped[str] = mapped_column(String(12))
    """Upper case, without spaces."""
    city: Mapped[str] = mapped_column(String(80))
    country: Mapped[str] = mapped_column(String(2))


class ChannelIdentityRow(Base):
    """How a customer is known in one channel (``telegram``, "4711")."""

    __tablename__ = "channel_identities"
    __table_args__ = (UniqueConstraint("channel", "identity"), Index(None, "customer_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(32))
    identity: Mapped[str] = mapped_column(String(128))
    linked_at: Mapped[datetime]


class ConsentRow(Base):
    """One answer to one question about data; the newest per purpose counts, none is ever changed."""

    __tablename__ = "consents"
    __table_args__ = (one_of("purpose", ConsentPurpose), Index(None, "customer_id", "purpose", "recorded_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(20))
    granted: Mapped[bool]
    source: Mapped[str] = mapped_column(String(32))
    recorded_at: Mapped[datetime]


class LoyaltyAccountRow(Base):
    """Membership of the loyalty programme. The balance is not stored: it follows from the entries."""

    __tablename__ = "loyalty_accounts"

    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    joined_on: Mapped[date]


class LoyaltyEntryRow(Base):
    """Points that came (positive, they lapse some day) or went (negative)."""

    __tablename__ = "loyalty_entries"
    __table_args__ = (
        one_of("reason", LoyaltyReason),
        CheckConstraint("points <> 0", name="points"),
        Index(None, "customer_id", "recorded_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("loyalty_accounts.customer_id", ondelete="CASCADE"))
    points: Mapped[int]
    reason: Mapped[str] = mapped_column(String(16))
    order_number: Mapped[str | None] = mapped_column(String(32))
    recorded_at: Mapped[datetime]
    expires_on: Mapped[date | None]
    """First day on which these points no longer count."""
