"""What was known at a moment, worked out of frames into arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from ibis.expr.types import Table

from balie.jobs.recommending import frames, popular
from balie.jobs.recommending.arrays import Catalogue, Floats, Histories, Ints, Matrix, csr
from balie.jobs.recommending.counts import LEAST_TOGETHER, Counts, PairCounts
from balie.jobs.recommending.frames import FrameLimits
from balie.jobs.recommending.popular import PopularRecommender
from balie.jobs.recommending.sorts import sorts_of
from balie.recommendations.signal_repository import SoldProduct

SMALL_CATALOGUE: Final = 2_000
"""Of more products, pairs that one or two orders show are not counted: there would be too many."""


@dataclass(frozen=True)
class Known:
    """Everything that there is to learn from.

    Attributes:
        lines: As :mod:`frames` describes them; ``signals`` and ``products`` likewise.
        sold: The products, in the order of the catalogue.
        until: The newest moment, in seconds since 1970.
        mark_of_erased: Which customers were erased by then, as one number.
    """

    lines: Table
    signals: Table
    products: Table
    catalogue: Catalogue
    sold: tuple[SoldProduct, ...]
    until: int
    mark_of_erased: int = 0


@dataclass(frozen=True)
class Snapshot:
    """What was known before a moment.

    Attributes:
        line_count: How many lines of orders it is made of.
        trend: How much each product is bought these days.
    """

    line_count: int
    histories: Histories
    counts: Counts
    trend: Floats
    popular: PopularRecommender


def catalogue_of(sold: tuple[SoldProduct, ...]) -> Catalogue:
    """Number products and their categories; the products are sorted by sku."""
    codes = sorted({product.category for product in sold})
    numbers = {code: number for number, code in enumerate(codes)}
    categories = np.array([numbers[product.category] for product in sold], dtype=np.int64)
    return Catalogue(tuple(product.sku for product in sold), categories, tuple(codes), sorts_of(sold))


def take_snapshot(known: Known, moment: int) -> Snapshot:
    """What was known before a moment; what is faded, is so as it was then."""
    limits = FrameLimits(now=moment)
    lines = frames.before(known.lines, moment) if moment <= known.until else known.lines
    signals = frames.before(known.signals, moment) if moment <= known.until else known.signals
    bought = frames.purchases(lines, known.products, limits)
    of_customers = frames.customer_signals(lines, signals, known.products, limits)
    return Snapshot(
        line_count=int(bought.count().to_pyarrow().as_py()),
        histories=_histories(frames.interactions(of_customers, limits), known.catalogue),
        counts=_counts(frames.order_baskets(bought, limits), known),
        trend=_trend(bought, limits, len(known.catalogue)),
        popular=_popular(bought, limits, known.catalogue),
    )


def next_baskets(known: Known, start: int, end: int) -> tuple[Ints, Matrix]:
    """What customers bought first in a stretch of time: their ids, sorted, and a row of products for each."""
    limits = FrameLimits(now=known.until)
    bought = frames.purchases(known.lines, known.products, limits)
    found = _columns(frames.next_baskets(bought, start, end))
    customers, rows = np.unique(found["customer"], return_inverse=True)
    shape = (len(customers), len(known.catalogue))
    return customers, csr(rows, found["product"], np.ones(len(rows)), shape)


def orders_between(known: Known, start: int, end: int) -> Matrix:
    """The orders of a stretch of time: orders by products."""
    limits = FrameLimits(now=known.until)
    bought = frames.purchases(known.lines, known.products, limits)
    inside = bought.filter((bought["at"] >= start) & (bought["at"] < end))
    found = _columns(frames.order_baskets(inside, limits))
    orders, rows = np.unique(found["order"], return_inverse=True)
    return csr(rows, found["product"], np.ones(len(rows)), (len(orders), len(known.catalogue)))


def _histories(interactions: Table, catalogue: Catalogue) -> Histories:
    found = _columns(interactions.select("customer", "product", "weight"))
    return Histories.build(found["customer"], found["product"], found["weight"], catalogue)


def _counts(baskets: Table, known: Known) -> Counts:
    catalogue = known.catalogue
    sort_count = int(catalogue.sorts.max(initial=-1)) + 1
    least = 1 if len(catalogue) <= SMALL_CATALOGUE else LEAST_TOGETHER
    of_sorts = frames.sort_baskets(baskets, known.products)
    orders = int(baskets.select("order").distinct().count().to_pyarrow().as_py())
    return Counts(
        products=_pairs(baskets, len(catalogue), orders, least),
        sorts=_pairs(of_sorts, sort_count, orders, LEAST_TOGETHER),
        repeated=_scores(frames.repeated_counts(of_sorts), "orders", sort_count).astype(np.int64),
    )


def _pairs(baskets: Table, width: int, orders: int, least: int) -> PairCounts:
    pairs = _columns(frames.pair_counts(baskets, least=least))
    singles = _scores(frames.product_counts(baskets), "orders", width).astype(np.int64)
    return PairCounts(pairs["a"], pairs["b"], pairs["together"], singles, orders)


def _trend(bought: Table, limits: FrameLimits, width: int) -> Floats:
    return _scores(frames.popularity(bought, limits, half_life=popular.TREND_HALF_LIFE), "score", width)


def _popular(bought: Table, limits: FrameLimits, catalogue: Catalogue) -> PopularRecommender:
    width = len(catalogue)
    these_days = _scores(frames.popularity(bought, limits, half_life=popular.HALF_LIFE), "score", width)
    season = _scores(frames.season(bought, limits, days=popular.SEASON_DAYS), "lines", width)
    segments = frames.segments(bought)
    of_segments = frames.popularity_by_segment(bought, segments, limits, half_life=popular.HALF_LIFE)
    owners = _columns(segments)
    return PopularRecommender(
        catalogue,
        these_days + popular.SEASON_WEIGHT * season,
        _scores_of_segments(_columns(of_segments), catalogue),
        {
            int(customer): catalogue.category_codes[int(segment)]
            for customer, segment in zip(owners["customer"], owners["segment"], strict=True)
        },
    )


def _scores_of_segments(found: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Floats]:
    scores: dict[str, Floats] = {}
    for number, code in enumerate(catalogue.category_codes):
        inside = found["segment"] == number
        if inside.any():
            scores[code] = np.zeros(len(catalogue))
            scores[code][found["product"][inside]] = found["score"][inside]
    return scores


def _scores(frame: Table, column: str, width: int) -> Floats:
    found = _columns(frame)
    scores = np.zeros(width)
    scores[found["product"]] = found[column]
    return scores


def _columns(frame: Table) -> dict[str, Any]:
    table = frame.to_pyarrow()
    return {name: table.column(name).to_numpy() for name in table.column_names}
