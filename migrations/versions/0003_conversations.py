"""Conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("page_language", sa.String(length=8), nullable=True),
        sa.Column("explicit_language", sa.String(length=8), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("recent_languages", sa.JSON(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("proof", sa.String(length=16), nullable=True),
        sa.Column("proven_order_number", sa.String(length=32), nullable=True),
        sa.Column("last_sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_active_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "proof IN ('shop_token', 'order_email', 'order_postcode')", name=op.f("ck_conversations_proof")
        ),
        sa.CheckConstraint(
            "status IN ('with_assistant', 'waiting_for_agent', 'with_agent', 'resolved')",
            name=op.f("ck_conversations_status"),
        ),
        sa.CheckConstraint("last_sequence >= 0", name=op.f("ck_conversations_last_sequence")),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_conversations_customer_id_customers"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index(op.f("ix_conversations_customer_id"), "conversations", ["customer_id"], unique=False)
    op.create_index(
        op.f("ix_conversations_last_active_at"), "conversations", ["last_active_at"], unique=False
    )
    op.create_table(
        "identification_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("order_number", sa.String(length=32), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_identification_attempts_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identification_attempts")),
    )
    op.create_index(
        op.f("ix_identification_attempts_conversation_id"),
        "identification_attempts",
        ["conversation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_identification_attempts_order_number_created_at"),
        "identification_attempts",
        ["order_number", "created_at"],
        unique=False,
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.Column("client_message_id", sa.Uuid(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("turn_state", sa.String(length=10), nullable=False),
        sa.Column("in_reply_to", sa.Uuid(), nullable=True),
        sa.Column("response", sa.String(length=100), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "author = 'customer' OR turn_state = 'none'", name=op.f("ck_messages_only_customers_have_turns")
        ),
        sa.CheckConstraint(
            "author IN ('customer', 'assistant', 'agent', 'system')", name=op.f("ck_messages_author")
        ),
        sa.CheckConstraint(
            "turn_state IN ('none', 'pending', 'answered', 'failed')", name=op.f("ck_messages_turn_state")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_messages_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint(
            "conversation_id", "client_message_id", name=op.f("uq_messages_conversation_id_client_message_id")
        ),
        sa.UniqueConstraint("conversation_id", "sequence", name=op.f("uq_messages_conversation_id_sequence")),
    )
    op.create_index(
        "ix_messages_pending",
        "messages",
        ["conversation_id", "sequence"],
        unique=False,
        sqlite_where=sa.text("turn_state = 'pending'"),
        postgresql_where=sa.text("turn_state = 'pending'"),
    )
    op.create_table(
        "message_buttons",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_message_buttons_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("fk_message_buttons_message_id_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_buttons")),
    )
    op.create_index(
        op.f("ix_message_buttons_conversation_id"), "message_buttons", ["conversation_id"], unique=False
    )
    op.create_index(op.f("ix_message_buttons_message_id"), "message_buttons", ["message_id"], unique=False)


def downgrade() -> None:
    """Undo it."""
    op.drop_index(op.f("ix_message_buttons_message_id"), table_name="message_buttons")
    op.drop_index(op.f("ix_message_buttons_conversation_id"), table_name="message_buttons")
    op.drop_table("message_buttons")
    op.drop_index(
        "ix_messages_pending",
        table_name="messages",
        sqlite_where=sa.text("turn_state = 'pending'"),
        postgresql_where=sa.text("turn_state = 'pending'"),
    )
    op.drop_table("messages")
    op.drop_index(
        op.f("ix_identification_attempts_order_number_created_at"), table_name="identification_attempts"
    )
    op.drop_index(op.f("ix_identification_attempts_conversation_id"), table_name="identification_attempts")
    op.drop_table("identification_attempts")
    op.drop_index(op.f("ix_conversations_last_active_at"), table_name="conversations")
    op.drop_index(op.f("ix_conversations_customer_id"), table_name="conversations")
    op.drop_table("conversations")
