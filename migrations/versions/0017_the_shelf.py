"""What lies on the shelf may be recommended; the indexes by which a recommendation is found are wider."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_BEFORE = (
    "reason IN ('fits_you', 'because_you_have', 'bought_with', 'like_this', "
    "'popular_with_you', 'popular_here', 'popular')"
)
_SINCE = (
    "reason IN ('fits_you', 'because_you_have', 'bought_with', 'like_this', "
    "'popular_with_you', 'popular_here', 'popular', 'on_the_shelf')"
)
_REASONS = "ck_recommendation_exposures_reason"


def upgrade() -> None:
    """Make the change."""
    _allow_reasons(_SINCE)
    op.create_index(
        op.f("ix_product_variants_product_id_currency_price_minor"),
        "product_variants",
        ["product_id", "currency", "price_minor"],
    )
    op.drop_index(op.f("ix_product_variants_product_id"), "product_variants")
    op.create_index(
        op.f("ix_orders_customer_id_placed_at_cancelled_at"),
        "orders",
        ["customer_id", "placed_at", "cancelled_at"],
    )
    op.drop_index(op.f("ix_orders_customer_id_placed_at"), "orders")
    op.create_index(op.f("ix_order_lines_order_id_variant_id"), "order_lines", ["order_id", "variant_id"])


def downgrade() -> None:
    """Undo it; what it alone could hold is lost."""
    op.drop_index(op.f("ix_order_lines_order_id_variant_id"), "order_lines")
    op.create_index(op.f("ix_orders_customer_id_placed_at"), "orders", ["customer_id", "placed_at"])
    op.drop_index(op.f("ix_orders_customer_id_placed_at_cancelled_at"), "orders")
    op.create_index(op.f("ix_product_variants_product_id"), "product_variants", ["product_id"])
    op.drop_index(op.f("ix_product_variants_product_id_currency_price_minor"), "product_variants")
    op.execute(
        "DELETE FROM recommendation_outcomes WHERE exposure_id IN"
        " (SELECT id FROM recommendation_exposures WHERE reason = 'on_the_shelf')"
    )
    op.execute("DELETE FROM recommendation_exposures WHERE reason = 'on_the_shelf'")
    _allow_reasons(_BEFORE)


def _allow_reasons(condition: str) -> None:
    with op.batch_alter_table("recommendation_exposures") as exposures:
        exposures.drop_constraint(op.f(_REASONS), type_="check")
        exposures.create_check_constraint(op.f(_REASONS), condition)
