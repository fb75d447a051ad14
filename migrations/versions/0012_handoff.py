"""Agents, handoffs with their steps, notes and ratings; who wrote and read what in a conversation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('queued', 'offered', 'accepted', 'promised')")
_NEW_COLUMNS = ("slots", "assistant_helps", "handoff_number", "customer_read", "agent_read")
_TABLES = (
    "ratings",
    "handoff_notes",
    "handoff_events",
    "handoffs",
    "sign_in_attempts",
    "agent_sessions",
    "agents",
)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "agents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("display_name", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("teams", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("presence", sa.String(length=10), nullable=False),
        sa.Column("presence_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("presence IN ('online', 'away', 'offline')", name=op.f("ck_agents_presence")),
        sa.CheckConstraint("role IN ('agent', 'lead', 'admin')", name=op.f("ck_agents_role")),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_agents_capacity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agents")),
        sa.UniqueConstraint("email", name=op.f("uq_agents_email")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email_digest", sa.String(length=64), nullable=False),
        sa.Column("address_digest", sa.String(length=64), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index(
        op.f("ix_sign_in_attempts_address_digest_created_at"),
        "sign_in_attempts",
        ["address_digest", "created_at"],
    )
    op.create_index(op.f("ix_sign_in_attempts_created_at"), "sign_in_attempts", ["created_at"])
    op.create_index(
        op.f("ix_sign_in_attempts_email_digest_created_at"),
        "sign_in_attempts",
        ["email_digest", "created_at"],
    )

    op.create_table(
        "agent_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_agent_sessions_agent_id_agents"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_sessions")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_agent_sessions_token_digest")),
    )
    op.create_index(op.f("ix_agent_sessions_agent_id"), "agent_sessions", ["agent_id"])
    op.create_index(op.f("ix_agent_sessions_expires_at"), "agent_sessions", ["expires_at"])

    op.create_table(
        "handoff_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("after_sequence", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_handoff_notes_agent_id_agents")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_handoff_notes_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_notes")),
    )
    op.create_index(
        op.f("ix_handoff_notes_conversation_id_created_at"),
        "handoff_notes",
        ["conversation_id", "created_at"],
    )

    op.create_table(
        "handoffs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("desk", sa.String(length=20), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=True),
        sa.Column("band", sa.String(length=10), nullable=False),
        sa.Column("mood", sa.String(length=10), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_to", sa.Integer(), nullable=True),
        sa.Column("offer_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_reply_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_reply_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wish", sa.String(length=10), nullable=True),
        sa.Column("contact", sa.String(length=254), nullable=True),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.String(length=16), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (state IN ('queued', 'offered', 'accepted', 'promised'))",
            name=op.f("ck_handoffs_ended"),
        ),
        sa.CheckConstraint("(state = 'offered') = (offered_to IS NOT NULL)", name=op.f("ck_handoffs_offer")),
        sa.CheckConstraint(
            "code IS NULL OR code IN ('solved', 'partly_solved', 'not_solved', 'no_answer', 'called', "
            "'duplicate', 'abuse')",
            name=op.f("ck_handoffs_code"),
        ),
        sa.CheckConstraint(
            "reason IN ('asked', 'angry', 'confused', 'not_understood', 'failed', 'policy', 'valuable')",
            name=op.f("ck_handoffs_reason"),
        ),
        sa.CheckConstraint(
            "state <> 'accepted' OR agent_id IS NOT NULL OR desk <> 'own'",
            name=op.f("ck_handoffs_accepted_has_an_owner"),
        ),
        sa.CheckConstraint(
            "state IN ('accepted', 'resolved', 'returned') OR agent_id IS NULL",
            name=op.f("ck_handoffs_owner_has_accepted"),
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'offered', 'accepted', 'promised', 'resolved', 'returned', 'withdrawn', "
            "'expired')",
            name=op.f("ck_handoffs_state"),
        ),
        sa.CheckConstraint(
            "wish IS NULL OR wish IN ('message', 'call', 'mail')", name=op.f("ck_handoffs_wish")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_handoffs_agent_id_agents")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_handoffs_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["offered_to"], ["agents.id"], name=op.f("fk_handoffs_offered_to_agents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
    )
    op.create_index(op.f("ix_handoffs_agent_id_ended_at"), "handoffs", ["agent_id", "ended_at"])
    op.create_index(
        "ix_handoffs_open_state",
        "handoffs",
        ["state", "requested_at"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index(op.f("ix_handoffs_requested_at"), "handoffs", ["requested_at"])
    op.create_index(
        op.f("ix_handoffs_conversation_id_requested_at"), "handoffs", ["conversation_id", "requested_at"]
    )
    op.create_index(
        "uq_handoffs_open",
        "handoffs",
        ["conversation_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )

    op.create_table(
        "handoff_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("handoff_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "step IN ('request', 'offer', 'decline', 'lapse', 'accept', "
            "'transfer_to_team', 'transfer_to_agent', 'take_over', 'snooze', 'wake', 'lose_agent', "
            "'withdraw', 'promise', 'expire', 'return', 'resolve')",
            name=op.f("ck_handoff_events_step"),
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_handoff_events_agent_id_agents")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_handoff_events_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["handoff_id"],
            ["handoffs.id"],
            name=op.f("fk_handoff_events_handoff_id_handoffs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_events")),
        sa.UniqueConstraint(
            "conversation_id", "number", name=op.f("uq_handoff_events_conversation_id_number")
        ),
    )
    op.create_index(op.f("ix_handoff_events_at"), "handoff_events", ["at"])
    op.create_index(op.f("ix_handoff_events_handoff_id"), "handoff_events", ["handoff_id"])

    op.create_table(
        "ratings",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("handoff_id", sa.Uuid(), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(score IS NULL) = (answered_at IS NULL)", name=op.f("ck_ratings_answered")),
        sa.CheckConstraint("score IS NULL OR score BETWEEN 1 AND 5", name=op.f("ck_ratings_score")),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_ratings_agent_id_agents")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_ratings_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.id"], name=op.f("fk_ratings_handoff_id_handoffs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_ratings")),
    )
    op.create_index(op.f("ix_ratings_asked_at"), "ratings", ["asked_at"])
    with op.batch_alter_table("conversations") as conversations:
        conversations.add_column(sa.Column("slots", sa.JSON(), nullable=False, server_default="{}"))
        conversations.add_column(
            sa.Column("assistant_helps", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        for number in ("handoff_number", "customer_read", "agent_read"):
            conversations.add_column(sa.Column(number, sa.Integer(), nullable=False, server_default="0"))
        conversations.create_check_constraint(op.f("ck_conversations_handoff_number"), "handoff_number >= 0")
    with op.batch_alter_table("conversations") as conversations:
        # Those were for the rows that stood there; new ones say what they hold.
        for column in _NEW_COLUMNS:
            conversations.alter_column(column, server_default=None)
    # Written out for the same reason as in 0004.
    op.execute(
        "ALTER TABLE messages ADD COLUMN agent_id INTEGER"
        " CONSTRAINT fk_messages_agent_id_agents REFERENCES agents (id)"
        " CONSTRAINT ck_messages_only_agents_are_agents CHECK (author = 'agent' OR agent_id IS NULL)"
    )
    op.add_column("messages", sa.Column("intent", sa.String(length=60), nullable=True))


def downgrade() -> None:
    """Undo it."""
    op.drop_column("messages", "intent")
    op.drop_column("messages", "agent_id")
    with op.batch_alter_table("conversations") as conversations:
        conversations.drop_constraint(op.f("ck_conversations_handoff_number"), type_="check")
        for column in _NEW_COLUMNS:
            conversations.drop_column(column)
    for table in _TABLES:
        op.drop_table(table)
