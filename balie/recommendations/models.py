"""Tables of recommendations: what was noticed, what was learned, what was shown and what came of it.

Products are named by their number (``products.sku``), which outlives their row: whoever reads a list drops
those that are not sold.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from balie.recommendations.kinds import EventKind, ListKind, OutcomeKind, Reason, RunState
from balie.storage.base import Base, one_of

_LIVE = text("state = 'live'")
_BOUGHT = text("kind = 'purchase'")
_OF_A_CUSTOMER = text("customer_id IS NOT NULL")
_OF_A_STRANGER = text("customer_id IS NULL")
_IN_READING_ORDER = {"sqlite_with_rowid": False}
"""SQLite keeps such a table in the order of its key: a whole list is one read."""


class ShopEventRow(Base):
    """What somebody did on a page of the shop, who wants it to be used for advice."""

    __tablename__ = "shop_events"
    __table_args__ = (
        one_of("kind", EventKind),
        CheckConstraint("visitor IS NOT NULL OR customer_id IS NOT NULL", name="somebody_did_it"),
        CheckConstraint("(kind = 'search') = (words IS NOT NULL)", name="searches_have_words"),
        CheckConstraint("(kind = 'search') = (sku IS NULL)", name="others_have_a_product"),
        CheckConstraint("(kind = 'basket') = (quantity IS NOT NULL)", name="baskets_have_a_quantity"),
        Index(None, "customer_id", "at"),
        Index(None, "visitor", "at"),
        Index(None, "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    """Of whoever sent it and the sender's own number of it: the same event again is not stored twice."""
    visitor: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("conversations.id", ondelete="CASCADE"))
    """The conversation whose token vouched for it; None when the shop's own token did."""
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    sku: Mapped[str | None] = mapped_column(String(40))
    words: Mapped[str | None] = mapped_column(String(80))
    """What was searched for."""
    quantity: Mapped[int | None]
    """How many of it are in the basket now; 0 when it was taken out."""
    at: Mapped[datetime]
    """When it happened, as the page says; never later than it came in."""
    received_at: Mapped[datetime]


class RecommendationRunRow(Base):
    """One training of one list. It stays, with its figures, when its list is long gone."""

    __tablename__ = "recommendation_runs"
    __table_args__ = (
        one_of("list", ListKind),
        one_of("state", RunState),
        CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name="only_refusals_have_a_reason"),
        Index("uq_recommendation_runs_live", "list", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index(None, "list", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(10))
    figures: Mapped[dict[str, Any]]
    """What it was judged on: ``{"recall_at_10": 0.21, …}``; empty while it is a candidate."""
    reason: Mapped[str | None] = mapped_column(String(300))
    """Why it was refused."""
    seed: Mapped[int]
    learned_until: Mapped[datetime]
    """The newest moment it knows of."""
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    """When it went live or was refused."""


class RecommendedPairRow(Base):
    """A product beside another: bought together, or something like it."""

    __tablename__ = "recommended_pairs"
    __table_args__ = (CheckConstraint("rank > 0", name="rank"), _IN_READING_ORDER)

    run_id: Mapped[int] = mapped_column(
        ForeignKey("recommendation_runs.id", ondelete="CASCADE"), primary_key=True
    )
    anchor: Mapped[str] = mapped_column(String(40), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sku: Mapped[str] = mapped_column(String(40))
    score: Mapped[float]
    support: Mapped[float | None]
    """Share of all baskets in which both are; None, like the next four, for alternatives."""
    confidence: Mapped[float | None]
    lift: Mapped[float | None]
    lift_low: Mapped[float | None]
    lift_high: Mapped[float | None]


class RecommendedPersonallyRow(Base):
    """A product that fits a customer."""

    __tablename__ = "recommended_personally"
    __table_args__ = (
        CheckConstraint("rank > 0", name="rank"),
        Index(None, "customer_id"),
        _IN_READING_ORDER,
    )

    run_id: Mapped[int] = mapped_column(
        ForeignKey("recommendation_runs.id", ondelete="CASCADE"), primary_key=True
    )
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sku: Mapped[str] = mapped_column(String(40))
    score: Mapped[float]
    because: Mapped[str | None] = mapped_column(String(40))
    """The product of theirs that speaks for it most; None when none does."""


class RecommendedPopularRow(Base):
    """A product that many buy: everywhere, in a category, or in a segment of customers."""

    __tablename__ = "recommended_popular"
    __table_args__ = (CheckConstraint("rank > 0", name="rank"), _IN_READING_ORDER)

    run_id: Mapped[int] = mapped_column(
        ForeignKey("recommendation_runs.id", ondelete="CASCADE"), primary_key=True
    )
    scope: Mapped[str] = mapped_column(String(60), primary_key=True)
    """``all``, ``category:<code>`` or ``segment:<code>``."""
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sku: Mapped[str] = mapped_column(String(40))
    score: Mapped[float]


class ExposureRow(Base):
    """One product shown to one person once, or withheld from them because they are in the hold-out."""

    __tablename__ = "recommendation_exposures"
    __table_args__ = (
        one_of("list", ListKind),
        one_of("reason", Reason),
        CheckConstraint("position > 0", name="position"),
        CheckConstraint("propensity > 0 AND propensity <= 1", name="propensity"),
        CheckConstraint("NOT withheld OR is_unasked", name="only_unasked_is_withheld"),
        Index(None, "customer_id", "sku", "at"),
        Index(None, "conversation_id", "at"),
        Index(None, "run_id"),
        Index(None, "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    """Of the turn and the product: the same card again is one exposure."""
    list: Mapped[str] = mapped_column(String(16))
    sku: Mapped[str] = mapped_column(String(40))
    anchor: Mapped[str | None] = mapped_column(String(40))
    position: Mapped[int]
    propensity: Mapped[float]
    """How likely this product was to stand here when it was chosen; 1 where nothing was left to chance."""
    explored: Mapped[bool]
    """Shown to learn, not because it ranked highest."""
    reason: Mapped[str] = mapped_column(String(20))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("recommendation_runs.id", ondelete="SET NULL"))
    conversation_id: Mapped[UUID | None] = mapped_column(
        Uuid, ForeignKey("conversations.id", ondelete="SET NULL")
    )
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    mood: Mapped[str | None] = mapped_column(String(12))
    segment: Mapped[str | None] = mapped_column(String(40))
    is_unasked: Mapped[bool]
    withheld: Mapped[bool]
    """Not shown: the person is in the hold-out, and this is what they would have seen."""
    via: Mapped[str] = mapped_column(String(20))
    """Where it was shown: a channel, or ``desk``."""
    at: Mapped[datetime]


class OutcomeRow(Base):
    """Something that came of an exposure. A line of an order is the outcome of one exposure at most."""

    __tablename__ = "recommendation_outcomes"
    __table_args__ = (
        one_of("kind", OutcomeKind),
        CheckConstraint("revenue_minor >= 0 AND returned_minor >= 0", name="money"),
        CheckConstraint("(kind = 'purchase') = (currency IS NOT NULL)", name="purchases_cost_something"),
        Index("uq_recommendation_outcomes_ref", "exposure_id", "kind", "ref", unique=True),
        Index(
            "uq_recommendation_outcomes_bought",
            "ref",
            unique=True,
            sqlite_where=_BOUGHT,
            postgresql_where=_BOUGHT,
        ),
        Index(None, "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exposure_id: Mapped[int] = mapped_column(ForeignKey("recommendation_exposures.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    ref: Mapped[str] = mapped_column(String(80))
    """What it was: a button's message, ``followed`` of a link, the number and position of an order's line."""
    revenue_minor: Mapped[int]
    """What the line cost, tax included."""
    returned_minor: Mapped[int]
    """What of it came back, was taken out of the order, or went with a cancelled one."""
    currency: Mapped[str | None] = mapped_column(String(3))
    at: Mapped[datetime]


class DismissalRow(Base):
    """Somebody does not want to see a product again."""

    __tablename__ = "recommendation_dismissals"
    __table_args__ = (
        CheckConstraint("conversation_id IS NOT NULL OR customer_id IS NOT NULL", name="somebody_did_it"),
        Index(
            "uq_recommendation_dismissals_customer_id",
            "customer_id",
            "sku",
            unique=True,
            sqlite_where=_OF_A_CUSTOMER,
            postgresql_where=_OF_A_CUSTOMER,
        ),
        Index(
            "uq_recommendation_dismissals_conversation_id",
            "conversation_id",
            "sku",
            unique=True,
            sqlite_where=_OF_A_STRANGER,
            postgresql_where=_OF_A_STRANGER,
        ),
        Index(None, "conversation_id"),
        Index(None, "customer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID | None] = mapped_column(
        Uuid, ForeignKey("conversations.id", ondelete="CASCADE")
    )
    """Where it was said, while nobody was known there; None of a customer's."""
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    sku: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
