"""Payment attempts, links to pay, money sent back through the provider, returns that a carrier knows of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_FAILURES = "'card_declined', 'insufficient_funds', 'abandoned', 'expired', 'withdrawn', 'technical'"
_NOT_ENDED = sa.text("state <> 'ended'")
_NOT_DONE = sa.text("state IN ('wanted', 'sent')")
_WANTED = sa.text("state = 'wanted'")


def upgrade() -> None:
    """Make the change."""
    _extend_orders()
    _make_payment_links()
    _make_provider_refunds()
    _make_parcel_announcements()
    _make_simulated_worlds()


def _extend_orders() -> None:
    # Written out, because SQLite takes a check only together with its column; both databases read it alike.
    op.execute(
        "ALTER TABLE payments ADD COLUMN failure VARCHAR(20)"
        f" CONSTRAINT ck_payments_failure CHECK (failure IS NULL OR failure IN ({_FAILURES}))"
        " CONSTRAINT ck_payments_only_failures_have_a_reason"
        " CHECK (failure IS NULL OR failed_at IS NOT NULL)"
    )
    op.add_column("payments", sa.Column("provider_id", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_payments_provider_id"), "payments", ["provider_id"], unique=True)
    with op.batch_alter_table("refunds") as refunds:
        refunds.add_column(sa.Column("payment_id", sa.Integer(), nullable=True))
        refunds.create_foreign_key(
            op.f("fk_refunds_payment_id_payments"), "payments", ["payment_id"], ["id"], ondelete="SET NULL"
        )
    op.create_index(op.f("ix_refunds_payment_id"), "refunds", ["payment_id"], unique=False)
    op.create_index(op.f("ix_refunds_paid_at"), "refunds", ["paid_at"], unique=False)
    op.add_column("returns", sa.Column("pick_up_on", sa.Date(), nullable=True))
    op.add_column("returns", sa.Column("track_code", sa.String(length=40), nullable=True))
    _allow_return_methods("'parcel', 'store', 'pick_up'")
    op.create_index(op.f("ix_returns_announced_at"), "returns", ["announced_at"], unique=False)
    op.create_index(op.f("ix_returns_track_code"), "returns", ["track_code"], unique=True)


def _allow_return_methods(listed: str) -> None:
    with op.batch_alter_table("returns") as returns:
        returns.drop_constraint(op.f("ck_returns_method"), type_="check")
        returns.create_check_constraint(op.f("ck_returns_method"), f"method IN ({listed})")


def _make_payment_links() -> None:
    op.create_table(
        "payment_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("asked_key", sa.String(length=120), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.String(length=64), nullable=True),
        sa.Column("checkout_url", sa.String(length=500), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=60), nullable=True),
        sa.CheckConstraint("state IN ('wanted', 'open', 'ended')", name=op.f("ck_payment_links_state")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_links_amount_minor")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_payment_links_attempts")),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)",
            name=op.f("ck_payment_links_ended_links_have_a_moment"),
        ),
        sa.CheckConstraint(
            "state <> 'open' OR"
            " (provider_id IS NOT NULL AND checkout_url IS NOT NULL AND expires_at IS NOT NULL)",
            name=op.f("ck_payment_links_open_links_lead_somewhere"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_payment_links_order_id_orders"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["payments.id"],
            name=op.f("fk_payment_links_payment_id_payments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_links")),
        sa.UniqueConstraint("key", name=op.f("uq_payment_links_key")),
    )
    op.create_index(
        "ix_payment_links_one_of_an_order",
        "payment_links",
        ["order_id"],
        unique=True,
        sqlite_where=_NOT_ENDED,
        postgresql_where=_NOT_ENDED,
    )
    op.create_index(
        "ix_payment_links_due",
        "payment_links",
        ["due_at"],
        unique=False,
        sqlite_where=_NOT_ENDED,
        postgresql_where=_NOT_ENDED,
    )
    op.create_index(op.f("ix_payment_links_order_id"), "payment_links", ["order_id"], unique=False)
    op.create_index(op.f("ix_payment_links_payment_id"), "payment_links", ["payment_id"], unique=False)


def _make_provider_refunds() -> None:
    op.create_table(
        "provider_refunds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("refund_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.String(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "state IN ('wanted', 'sent', 'done', 'refused')", name=op.f("ck_provider_refunds_state")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_provider_refunds_amount_minor")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_provider_refunds_attempts")),
        sa.CheckConstraint(
            "(state IN ('done', 'refused')) = (ended_at IS NOT NULL)",
            name=op.f("ck_provider_refunds_what_has_ended_has_a_moment"),
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"],
            ["refunds.id"],
            name=op.f("fk_provider_refunds_refund_id_refunds"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["payments.id"],
            name=op.f("fk_provider_refunds_payment_id_payments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_refunds")),
        sa.UniqueConstraint("key", name=op.f("uq_provider_refunds_key")),
        sa.UniqueConstraint("refund_id", "payment_id", name=op.f("uq_provider_refunds_refund_id_payment_id")),
    )
    op.create_index(op.f("ix_provider_refunds_payment_id"), "provider_refunds", ["payment_id"], unique=False)
    op.create_index(
        "ix_provider_refunds_due",
        "provider_refunds",
        ["due_at"],
        unique=False,
        sqlite_where=_NOT_DONE,
        postgresql_where=_NOT_DONE,
    )


def _make_parcel_announcements() -> None:
    op.create_table(
        "parcel_announcements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("track_code", sa.String(length=40), nullable=True),
        sa.Column("label_code", sa.String(length=40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "state IN ('wanted', 'done', 'refused')", name=op.f("ck_parcel_announcements_state")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_parcel_announcements_attempts")),
        sa.CheckConstraint(
            "(state = 'wanted') = (ended_at IS NULL)",
            name=op.f("ck_parcel_announcements_what_has_ended_has_a_moment"),
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["returns.id"],
            name=op.f("fk_parcel_announcements_return_id_returns"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_announcements")),
        sa.UniqueConstraint("key", name=op.f("uq_parcel_announcements_key")),
        sa.UniqueConstraint("return_id", name=op.f("uq_parcel_announcements_return_id")),
    )
    op.create_index(
        "ix_parcel_announcements_due",
        "parcel_announcements",
        ["due_at"],
        unique=False,
        sqlite_where=_WANTED,
        postgresql_where=_WANTED,
    )


def _make_simulated_worlds() -> None:
    op.create_table(
        "simulated_payments",
        sa.Column("provider_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("return_url", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("failure", sa.String(length=20), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'paid', 'failed', 'expired', 'cancelled')",
            name=op.f("ck_simulated_payments_state"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_simulated_payments_amount_minor")),
        sa.PrimaryKeyConstraint("provider_id", name=op.f("pk_simulated_payments")),
        sa.UniqueConstraint("key", name=op.f("uq_simulated_payments_key")),
    )
    op.create_table(
        "simulated_refunds",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("provider_id", sa.String(length=64), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_simulated_refunds_amount_minor")),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["simulated_payments.provider_id"],
            name=op.f("fk_simulated_refunds_provider_id_simulated_payments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_simulated_refunds")),
    )
    op.create_index(
        op.f("ix_simulated_refunds_provider_id"), "simulated_refunds", ["provider_id"], unique=False
    )
    op.create_table(
        "simulated_parcels",
        sa.Column("track_code", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pick_up_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("track_code", name=op.f("pk_simulated_parcels")),
        sa.UniqueConstraint("key", name=op.f("uq_simulated_parcels_key")),
    )


def downgrade() -> None:
    """Undo it."""
    for table in (
        "simulated_parcels",
        "simulated_refunds",
        "simulated_payments",
        "parcel_announcements",
        "provider_refunds",
        "payment_links",
    ):
        op.drop_table(table)
    op.drop_index(op.f("ix_returns_track_code"), table_name="returns")
    op.drop_index(op.f("ix_returns_announced_at"), table_name="returns")
    op.execute("UPDATE returns SET method = 'parcel' WHERE method = 'pick_up'")
    _allow_return_methods("'parcel', 'store'")
    op.drop_column("returns", "track_code")
    op.drop_column("returns", "pick_up_on")
    op.drop_index(op.f("ix_refunds_paid_at"), table_name="refunds")
    op.drop_index(op.f("ix_refunds_payment_id"), table_name="refunds")
    with op.batch_alter_table("refunds") as refunds:
        refunds.drop_constraint(op.f("fk_refunds_payment_id_payments"), type_="foreignkey")
        refunds.drop_column("payment_id")
    op.drop_index(op.f("ix_payments_provider_id"), table_name="payments")
    with op.batch_alter_table("payments") as payments:
        payments.drop_constraint(op.f("ck_payments_only_failures_have_a_reason"), type_="check")
        payments.drop_constraint(op.f("ck_payments_failure"), type_="check")
        payments.drop_column("failure")
        payments.drop_column("provider_id")
