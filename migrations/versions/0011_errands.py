"""Cases, and the audit of what is not about an order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_WORDS = ("cancel_order", "change_lines", "change_address", "return_items", "refund")
_UNDERTAKINGS = "undertaking IN ('cancel_order', 'change_lines', 'change_address', 'return_items', 'refund')"


def upgrade() -> None:
    """Make the change."""
    for table in ("audit_entries", "change_keys"):
        with op.batch_alter_table(table) as altered:
            altered.drop_constraint(op.f(f"ck_{table}_undertaking"), type_="check")
            altered.alter_column(
                "undertaking", existing_type=sa.String(20), type_=sa.String(40), existing_nullable=False
            )
            altered.alter_column("customer_id", existing_type=sa.Integer(), nullable=True)
            if table == "audit_entries":
                altered.alter_column("order_id", existing_type=sa.Integer(), nullable=True)
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_by", sa.Date(), nullable=False),
        sa.Column("wants_person", sa.Boolean(), nullable=False),
        sa.Column("remedy", sa.String(length=20), nullable=True),
        sa.Column("story", sa.Text(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('damaged', 'wrong_item', 'missing_item', 'complaint', 'price_match', 'warranty', "
            "'data_export', 'data_erasure')",
            name=op.f("ck_cases_kind"),
        ),
        sa.CheckConstraint(
            "remedy IS NULL OR remedy IN ('replacement', 'refund', 'repair')", name=op.f("ck_cases_remedy")
        ),
        sa.CheckConstraint("state IN ('open', 'answered', 'closed')", name=op.f("ck_cases_state")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_cases_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_cases_order_id_orders"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    op.create_index(op.f("ix_cases_customer_id"), "cases", ["customer_id"], unique=False)
    op.create_index(op.f("ix_cases_order_id"), "cases", ["order_id"], unique=False)
    op.create_index(op.f("ix_cases_state_promised_by"), "cases", ["state", "promised_by"], unique=False)
    op.create_table(
        "stock_alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_stock_alerts_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["product_variants.id"],
            name=op.f("fk_stock_alerts_variant_id_product_variants"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_alerts")),
        sa.UniqueConstraint("variant_id", "customer_id", name=op.f("uq_stock_alerts_variant_id_customer_id")),
    )
    op.create_index(op.f("ix_stock_alerts_customer_id"), "stock_alerts", ["customer_id"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_reviews_stars")),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_reviews_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_reviews_product_id_products"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("product_id", "customer_id", name=op.f("uq_reviews_product_id_customer_id")),
    )
    op.create_index(op.f("ix_reviews_customer_id"), "reviews", ["customer_id"], unique=False)
    op.create_table(
        "collections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_collections_quantity")),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_collections_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name=op.f("fk_collections_store_id_stores"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["product_variants.id"],
            name=op.f("fk_collections_variant_id_product_variants"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections")),
        sa.UniqueConstraint("number", name=op.f("uq_collections_number")),
    )
    op.create_index(op.f("ix_collections_customer_id"), "collections", ["customer_id"], unique=False)
    op.create_index(op.f("ix_collections_kept_until"), "collections", ["kept_until"], unique=False)
    op.create_index(op.f("ix_collections_variant_id"), "collections", ["variant_id"], unique=False)
    op.create_table(
        "account_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('create_account', 'new_password', 'confirm_email', 'newsletter')",
            name=op.f("ck_account_links_purpose"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_account_links_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_links")),
    )
    op.create_index(op.f("ix_account_links_customer_id"), "account_links", ["customer_id"], unique=False)
    op.create_index(op.f("ix_account_links_expires_at"), "account_links", ["expires_at"], unique=False)
    op.create_table(
        "email_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("new_email", sa.String(length=254), nullable=False),
        sa.Column("old_link_id", sa.Uuid(), nullable=False),
        sa.Column("new_link_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_email_changes_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["new_link_id"],
            ["account_links.id"],
            name=op.f("fk_email_changes_new_link_id_account_links"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["old_link_id"],
            ["account_links.id"],
            name=op.f("fk_email_changes_old_link_id_account_links"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_changes")),
    )
    op.create_index(op.f("ix_email_changes_customer_id"), "email_changes", ["customer_id"], unique=False)
    op.create_table(
        "account_deletions",
        sa.Column("customer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_account_deletions_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_account_deletions")),
    )
    op.create_index(op.f("ix_account_deletions_delete_on"), "account_deletions", ["delete_on"], unique=False)


def downgrade() -> None:
    """Undo it; what it alone could hold is lost."""
    for table in (
        "account_deletions",
        "email_changes",
        "account_links",
        "collections",
        "reviews",
        "stock_alerts",
        "cases",
    ):
        op.drop_table(table)
    op.execute("DELETE FROM audit_entries WHERE order_id IS NULL OR customer_id IS NULL")
    op.execute("DELETE FROM change_keys WHERE customer_id IS NULL")
    for table in ("audit_entries", "change_keys"):
        known = sa.column("undertaking").in_(_WORDS)
        op.execute(sa.delete(sa.table(table, sa.column("undertaking"))).where(~known))
        with op.batch_alter_table(table) as altered:
            if table == "audit_entries":
                altered.alter_column("order_id", existing_type=sa.Integer(), nullable=False)
            altered.alter_column("customer_id", existing_type=sa.Integer(), nullable=False)
            altered.alter_column(
                "undertaking", existing_type=sa.String(40), type_=sa.String(20), existing_nullable=False
            )
            altered.create_check_constraint("undertaking", _UNDERTAKINGS)
