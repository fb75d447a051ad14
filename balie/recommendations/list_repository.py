"""Reads what a list proposes, and what is known of the customer. Decides nothing.

Every question is one statement that is built once; each part of it is found by an index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Integer, Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from balie.catalogue.models import ProductRow, ProductVariantRow, StockRow
from balie.customers.kinds import ConsentPurpose
from balie.customers.models import ConsentRow
from balie.orders.models import OrderLineRow, OrderRow, ReturnLineRow
from balie.recommendations.asked import History, Who, Wish
from balie.recommendations.choosing import Candidate
from balie.recommendations.kinds import ListKind, Reason, RunState
from balie.recommendations.models import (
    DismissalRow,
    RecommendationRunRow,
    RecommendedPairRow,
    RecommendedPersonallyRow,
    RecommendedPopularRow,
)
from balie.storage.unit_of_work import StoreConnection

MOST_CANDIDATES: Final = 40
"""How many of a list are looked at, the best first."""
WHOLE_LIST: Final = 1_000
"""Where little of a list may be what was asked for, so many of it are looked at, the best first.

A list of one product, customer or scope is never this long, and is looked at to its end; what goes with a
kind, or with many products at once, may be longer, and its end is left out.
"""
MOST_ON_THE_SHELF: Final = 5_000
"""How many products are looked at for what is in stock, the newest first."""

_PRICE: Final = (
    select(func.min(ProductVariantRow.price_minor))
    .join(StockRow, StockRow.variant_id == ProductVariantRow.id)
    .where(
        ProductVariantRow.product_id == ProductRow.id,
        ProductVariantRow.currency == bindparam("currency"),
        StockRow.store_id.is_(None),
        StockRow.quantity > 0,
    )
    .scalar_subquery()
    .label("price_minor")
)
"""Of the cheapest variant that the web warehouse has; NULL when it has none."""


def _live_products(row: Any, *columns: Any) -> Select[Any]:
    """Columns of the products on a list that is served."""
    return (
        select(*columns)
        .select_from(RecommendationRunRow)
        .join(row, row.run_id == RecommendationRunRow.id)
        .join(ProductRow, ProductRow.sku == row.sku)
        .where(
            RecommendationRunRow.list == bindparam("list"),
            RecommendationRunRow.state == RunState.LIVE.value,
            ProductRow.active,
        )
        .limit(bindparam("most"))
    )


def _of_live_run(row: Any, *more: Any) -> Select[Any]:
    """The products on a list that is served; what a row says besides comes after the product's own."""
    return _live_products(row, row.sku, ProductRow.category, _PRICE, row.score, row.run_id, *more)


_PAIRS: Final = (
    _of_live_run(RecommendedPairRow, RecommendedPairRow.anchor, RecommendedPairRow.lift)
    .where(RecommendedPairRow.anchor.in_(bindparam("anchors", expanding=True)))
    .order_by(RecommendedPairRow.rank, RecommendedPairRow.score.desc(), RecommendedPairRow.sku)
)
_WITH_KIND: Final = (
    _live_products(
        RecommendedPairRow,
        ProductRow.sku,
        ProductRow.category,
        _PRICE,
        func.sum(RecommendedPairRow.score),
        RecommendedPairRow.run_id,
    )
    .where(
        RecommendedPairRow.anchor.in_(bindparam("anchors", expanding=True)),
        RecommendedPairRow.sku.not_in(bindparam("kind", expanding=True)),
    )
    .group_by(ProductRow.id, ProductRow.sku, ProductRow.category, RecommendedPairRow.run_id)
    .order_by(func.count().desc(), func.sum(RecommendedPairRow.score).desc(), ProductRow.sku)
)
_PERSONAL: Final = (
    _of_live_run(RecommendedPersonallyRow, RecommendedPersonallyRow.because)
    .where(RecommendedPersonallyRow.customer_id == bindparam("customer_id"))
    .order_by(RecommendedPersonallyRow.rank)
)
_POPULAR: Final = (
    _of_live_run(RecommendedPopularRow)
    .where(RecommendedPopularRow.scope == bindparam("scope"))
    .order_by(RecommendedPopularRow.rank)
)
_HISTORY: Final = (
    select(
        ProductRow.sku,
        ProductRow.category,
        func.max(OrderRow.placed_at),
        func.count(func.distinct(OrderLineRow.id)),
        func.max(ReturnLineRow.id),
    )
    .select_from(OrderRow)
    .join(OrderLineRow, OrderLineRow.order_id == OrderRow.id)
    .join(ProductVariantRow, ProductVariantRow.id == OrderLineRow.variant_id)
    .join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
    .outerjoin(ReturnLineRow, ReturnLineRow.order_line_id == OrderLineRow.id)
    .where(OrderRow.customer_id == bindparam("customer_id"), OrderRow.cancelled_at.is_(None))
    .group_by(ProductRow.sku, ProductRow.category)
)
_DISMISSED: Final = select(DismissalRow.sku).where(
    or_(
        DismissalRow.customer_id == bindparam("customer_id"),
        DismissalRow.conversation_id == bindparam("conversation_id"),
    )
)
_CONSENT: Final = (
    select(ConsentRow.granted)
    .where(
        ConsentRow.customer_id == bindparam("customer_id"),
        ConsentRow.purpose == ConsentPurpose.PERSONAL_ADVICE.value,
    )
    .order_by(ConsentRow.recorded_at.desc(), ConsentRow.id.desc())
    .limit(1)
)
_PRODUCTS: Final = select(ProductRow.sku, ProductRow.category, ProductRow.brand, ProductRow.names).where(
    ProductRow.sku.in_(bindparam("skus", expanding=True))
)

_CATEGORIES: Final = (
    select(ProductRow.category)
    .where(ProductRow.sku.in_(bindparam("skus", expanding=True)))
    .group_by(ProductRow.category)
    .order_by(func.count().desc(), ProductRow.category)
    .limit(bindparam("most"))
)


_variants: Final = aliased(ProductVariantRow)
_PRICE_OF_ONE: Final = (
    select(func.min(_variants.price_minor))
    .join(ProductRow, ProductRow.id == _variants.product_id)
    .where(ProductRow.sku == bindparam("like"), _variants.currency == bindparam("currency"))
    .scalar_subquery()
)
"""In stock or not."""


@cache
def _on_the_shelf(*, of_categories: bool, of_some: bool, like_one: bool) -> Select[Any]:
    """What the web warehouse has: of each category in turn, what it has most of, or what costs alike."""
    newest = select(ProductRow.id, ProductRow.sku, ProductRow.category).where(ProductRow.active)
    if of_categories:
        newest = newest.where(ProductRow.category.in_(bindparam("categories", expanding=True)))
    if of_some:
        newest = newest.where(ProductRow.sku.in_(bindparam("among", expanding=True)))
    product = newest.order_by(ProductRow.id.desc()).limit(MOST_ON_THE_SHELF).subquery().c
    cheapest, pieces = func.min(ProductVariantRow.price_minor), func.sum(StockRow.quantity)
    best: tuple[Any, ...] = (pieces.desc(), product.id.desc())
    if like_one:
        best = (func.abs(cheapest - _PRICE_OF_ONE), *best)
    found = (
        select(
            product.sku,
            product.category,
            cheapest.label("price_minor"),
            pieces.label("pieces"),
            func.row_number().over(partition_by=product.category, order_by=best).label("place"),
        )
        .join(ProductVariantRow, ProductVariantRow.product_id == product.id)
        .join(StockRow, StockRow.variant_id == ProductVariantRow.id)
        .where(
            ProductVariantRow.currency == bindparam("currency"),
            StockRow.store_id.is_(None),
            StockRow.quantity > 0,
        )
        .group_by(product.id, product.sku, product.category)
        .having(
            cheapest <= func.coalesce(bindparam("budget_minor", type_=Integer), cheapest),
            cheapest >= func.coalesce(bindparam("least_minor", type_=Integer), cheapest),
        )
        .subquery()
        .c
    )
    return (
        select(found.sku, found.category, found.price_minor)
        .order_by(found.place, found.pieces.desc(), found.sku)
        .limit(bindparam("most"))
    )


_REASONS: Final = {
    ListKind.COMPLEMENTARY: Reason.BOUGHT_WITH,
    ListKind.ALTERNATIVES: Reason.LIKE_THIS,
}


class Product(NamedTuple):
    """What a product is called; ``names`` per language."""

    category: str
    brand: str
    names: Mapping[str, str]


class ListRepository:
    """Works within the caller's transaction."""

    def __init__(self, connection: StoreConnection, currency: str) -> None:
        """Build it; variants in another ``currency`` are as good as out of stock."""
        self._connection = connection
        self._currency = currency
        self._products: dict[str, Product] = {}

    def has_agreed(self, customer_id: int) -> bool:
        """Whether a customer wants advice that is made of what we know of them."""
        return has_agreed(self._connection, customer_id)

    def list_pairs(self, kind: ListKind, anchors: Sequence[str], *, whole: bool = False) -> list[Candidate]:
        """What stands beside these products, best first; only the best of it unless ``whole``.

        What was not measured with a product itself, but with others of its sort, is not said to be about it.
        """
        reason, rows = _REASONS[kind], self._read(_PAIRS, kind, whole=whole, anchors=anchors)
        is_alike = kind is ListKind.ALTERNATIVES
        return [
            Candidate(
                sku, category, price_minor, score, reason, anchor if is_alike or lift else None, lift, run_id
            )
            for sku, category, price_minor, score, run_id, anchor, lift in rows
        ]

    def list_with_kind(
        self, anchors: Sequence[str], kind: Sequence[str], *, whole: bool = False
    ) -> list[Candidate]:
        """What is bought with products of a kind: first what most of them propose, none of the kind itself.

        Args:
            anchors: Those whose lists are read.
            kind: All products of the kind.
            whole: Whether the best of it may be too little.
        """
        rows = self._read(_WITH_KIND, ListKind.COMPLEMENTARY, whole=whole, anchors=anchors, kind=kind)
        return [
            Candidate(sku, category, price_minor, score, Reason.BOUGHT_WITH, None, None, run_id)
            for sku, category, price_minor, score, run_id in rows
        ]

    def list_personal(self, customer_id: int) -> list[Candidate]:
        """What fits a customer, best first."""
        rows = self._read(_PERSONAL, ListKind.PERSONAL, whole=True, customer_id=customer_id)
        return [
            Candidate(sku, category, price_minor, score, _why(because), because, None, run_id)
            for sku, category, price_minor, score, run_id, because in rows
        ]

    def list_popular(self, scope: str, reason: Reason, *, whole: bool = False) -> list[Candidate]:
        """What many buy, best first; ``scope`` as in :class:`RecommendedPopularRow`."""
        rows = self._read(_POPULAR, ListKind.POPULAR, whole=whole, scope=scope)
        return [
            Candidate(sku, category, price_minor, score, reason, None, None, run_id)
            for sku, category, price_minor, score, run_id in rows
        ]

    def list_on_the_shelf(
        self, categories: AbstractSet[str], wish: Wish, *, like: str | None = None
    ) -> list[Candidate]:
        """What can be had, category by category, what there is most of first.

        Of a very large category only the newest products are looked at.

        Args:
            categories: Their codes; empty for all.
            wish: What is wanted.
            like: A product: what costs about as much comes first.
        """
        asked = {
            "currency": self._currency,
            "budget_minor": wish.budget_minor,
            "least_minor": wish.least_minor,
            "most": MOST_CANDIDATES + len(wish.exclude),
            "categories": sorted(categories),
            "among": sorted(wish.among or ()),
            "like": like,
        }
        query = _on_the_shelf(
            of_categories=bool(categories), of_some=wish.among is not None, like_one=like is not None
        )
        return [
            Candidate(sku, category, price_minor, 0.0, Reason.ON_THE_SHELF, None, None, None)
            for sku, category, price_minor in self._connection.execute(query, asked)
        ]

    def list_categories(self, skus: AbstractSet[str], most: int) -> Sequence[str]:
        """The categories of products, those of most of them first."""
        return self._connection.scalars(_CATEGORIES, {"skus": sorted(skus), "most": most}).all()

    def find_history(self, who: Who, *, may_look: bool) -> History:
        """What somebody does not want to see and, if we may look at that, what they bought and sent back."""
        whose = {"customer_id": who.customer_id, "conversation_id": who.conversation_id}
        dismissed = frozenset(self._connection.scalars(_DISMISSED, whose))
        if who.customer_id is None or not may_look:
            return History({}, frozenset(), dismissed, None)
        bought = self._connection.execute(_HISTORY, {"customer_id": who.customer_id}).all()
        return History(
            owned={sku: bought_at for sku, _, bought_at, _, _ in bought},
            returned=frozenset(sku for sku, _, _, _, returned in bought if returned is not None),
            dismissed=dismissed,
            segment=_segment((category, times) for _, category, _, times, _ in bought),
        )

    def find_products(self, skus: Iterable[str]) -> Mapping[str, Product]:
        """What products are called, by number; unknown ones are left out. None is asked for twice."""
        wanted = sorted(set(skus) - self._products.keys())
        if wanted:
            found = self._connection.execute(_PRODUCTS, {"skus": wanted})
            self._products |= {sku: Product(category, brand, names) for sku, category, brand, names in found}
        return self._products

    def _read(self, query: Select[Any], of: ListKind, *, whole: bool, **values: Any) -> Sequence[Any]:
        most = WHOLE_LIST if whole else MOST_CANDIDATES
        asked = {"list": of.value, "currency": self._currency, "most": most, **values}
        return self._connection.execute(query, asked).all()


def has_agreed(connection: StoreConnection, customer_id: int) -> bool:
    """Whether a customer wants what we know of them to be used for advice; who never said does not."""
    return bool(connection.scalar(_CONSENT, {"customer_id": customer_id}))


def _why(because: str | None) -> Reason:
    return Reason.FITS_YOU if because is None else Reason.BECAUSE_YOU_HAVE


def _segment(bought: Iterable[tuple[str, int]]) -> str | None:
    """The category of which most was bought; of several the first by name."""
    times: dict[str, int] = {}
    for category, count in bought:
        times[category] = times.get(category, 0) + count
    return min(times, key=lambda category: (-times[category], category), default=None)
