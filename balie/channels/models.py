"""Tables of channels: which conversation is which elsewhere, what came in, what goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from balie.channels.kinds import CallState, EventState
from balie.storage.base import Base, one_of

_WAITING = text("state = 'waiting'")
_UNSENT = text("state IN ('waiting', 'sending')")


class ChannelLinkRow(Base):
    """One of our conversations, as one channel or desk elsewhere knows it."""

    __tablename__ = "channel_links"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        CheckConstraint("planned_sequence >= 0 AND planned_number >= 0", name="planned"),
        CheckConstraint("last_call >= 0 AND heard_number >= 0", name="numbers"),
    )

    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(120))
    facts: Mapped[dict[str, Any]]
    """What the adapter has to remember: the status over there, which handoff it was told of."""
    planned_sequence: Mapped[int]
    """Every message up to here is among the calls, or is none of theirs."""
    planned_number: Mapped[int]
    """The same of the steps that handoffs took (``conversations.handoff_number``)."""
    last_call: Mapped[int]
    """Number of the last call that was planned."""
    heard_number: Mapped[int]
    """Of the last event that came in, where the other side numbers them."""
    created_at: Mapped[datetime]


class ChannelEventRow(Base):
    """Something that came in, stored before it was acknowledged. What it says is emptied once it is done."""

    __tablename__ = "channel_events"
    __table_args__ = (
        one_of("state", EventState),
        UniqueConstraint("channel", "key"),
        Index(
            "ix_channel_events_waiting", "channel", "thread", sqlite_where=_WAITING, postgresql_where=_WAITING
        ),
        Index(None, "received_at"),
        # Order is by id: one that was given before must not come again.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(160))
    """The same key is the same event, however often it comes."""
    thread: Mapped[str] = mapped_column(String(120))
    """What the other side calls the conversation; events of one thread are taken in order."""
    kind: Mapped[str] = mapped_column(String(40))
    body: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    trouble: Mapped[str | None] = mapped_column(String(60))
    """Code of the last failure."""
    received_at: Mapped[datetime]


class ChannelCallRow(Base):
    """Something that goes out: what it is about. What it says is put together when it is sent."""

    __tablename__ = "channel_calls"
    __table_args__ = (
        one_of("state", CallState),
        UniqueConstraint("conversation_id", "channel", "number"),
        UniqueConstraint("conversation_id", "channel", "key"),
        Index("ix_channel_calls_unsent", "channel", "due_at", sqlite_where=_UNSENT, postgresql_where=_UNSENT),
        Index(None, "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("conversations.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    """Within the conversation, without gaps; sent in this order."""
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(120))
    """The same key is the same call, however often it is planned."""
    facts: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    trouble: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
