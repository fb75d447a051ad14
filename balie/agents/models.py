"""Tables of the people at the desk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from balie.agents.kinds import Presence, Role
from balie.storage.base import Base, one_of


class AgentRow(Base):
    """Somebody who answers customers. Kept when they leave: what they said stays theirs."""

    __tablename__ = "agents"
    __table_args__ = (
        one_of("role", Role),
        one_of("presence", Presence),
        CheckConstraint("capacity >= 0", name="capacity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """In lower case: what they sign in with."""
    name: Mapped[str] = mapped_column(String(120))
    """For colleagues."""
    display_name: Mapped[str] = mapped_column(String(60))
    """What customers read; a first name will do."""
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """Argon2id; None: cannot sign in yet."""
    role: Mapped[str] = mapped_column(String(10))
    languages: Mapped[list[str]]
    topics: Mapped[list[str]]
    """Topics of the taxonomy; empty: all."""
    teams: Mapped[list[str]]
    """Of ``data/desk/teams.yml``."""
    capacity: Mapped[int]
    """How many conversations at once."""
    presence: Mapped[str] = mapped_column(String(10))
    presence_at: Mapped[datetime]
    active: Mapped[bool]
    created_at: Mapped[datetime]


class AgentSessionRow(Base):
    """One browser that is signed in; its token itself is not kept."""

    __tablename__ = "agent_sessions"
    __table_args__ = (Index(None, "agent_id"), Index(None, "expires_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"))
    device: Mapped[str] = mapped_column(String(120))
    """What the browser calls itself, cut short."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SignInAttemptRow(Base):
    """A try to sign in; limits are counted over these. Says neither who nor from where in clear."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index(None, "email_digest", "created_at"),
        Index(None, "address_digest", "created_at"),
        Index(None, "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email_digest: Mapped[str] = mapped_column(String(64))
    address_digest: Mapped[str] = mapped_column(String(64))
    succeeded: Mapped[bool]
    created_at: Mapped[datetime]
