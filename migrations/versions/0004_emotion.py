"""How customers' messages read, and which words for it their answers had."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    # Written out, because SQLite takes a check only together with its column; both databases read it alike.
    op.execute(
        "ALTER TABLE messages ADD COLUMN emotion JSON CONSTRAINT ck_messages_only_customers_are_read"
        " CHECK (author = 'customer' OR emotion IS NULL)"
    )
    op.add_column("messages", sa.Column("opening", sa.String(length=48), nullable=True))
    op.add_column("messages", sa.Column("remark", sa.String(length=48), nullable=True))


def downgrade() -> None:
    """Undo it."""
    op.drop_column("messages", "remark")
    op.drop_column("messages", "opening")
    op.drop_column("messages", "emotion")
