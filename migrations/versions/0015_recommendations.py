"""Recommendations: what was noticed, what was learned, what was shown and what came of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_LIVE = sa.text("state = 'live'")
_BOUGHT = sa.text("kind = 'purchase'")
_OF_A_CUSTOMER = sa.text("customer_id IS NOT NULL")
_OF_A_STRANGER = sa.text("customer_id IS NULL")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "recommendation_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("learned_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'refused') = (reason IS NOT NULL)",
            name=op.f("ck_recommendation_runs_only_refusals_have_a_reason"),
        ),
        sa.CheckConstraint(
            "list IN ('personal', 'complementary', 'alternatives', 'popular')",
            name=op.f("ck_recommendation_runs_list"),
        ),
        sa.CheckConstraint(
            "state IN ('candidate', 'live', 'refused', 'retired')", name=op.f("ck_recommendation_runs_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_runs")),
    )
    op.create_index(
        op.f("ix_recommendation_runs_list_created_at"), "recommendation_runs", ["list", "created_at"]
    )
    op.create_index(
        "uq_recommendation_runs_live",
        "recommendation_runs",
        ["list"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    op.create_table(
        "recommended_pairs",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=40), nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sku", sa.String(length=40), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("support", sa.Double(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("lift", sa.Double(), nullable=True),
        sa.Column("lift_low", sa.Double(), nullable=True),
        sa.Column("lift_high", sa.Double(), nullable=True),
        sa.CheckConstraint("rank > 0", name=op.f("ck_recommended_pairs_rank")),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["recommendation_runs.id"],
            name=op.f("fk_recommended_pairs_run_id_recommendation_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "anchor", "rank", name=op.f("pk_recommended_pairs")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recommended_personally",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sku", sa.String(length=40), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("because", sa.String(length=40), nullable=True),
        sa.CheckConstraint("rank > 0", name=op.f("ck_recommended_personally_rank")),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_recommended_personally_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["recommendation_runs.id"],
            name=op.f("fk_recommended_personally_run_id_recommendation_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "customer_id", "rank", name=op.f("pk_recommended_personally")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_recommended_personally_customer_id"), "recommended_personally", ["customer_id"])
    op.create_table(
        "recommended_popular",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sku", sa.String(length=40), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.CheckConstraint("rank > 0", name=op.f("ck_recommended_popular_rank")),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["recommendation_runs.id"],
            name=op.f("fk_recommended_popular_run_id_recommendation_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "scope", "rank", name=op.f("pk_recommended_popular")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recommendation_dismissals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("sku", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "conversation_id IS NOT NULL OR customer_id IS NOT NULL",
            name=op.f("ck_recommendation_dismissals_somebody_did_it"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_recommendation_dismissals_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_recommendation_dismissals_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_dismissals")),
    )
    op.create_index(
        op.f("ix_recommendation_dismissals_conversation_id"), "recommendation_dismissals", ["conversation_id"]
    )
    op.create_index(
        op.f("ix_recommendation_dismissals_customer_id"), "recommendation_dismissals", ["customer_id"]
    )
    op.create_index(
        "uq_recommendation_dismissals_conversation_id",
        "recommendation_dismissals",
        ["conversation_id", "sku"],
        unique=True,
        sqlite_where=_OF_A_STRANGER,
        postgresql_where=_OF_A_STRANGER,
    )
    op.create_index(
        "uq_recommendation_dismissals_customer_id",
        "recommendation_dismissals",
        ["customer_id", "sku"],
        unique=True,
        sqlite_where=_OF_A_CUSTOMER,
        postgresql_where=_OF_A_CUSTOMER,
    )
    op.create_table(
        "recommendation_exposures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("list", sa.String(length=16), nullable=False),
        sa.Column("sku", sa.String(length=40), nullable=False),
        sa.Column("anchor", sa.String(length=40), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("propensity", sa.Double(), nullable=False),
        sa.Column("explored", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("mood", sa.String(length=12), nullable=True),
        sa.Column("segment", sa.String(length=40), nullable=True),
        sa.Column("is_unasked", sa.Boolean(), nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "list IN ('personal', 'complementary', 'alternatives', 'popular')",
            name=op.f("ck_recommendation_exposures_list"),
        ),
        sa.CheckConstraint(
            "reason IN ('fits_you', 'because_you_have', 'bought_with', 'like_this', "
            "'popular_with_you', 'popular_here', 'popular')",
            name=op.f("ck_recommendation_exposures_reason"),
        ),
        sa.CheckConstraint(
            "NOT withheld OR is_unasked", name=op.f("ck_recommendation_exposures_only_unasked_is_withheld")
        ),
        sa.CheckConstraint("position > 0", name=op.f("ck_recommendation_exposures_position")),
        sa.CheckConstraint(
            "propensity > 0 AND propensity <= 1", name=op.f("ck_recommendation_exposures_propensity")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_recommendation_exposures_conversation_id_conversations"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_recommendation_exposures_customer_id_customers"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["recommendation_runs.id"],
            name=op.f("fk_recommendation_exposures_run_id_recommendation_runs"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_exposures")),
        sa.UniqueConstraint("key", name=op.f("uq_recommendation_exposures_key")),
    )
    op.create_index(op.f("ix_recommendation_exposures_at"), "recommendation_exposures", ["at"])
    op.create_index(
        op.f("ix_recommendation_exposures_conversation_id_at"),
        "recommendation_exposures",
        ["conversation_id", "at"],
    )
    op.create_index(
        op.f("ix_recommendation_exposures_customer_id_sku_at"),
        "recommendation_exposures",
        ["customer_id", "sku", "at"],
    )
    op.create_index(op.f("ix_recommendation_exposures_run_id"), "recommendation_exposures", ["run_id"])
    op.create_table(
        "shop_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("visitor", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("sku", sa.String(length=40), nullable=True),
        sa.Column("words", sa.String(length=80), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'basket') = (quantity IS NOT NULL)", name=op.f("ck_shop_events_baskets_have_a_quantity")
        ),
        sa.CheckConstraint(
            "(kind = 'search') = (sku IS NULL)", name=op.f("ck_shop_events_others_have_a_product")
        ),
        sa.CheckConstraint(
            "(kind = 'search') = (words IS NOT NULL)", name=op.f("ck_shop_events_searches_have_words")
        ),
        sa.CheckConstraint("kind IN ('view', 'basket', 'search')", name=op.f("ck_shop_events_kind")),
        sa.CheckConstraint(
            "visitor IS NOT NULL OR customer_id IS NOT NULL", name=op.f("ck_shop_events_somebody_did_it")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_shop_events_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["visitor"],
            ["conversations.id"],
            name=op.f("fk_shop_events_visitor_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_events")),
        sa.UniqueConstraint("key", name=op.f("uq_shop_events_key")),
    )
    op.create_index(op.f("ix_shop_events_at"), "shop_events", ["at"])
    op.create_index(op.f("ix_shop_events_customer_id_at"), "shop_events", ["customer_id", "at"])
    op.create_index(op.f("ix_shop_events_visitor_at"), "shop_events", ["visitor", "at"])
    op.create_table(
        "recommendation_outcomes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exposure_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("ref", sa.String(length=80), nullable=False),
        sa.Column("revenue_minor", sa.Integer(), nullable=False),
        sa.Column("returned_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'purchase') = (currency IS NOT NULL)",
            name=op.f("ck_recommendation_outcomes_purchases_cost_something"),
        ),
        sa.CheckConstraint(
            "kind IN ('click', 'basket', 'purchase', 'dismissed')",
            name=op.f("ck_recommendation_outcomes_kind"),
        ),
        sa.CheckConstraint(
            "revenue_minor >= 0 AND returned_minor >= 0", name=op.f("ck_recommendation_outcomes_money")
        ),
        sa.ForeignKeyConstraint(
            ["exposure_id"],
            ["recommendation_exposures.id"],
            name=op.f("fk_recommendation_outcomes_exposure_id_recommendation_exposures"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_outcomes")),
    )
    op.create_index(op.f("ix_recommendation_outcomes_at"), "recommendation_outcomes", ["at"])
    op.create_index(
        "uq_recommendation_outcomes_bought",
        "recommendation_outcomes",
        ["ref"],
        unique=True,
        sqlite_where=_BOUGHT,
        postgresql_where=_BOUGHT,
    )
    op.create_index(
        "uq_recommendation_outcomes_ref",
        "recommendation_outcomes",
        ["exposure_id", "kind", "ref"],
        unique=True,
    )


def downgrade() -> None:
    """Undo it; what it alone could hold is lost."""
    op.drop_table("recommendation_outcomes")
    op.drop_table("shop_events")
    op.drop_table("recommendation_exposures")
    op.drop_table("recommendation_dismissals")
    op.drop_table("recommended_popular")
    op.drop_table("recommended_personally")
    op.drop_table("recommended_pairs")
    op.drop_table("recommendation_runs")
