"""Changes of orders: their audit, their keys, and what is kept aside for exchanges."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_UNDERTAKINGS = "undertaking IN ('cancel_order', 'change_lines', 'change_address', 'return_items', 'refund')"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "reservations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_line_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservations_quantity")),
        sa.ForeignKeyConstraint(
            ["return_line_id"],
            ["return_lines.id"],
            name=op.f("fk_reservations_return_line_id_return_lines"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["product_variants.id"],
            name=op.f("fk_reservations_variant_id_product_variants"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
        sa.UniqueConstraint("return_line_id", name=op.f("uq_reservations_return_line_id")),
    )
    op.create_index(op.f("ix_reservations_variant_id"), "reservations", ["variant_id"], unique=False)
    op.create_index(op.f("ix_reservations_kept_until"), "reservations", ["kept_until"], unique=False)
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undertaking", sa.String(length=20), nullable=False),
        sa.Column("author", sa.String(length=10), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.CheckConstraint(_UNDERTAKINGS, name=op.f("ck_audit_entries_undertaking")),
        sa.CheckConstraint("author IN ('customer', 'agent')", name=op.f("ck_audit_entries_author")),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_audit_entries_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_audit_entries_order_id_orders"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    for column in ("order_id", "customer_id", "conversation_id"):
        op.create_index(op.f(f"ix_audit_entries_{column}"), "audit_entries", [column], unique=False)
    op.create_table(
        "change_keys",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("undertaking", sa.String(length=20), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=True),
        sa.CheckConstraint(_UNDERTAKINGS, name=op.f("ck_change_keys_undertaking")),
        sa.CheckConstraint("part >= 0", name=op.f("ck_change_keys_part")),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_change_keys_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "conversation_id", "message_id", "undertaking", "part", name=op.f("pk_change_keys")
        ),
    )
    op.create_index(op.f("ix_change_keys_customer_id"), "change_keys", ["customer_id"], unique=False)
    op.create_index(op.f("ix_change_keys_created_at"), "change_keys", ["created_at"], unique=False)


def downgrade() -> None:
    """Undo it."""
    op.drop_table("change_keys")
    op.drop_table("audit_entries")
    op.drop_table("reservations")
