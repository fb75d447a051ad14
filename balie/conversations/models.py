"""Tables of conversations. What a customer may see of them is decided in ``service.py``, not here."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from balie.storage.base import Base

_PENDING = text("turn_state = 'pending'")


class ConversationRow(Base):
    """One thread with one customer."""

    __tablename__ = "conversations"
    __table_args__ = (
        CheckConstraint(
            "status IN ('with_assistant', 'waiting_for_agent', 'with_agent', 'resolved')", name="status"
        ),
        CheckConstraint(
            "proof IN ('shop_token', 'order_email', 'order_postcode', 'email_code')", name="proof"
        ),
        CheckConstraint("last_sequence >= 0", name="last_sequence"),
        CheckConstraint("handoff_number >= 0", name="handoff_number"),
        Index(None, "customer_id"),
        Index(None, "last_active_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    channel: Mapped[str] = mapped_column(String(32))
    """Where it began."""
    heard_via: Mapped[str] = mapped_column(String(20))
    """The channel by which the customer said something last: there they are reached."""
    status: Mapped[str] = mapped_column(String(20))
    page_language: Mapped[str | None] = mapped_column(String(8))
    explicit_language: Mapped[str | None] = mapped_column(String(8))
    language: Mapped[str | None] = mapped_column(String(8))
    recent_languages: Mapped[list[str]] = mapped_column(JSON)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    """Who this is, once known. Erasing the customer leaves the conversation without one."""
    proof: Mapped[str | None] = mapped_column(String(16))
    proven_order_number: Mapped[str | None] = mapped_column(String(32))
    proven_at: Mapped[datetime | None]
    """When the proof was shown last; it wears off from then on."""
    slots: Mapped[dict[str, Any]]
    """What the dialogue knows of the question: order number, product; nothing that says who somebody is."""
    assistant_helps: Mapped[bool]
    """Whether the customer wants the assistant to answer while they wait for a person."""
    handoff_number: Mapped[int]
    """Of the last step that a handoff of this conversation took."""
    customer_read: Mapped[int]
    """The last message that the customer has had in front of them."""
    agent_read: Mapped[int]
    last_sequence: Mapped[int]
    created_at: Mapped[datetime]
    last_active_at: Mapped[datetime]


class MessageRow(Base):
    """One bubble. Sequence numbers have no gaps within a conversation."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "sequence"),
        UniqueConstraint("conversation_id", "client_message_id"),
        CheckConstraint("author IN ('customer', 'assistant', 'agent', 'system')", name="author"),
        CheckConstraint("turn_state IN ('none', 'pending', 'answered', 'failed')", name="turn_state"),
        CheckConstraint("author = 'customer' OR turn_state = 'none'", name="only_customers_have_turns"),
        CheckConstraint("author = 'customer' OR emotion IS NULL", name="only_customers_are_read"),
        CheckConstraint("author = 'agent' OR agent_id IS NULL", name="only_agents_are_agents"),
        Index(
            "ix_messages_pending",
            "conversation_id",
            "sequence",
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    sequence: Mapped[int]
    author: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(8))
    buttons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """What the customer sees of the buttons: ``{id, title}`` or ``{url, title}``, and of which card."""
    cards: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    """Products that it shows (``ProductCard.as_document``); NULL for most messages, which show none."""
    client_message_id: Mapped[UUID | None] = mapped_column(Uuid)
    payload: Mapped[str | None] = mapped_column(Text)
    """What a pressed button or a photo means to the assistant; None for typed text."""
    turn_state: Mapped[str] = mapped_column(String(10))
    in_reply_to: Mapped[UUID | None] = mapped_column(Uuid)
    """The customer message that this reply answers."""
    response: Mapped[str | None] = mapped_column(String(100))
    """Name of the content that was rendered."""
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    """Who wrote it, at our own desk; an agent at another desk is not known to us."""
    intent: Mapped[str | None] = mapped_column(String(60))
    """What a customer's message was understood to be for."""
    emotion: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """How a customer's message reads (``Emotion.as_document``); nobody else is ever read."""
    opening: Mapped[str | None] = mapped_column(String(48))
    """Which words for the customer's mood a reply began with, such as ``anger.nl.2``."""
    remark: Mapped[str | None] = mapped_column(String(48))
    """What a reply added at its end, such as ``review.nl.1``."""
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    """When the customer put another text in its place; the one before is not kept."""


class PhotoRow(Base):
    """What a customer's message shows instead of words. It goes when the message goes."""

    __tablename__ = "photos"
    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0 AND size_bytes > 0", name="size"),
        UniqueConstraint("message_id"),
        Index(None, "conversation_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    jpeg: Mapped[bytes] = mapped_column(LargeBinary)
    """Drawn by us (``photo_files.py``); never the file that came in."""
    width: Mapped[int]
    height: Mapped[int]
    size_bytes: Mapped[int]
    created_at: Mapped[datetime]


class MessageButtonRow(Base):
    """What a button means: the opaque id is all that leaves the house."""

    __tablename__ = "message_buttons"
    __table_args__ = (Index(None, "conversation_id"), Index(None, "message_id"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    payload: Mapped[str] = mapped_column(Text)


class IdentificationAttemptRow(Base):
    """One try to prove who somebody is with an order number; limits are counted over these."""

    __tablename__ = "identification_attempts"
    __table_args__ = (Index(None, "conversation_id"), Index(None, "order_number", "created_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    order_number: Mapped[str] = mapped_column(String(32))
    succeeded: Mapped[bool]
    created_at: Mapped[datetime]


class OneTimeCodeRow(Base):
    """A code that was sent to a mailbox: what can be checked of it, never the code or the address."""

    __tablename__ = "one_time_codes"
    __table_args__ = (
        CheckConstraint("tries >= 0", name="tries"),
        Index(None, "conversation_id"),
        Index(None, "customer_id"),
        Index(None, "address_digest", "created_at"),
        Index(None, "created_at"),
        # A letter's key is made of the id: one that was given before must not come again.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    """Whose mailbox it is; None for an address that nobody has: nothing was sent, and no code is right."""
    address_digest: Mapped[str] = mapped_column(String(64))
    code_digest: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ContinuationRow(Base):
    """A code by which a conversation is gone on with in another channel: its digest, never the code."""

    __tablename__ = "continuations"
    __table_args__ = (Index(None, "conversation_id"), Index(None, "expires_at"))

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    towards: Mapped[str] = mapped_column(String(20))
    """The only channel it works in."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
