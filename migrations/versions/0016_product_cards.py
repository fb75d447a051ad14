"""Messages that show products, and pictures of products."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("messages", sa.Column("cards", sa.JSON(), nullable=True))
    op.add_column("products", sa.Column("picture_url", sa.String(length=500), nullable=True))


def downgrade() -> None:
    """Undo it; what it alone could hold is lost."""
    op.drop_column("products", "picture_url")
    op.drop_column("messages", "cards")
