"""One-time codes, and when somebody showed who they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_PROOFS_BEFORE = "proof IN ('shop_token', 'order_email', 'order_postcode')"
_PROOFS = "proof IN ('shop_token', 'order_email', 'order_postcode', 'email_code')"


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("conversations") as conversations:
        conversations.add_column(sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True))
        conversations.drop_constraint(op.f("ck_conversations_proof"), type_="check")
        conversations.create_check_constraint(op.f("ck_conversations_proof"), _PROOFS)
    # Nobody noted when: a proof cannot be older than its conversation.
    op.execute("UPDATE conversations SET proven_at = created_at WHERE proof IS NOT NULL")
    op.create_table(
        "one_time_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("address_digest", sa.String(length=64), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_one_time_codes_tries")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_one_time_codes_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_one_time_codes_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_codes")),
        # A letter's key is made of the id: one that was given before must not come again.
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_one_time_codes_conversation_id"), "one_time_codes", ["conversation_id"])
    op.create_index(op.f("ix_one_time_codes_customer_id"), "one_time_codes", ["customer_id"])
    op.create_index(
        op.f("ix_one_time_codes_address_digest_created_at"),
        "one_time_codes",
        ["address_digest", "created_at"],
    )
    op.create_index(op.f("ix_one_time_codes_created_at"), "one_time_codes", ["created_at"])


def downgrade() -> None:
    """Undo it."""
    op.drop_table("one_time_codes")
    op.execute(
        "UPDATE conversations SET customer_id = NULL, proof = NULL, proven_order_number = NULL"
        " WHERE proof = 'email_code'"
    )
    with op.batch_alter_table("conversations") as conversations:
        conversations.drop_constraint(op.f("ck_conversations_proof"), type_="check")
        conversations.create_check_constraint(op.f("ck_conversations_proof"), _PROOFS_BEFORE)
        conversations.drop_column("proven_at")
