"""The table of letters. Its rows never leave this feature: ``repository.py`` hands out claimed letters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from balie.outbox.letters import LetterState
from balie.storage.base import Base, one_of

LONGEST_KEY = 120
_WAITING = text("state = 'waiting'")


class OutboxLetterRow(Base):
    """A letter, from the promise on; what it says of a person is forgotten a while after it was sent."""

    __tablename__ = "outbox_letters"
    __table_args__ = (
        one_of("state", LetterState),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_letters_have_a_moment"),
        Index("ix_outbox_letters_waiting", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index(None, "customer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(LONGEST_KEY), unique=True)
    """Made by whoever promises it: the same promise, told twice, is one letter."""
    letter: Mapped[str] = mapped_column(String(60))
    recipient: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    facts: Mapped[dict[str, Any]]
    papers: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    """Until then somebody is sending it."""
    attempts: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    sent_at: Mapped[datetime | None]
    trouble: Mapped[str | None] = mapped_column(String(60))
    """Code of the last failure; never a text of somebody else's, which may be personal."""
