"""Desks and channels elsewhere: links, what came in, what goes out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'waiting'")
_UNSENT = sa.text("state IN ('waiting', 'sending')")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "channel_links",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("planned_sequence", sa.Integer(), nullable=False),
        sa.Column("planned_number", sa.Integer(), nullable=False),
        sa.Column("last_call", sa.Integer(), nullable=False),
        sa.Column("heard_number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "planned_sequence >= 0 AND planned_number >= 0", name=op.f("ck_channel_links_planned")
        ),
        sa.CheckConstraint("last_call >= 0 AND heard_number >= 0", name=op.f("ck_channel_links_numbers")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_channel_links_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "channel", name=op.f("pk_channel_links")),
        sa.UniqueConstraint("channel", "external_id", name=op.f("uq_channel_links_channel_external_id")),
    )
    op.create_table(
        "channel_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("thread", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=60), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'done', 'given_up')", name=op.f("ck_channel_events_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_events")),
        sa.UniqueConstraint("channel", "key", name=op.f("uq_channel_events_channel_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_channel_events_waiting",
        "channel_events",
        ["channel", "thread"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_index(op.f("ix_channel_events_received_at"), "channel_events", ["received_at"])
    op.create_table(
        "channel_calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=60), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'dropped', 'given_up')",
            name=op.f("ck_channel_calls_state"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_channel_calls_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_calls")),
        sa.UniqueConstraint(
            "conversation_id",
            "channel",
            "number",
            name=op.f("uq_channel_calls_conversation_id_channel_number"),
        ),
        sa.UniqueConstraint(
            "conversation_id", "channel", "key", name=op.f("uq_channel_calls_conversation_id_channel_key")
        ),
    )
    op.create_index(
        "ix_channel_calls_unsent",
        "channel_calls",
        ["channel", "due_at"],
        sqlite_where=_UNSENT,
        postgresql_where=_UNSENT,
    )
    op.create_index(op.f("ix_channel_calls_created_at"), "channel_calls", ["created_at"])


def downgrade() -> None:
    """Undo it; what it alone could hold is lost."""
    for table in ("channel_calls", "channel_events", "channel_links"):
        op.drop_table(table)
