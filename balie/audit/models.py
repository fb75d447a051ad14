"""Tables of what was changed, and of the keys that keep it from being changed twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from balie.audit.turns import Author
from balie.storage.base import Base, one_of


class AuditEntryRow(Base):
    """One change: who wanted it, in which turn, and what it made different. Never changed itself.

    ``before`` and ``after`` hold only what differs; an address is personal, so entries go with the customer.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        one_of("author", Author),
        Index(None, "order_id"),
        Index(None, "customer_id"),
        Index(None, "conversation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime]
    undertaking: Mapped[str] = mapped_column(String(40))
    author: Mapped[str] = mapped_column(String(10))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    """Whose record it was; None where a visitor nobody knows left something."""
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    """The order it was about; None where it was about none."""
    conversation_id: Mapped[UUID] = mapped_column(Uuid)
    """Not a reference: conversations are forgotten sooner than what was changed in them."""
    message_id: Mapped[UUID] = mapped_column(Uuid)
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]


class ChangeKeyRow(Base):
    """What a turn asked for, and what came of it: the same again gets this answer and does nothing."""

    __tablename__ = "change_keys"
    __table_args__ = (
        CheckConstraint("part >= 0", name="part"),
        Index(None, "customer_id"),
        Index(None, "created_at"),
    )

    conversation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    message_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    undertaking: Mapped[str] = mapped_column(String(40), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    outcome: Mapped[dict[str, Any] | None]
    """None only inside the transaction that works it out."""
