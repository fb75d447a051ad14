"""Where the shop shows its products."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("products", sa.Column("page_url", sa.String(length=500), nullable=True))


def downgrade() -> None:
    """Undo it; what it alone could hold is lost."""
    op.drop_column("products", "page_url")
