"""Baskets, discount codes and gift cards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_OPEN_OF_A_CUSTOMER = sa.text("customer_id IS NOT NULL AND ordered_at IS NULL")
_OPEN_OF_A_STRANGER = sa.text("conversation_id IS NOT NULL AND ordered_at IS NULL")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "code_attempts",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.CheckConstraint("failed >= 0", name=op.f("ck_code_attempts_failed")),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_code_attempts")),
    )
    op.create_index(op.f("ix_code_attempts_began_at"), "code_attempts", ["began_at"], unique=False)
    op.create_table(
        "gift_cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("last_four", sa.String(length=4), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("initial_minor", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.CheckConstraint("initial_minor > 0", name=op.f("ck_gift_cards_initial_minor")),
        sa.CheckConstraint("issued_on <= expires_on", name=op.f("ck_gift_cards_issued_before_it_expires")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_cards")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_gift_cards_code_digest")),
    )
    op.create_table(
        "baskets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(customer_id IS NULL) <> (conversation_id IS NULL)", name=op.f("ck_baskets_one_owner")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_baskets_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baskets")),
    )
    op.create_index(op.f("ix_baskets_changed_at"), "baskets", ["changed_at"], unique=False)
    op.create_index(op.f("ix_baskets_customer_id"), "baskets", ["customer_id"], unique=False)
    op.create_index(
        "uq_baskets_open_conversation_id",
        "baskets",
        ["conversation_id"],
        unique=True,
        sqlite_where=_OPEN_OF_A_STRANGER,
        postgresql_where=_OPEN_OF_A_STRANGER,
    )
    op.create_index(
        "uq_baskets_open_customer_id",
        "baskets",
        ["customer_id"],
        unique=True,
        sqlite_where=_OPEN_OF_A_CUSTOMER,
        postgresql_where=_OPEN_OF_A_CUSTOMER,
    )
    op.create_table(
        "discount_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("amount_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("min_order_minor", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("max_uses", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("once_per_customer", sa.Boolean(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("combinable", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(amount_minor IS NULL) = (currency IS NULL)",
            name=op.f("ck_discount_codes_amount_has_a_currency"),
        ),
        sa.CheckConstraint(
            "(percent IS NULL) <> (amount_minor IS NULL)", name=op.f("ck_discount_codes_percent_or_amount")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_discount_codes_amount_minor")),
        sa.CheckConstraint("code = upper(code)", name=op.f("ck_discount_codes_code_is_upper_case")),
        sa.CheckConstraint("max_uses > 0", name=op.f("ck_discount_codes_max_uses")),
        sa.CheckConstraint("min_order_minor >= 0", name=op.f("ck_discount_codes_min_order_minor")),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_discount_codes_percent")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_discount_codes_starts_before_it_ends")),
        sa.CheckConstraint("uses >= 0", name=op.f("ck_discount_codes_uses")),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_discount_codes_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discount_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_discount_codes_code")),
    )
    op.create_index(op.f("ix_discount_codes_customer_id"), "discount_codes", ["customer_id"], unique=False)
    op.create_table(
        "gift_card_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("order_number", sa.String(length=32), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reason IN ('spent', 'refunded', 'corrected')", name=op.f("ck_gift_card_entries_reason")
        ),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_gift_card_entries_amount_minor")),
        sa.ForeignKeyConstraint(
            ["card_id"],
            ["gift_cards.id"],
            name=op.f("fk_gift_card_entries_card_id_gift_cards"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_card_entries")),
    )
    op.create_index(op.f("ix_gift_card_entries_card_id"), "gift_card_entries", ["card_id"], unique=False)
    op.create_table(
        "basket_discounts",
        sa.Column("basket_id", sa.Integer(), nullable=False),
        sa.Column("code_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["basket_id"],
            ["baskets.id"],
            name=op.f("fk_basket_discounts_basket_id_baskets"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["code_id"],
            ["discount_codes.id"],
            name=op.f("fk_basket_discounts_code_id_discount_codes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("basket_id", "code_id", name=op.f("pk_basket_discounts")),
    )
    op.create_index(op.f("ix_basket_discounts_code_id"), "basket_discounts", ["code_id"], unique=False)
    op.create_table(
        "discount_code_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("basket_id", sa.Integer(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["basket_id"],
            ["baskets.id"],
            name=op.f("fk_discount_code_uses_basket_id_baskets"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["code_id"],
            ["discount_codes.id"],
            name=op.f("fk_discount_code_uses_code_id_discount_codes"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_discount_code_uses_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discount_code_uses")),
    )
    op.create_index(
        op.f("ix_discount_code_uses_basket_id"), "discount_code_uses", ["basket_id"], unique=False
    )
    op.create_index(
        op.f("ix_discount_code_uses_code_id_customer_id"),
        "discount_code_uses",
        ["code_id", "customer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_discount_code_uses_customer_id"), "discount_code_uses", ["customer_id"], unique=False
    )
    op.create_table(
        "basket_lines",
        sa.Column("basket_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 99", name=op.f("ck_basket_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["basket_id"], ["baskets.id"], name=op.f("fk_basket_lines_basket_id_baskets"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["product_variants.id"],
            name=op.f("fk_basket_lines_variant_id_product_variants"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("basket_id", "variant_id", name=op.f("pk_basket_lines")),
    )
    op.create_index(op.f("ix_basket_lines_variant_id"), "basket_lines", ["variant_id"], unique=False)


def downgrade() -> None:
    """Undo it."""
    for table in (
        "basket_lines",
        "discount_code_uses",
        "basket_discounts",
        "gift_card_entries",
        "discount_codes",
        "baskets",
        "gift_cards",
        "code_attempts",
    ):
        op.drop_table(table)
