"""Tables of handoffs, the steps they took, what agents noted, and how customers rated it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from balie.handoff.kinds import HandoffState, Reason, ResolutionCode, Step, Wish
from balie.storage.base import Base, one_of

_OPEN = text("state IN ('queued', 'offered', 'accepted', 'promised')")


class HandoffRow(Base):
    """The passing of one conversation to agents. A conversation has at most one that is open."""

    __tablename__ = "handoffs"
    __table_args__ = (
        one_of("state", HandoffState),
        one_of("reason", Reason),
        one_of("wish", Wish, optional=True),
        one_of("code", ResolutionCode, optional=True),
        CheckConstraint(
            "state <> 'accepted' OR agent_id IS NOT NULL OR desk <> 'own'", name="accepted_has_an_owner"
        ),
        CheckConstraint(
            "state IN ('accepted', 'resolved', 'returned') OR agent_id IS NULL", name="owner_has_accepted"
        ),
        CheckConstraint(
            "(ended_at IS NULL) = (state IN ('queued', 'offered', 'accepted', 'promised'))", name="ended"
        ),
        CheckConstraint("(state = 'offered') = (offered_to IS NOT NULL)", name="offer"),
        Index("uq_handoffs_open", "conversation_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_handoffs_open_state", "state", "requested_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "agent_id", "ended_at"),
        Index(None, "requested_at"),
        Index(None, "conversation_id", "requested_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(16))
    facts: Mapped[dict[str, Any]]
    """What the reason rests on: how many angry turns, which case."""
    desk: Mapped[str] = mapped_column(String(20))
    """``own``, or the desk elsewhere that its agents work at; those agents are not known to us."""
    team: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    topic: Mapped[str | None] = mapped_column(String(40))
    """Of the taxonomy: what it is about, for whoever knows about it."""
    band: Mapped[str] = mapped_column(String(10))
    """How much the customer has bought: see ``bands.py``."""
    mood: Mapped[str] = mapped_column(String(10))
    """Priority that the mood asked for: normal, raised, high."""
    requested_at: Mapped[datetime]
    """Since when the customer waits; a transfer does not change it."""
    queued_at: Mapped[datetime]
    """Since when it is in this queue."""
    offered_to: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    offer_expires_at: Mapped[datetime | None]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    """Who has it, or had it last."""
    accepted_at: Mapped[datetime | None]
    """The first time."""
    first_reply_at: Mapped[datetime | None]
    first_reply_due_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    wish: Mapped[str | None] = mapped_column(String(10))
    contact: Mapped[str | None] = mapped_column(String(254))
    """The number or address that the customer wants to be reached at."""
    promised_at: Mapped[datetime | None]
    """By when the customer is to hear from us."""
    code: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(Text)
    """What the agent who ended it, or passed it on last, wrote for whoever is next; no customer reads it."""
    ended_at: Mapped[datetime | None]


class HandoffEventRow(Base):
    """One step; a conversation's steps are numbered without gaps."""

    __tablename__ = "handoff_events"
    __table_args__ = (
        one_of("step", Step),
        UniqueConstraint("conversation_id", "number"),
        Index(None, "handoff_id"),
        Index(None, "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    handoff_id: Mapped[UUID] = mapped_column(ForeignKey("handoffs.id", ondelete="CASCADE"))
    number: Mapped[int]
    step: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    """Of the handoff afterwards."""
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    """Who took the step; None for the customer, and for Balie itself."""
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]


class NoteRow(Base):
    """What agents write for each other beside a conversation; kept apart from what customers may read."""

    __tablename__ = "handoff_notes"
    __table_args__ = (Index(None, "conversation_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    """The writer's own: the same note again is not written twice."""
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    after_sequence: Mapped[int]
    """The last message that stood there."""
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class RatingRow(Base):
    """One question of how it went, per conversation, and the answer."""

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("score IS NULL OR score BETWEEN 1 AND 5", name="score"),
        CheckConstraint("(score IS NULL) = (answered_at IS NULL)", name="answered"),
        Index(None, "asked_at"),
    )

    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    handoff_id: Mapped[UUID | None] = mapped_column(ForeignKey("handoffs.id", ondelete="CASCADE"))
    """None when the assistant had solved it."""
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    language: Mapped[str | None] = mapped_column(String(8))
    asked_at: Mapped[datetime]
    score: Mapped[int | None]
    text: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
