"""The table of cases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from balie.cases.kinds import CaseKind, CaseState, Remedy
from balie.storage.base import Base, one_of


class CaseRow(Base):
    """Something that a person has to look at, and the day by which the customer hears of it."""

    __tablename__ = "cases"
    __table_args__ = (
        one_of("kind", CaseKind),
        one_of("state", CaseState),
        one_of("remedy", Remedy, optional=True),
        Index(None, "customer_id"),
        Index(None, "order_id"),
        Index(None, "state", "promised_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    """None while nobody has shown who they are."""
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    conversation_id: Mapped[UUID] = mapped_column(Uuid)
    """Not a reference: conversations are forgotten sooner than cases are closed."""
    message_id: Mapped[UUID] = mapped_column(Uuid)
    opened_at: Mapped[datetime]
    promised_by: Mapped[date]
    """The last day on which the customer is to hear from us."""
    wants_person: Mapped[bool]
    """Whether the policy leaves it to a person to decide: a handoff, with all that was gathered."""
    remedy: Mapped[str | None] = mapped_column(String(20))
    story: Mapped[str | None] = mapped_column(Text)
    """In the customer's own words."""
    facts: Mapped[dict[str, Any]]
    """What else was gathered: positions, photos, a price seen elsewhere."""
    answered_at: Mapped[datetime | None]
    """When the promise was kept."""
    closed_at: Mapped[datetime | None]
