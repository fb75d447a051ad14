"""By which channel a customer is reached, what they edited, and codes to go on in another channel."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("conversations") as conversations:
        conversations.add_column(sa.Column("heard_via", sa.String(length=20), nullable=True))
    # So far nobody could leave the channel in which they began.
    op.execute("UPDATE conversations SET heard_via = substr(channel, 1, 20)")
    with op.batch_alter_table("conversations") as conversations:
        conversations.alter_column("heard_via", existing_type=sa.String(length=20), nullable=False)
    op.add_column("messages", sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "continuations",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("towards", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_continuations_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_continuations")),
    )
    op.create_index(op.f("ix_continuations_conversation_id"), "continuations", ["conversation_id"])
    op.create_index(op.f("ix_continuations_expires_at"), "continuations", ["expires_at"])


def downgrade() -> None:
    """Undo it; what it alone could hold is lost."""
    op.drop_table("continuations")
    op.drop_column("messages", "edited_at")
    with op.batch_alter_table("conversations") as conversations:
        conversations.drop_column("heard_via")
