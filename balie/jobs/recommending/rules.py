"""What is bought together: support, confidence and lift of pairs, with an interval for the lift.

With N orders, a of them with the one product, b with the other and t with both: support t / N, confidence
t / a, lift t N / (a b). The interval is the delta method's for the logarithm of the lift under multinomial
sampling (Agresti, Categorical Data Analysis, 3rd ed., section 16.1), as Katz's (1978) for ratios of shares:
``var(log lift) = 1/t - 1/a - 1/b + (2 lift - 1) / N``.

Single products are bought too seldom to be sure of them, so what goes with what is decided for their *sorts*
(``sorts.py``) first: which sorts are surely bought together, and in what share of the orders. Of such a sort
those products are listed that were bought together with the anchor, the likeliest first; the second of a sort
counts a quarter, the third a ninth, so that the first places hold different things.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from balie.jobs.recommending.arrays import (
    Bools,
    Catalogue,
    Floats,
    Histories,
    Ints,
    Matrix,
    csr,
    look_up,
    ones_like,
    places,
    positive,
    top_of_rows,
    without,
)
from balie.jobs.recommending.counts import LEAST_TOGETHER, Counts, PairCounts
from balie.recommendations.contract import Suggestion
from balie.recommendations.views import LearnedPair

CERTAINTY: Final = 1.959963984540054
"""Standard errors to both sides: 95 %."""

PAIRS_AT_ONCE: Final = 500_000
"""What bounds the memory."""

ADDED: Final = 0.5
"""How much it counts that a sort is in more of the orders than it is by chance, against how many they are."""

LEAST_ADDED: Final = 1e-3
"""What two sorts that are not surely bought together count at least, for products that surely are."""

TRUST: Final = 5.0
"""Orders that what the sorts say is worth, against what was seen of two products."""


@dataclass(frozen=True, slots=True)
class PairMeasures:
    """Of some pairs, in the order that they were given in."""

    support: Floats
    confidence: Floats
    lift: Floats
    low: Floats
    high: Floats


def measure_pairs(together: Ints, first: Ints, second: Ints, orders: int) -> PairMeasures:
    """Measure pairs.

    Args:
        together: Orders with both; above 0.
        first: Orders with the product that is looked at.
        second: Orders with the one beside it.
        orders: How many there are in all.
    """
    t, a, b = (each.astype(np.float64) for each in (together, first, second))
    lift = t * orders / (a * b)
    variance = 1.0 / t - 1.0 / a - 1.0 / b + (2.0 * lift - 1.0) / orders
    reach = CERTAINTY * np.sqrt(np.maximum(variance, 0.0))
    return PairMeasures(
        support=t / orders,
        confidence=t / a,
        lift=lift,
        low=np.exp(np.log(lift) - reach),
        high=np.exp(np.log(lift) + reach),
    )


@dataclass(frozen=True)
class PairRules:
    """The pairs that are bought together more often than by chance, from both sides, best first of each.

    Attributes:
        anchors: Sorted; ``others`` the products beside them.
        scores: What they are ranked by.
    """

    catalogue: Catalogue
    anchors: Ints
    others: Ints
    scores: Floats
    measures: PairMeasures
    histories: Histories | None = None

    @classmethod
    def learn(
        cls, counts: Counts, catalogue: Catalogue, *, n: int, histories: Histories | None = None
    ) -> PairRules:
        """Keep the best of each product.

        Args:
            counts: As counted.
            catalogue: Of the products.
            n: How many per product.
            histories: What customers have, for :meth:`recommend`.
        """
        pairs = counts.products
        anchors, others = np.concatenate([pairs.a, pairs.b]), np.concatenate([pairs.b, pairs.a])
        order = np.argsort(anchors, kind="stable")
        anchors, others, together = anchors[order], others[order], np.tile(pairs.together, 2)[order]
        sorts = _Sorts(catalogue.sorts, counts.sorts, counts.repeated, counts.sorts.as_matrix())
        parts = [
            _rank(_Pairs(anchors[part], others[part], together[part], pairs, sorts), n)
            for part in _parts(anchors)
        ]
        found = _joined(parts or [_NOTHING])
        return cls(catalogue, *found, histories)

    def recommend(self, customer: int, n: int) -> tuple[Suggestion, ...]:
        """What goes with all that a customer has, best first; nothing of that itself."""
        row = None if self.histories is None else self.histories.rows.get(customer)
        if row is None or self.histories is None:
            return ()
        liking = self.histories.liking[[row]]
        scores = without(ones_like(positive(liking)) @ self._matrix(), liking)
        _, products, found = top_of_rows(scores, n)
        return tuple(
            Suggestion(self.catalogue.skus[each], float(score))
            for each, score in zip(products, found, strict=True)
        )

    def related(self, sku: str, n: int) -> tuple[Suggestion, ...]:
        """What is bought with a product, best first."""
        number = self.catalogue.numbers.get(sku)
        if number is None or n <= 0:
            return ()
        start, end = np.searchsorted(self.anchors, [number, number + 1])
        return tuple(
            Suggestion(self.catalogue.skus[self.others[at]], float(self.scores[at]))
            for at in range(start, min(end, start + n))
        )

    def rows(self) -> Iterator[LearnedPair]:
        """All of them, as they are stored."""
        skus, found = self.catalogue.skus, self.measures
        for at, place in enumerate(places(self.anchors)):
            yield LearnedPair(
                anchor=skus[self.anchors[at]],
                rank=int(place) + 1,
                sku=skus[self.others[at]],
                score=float(self.scores[at]),
                support=float(found.support[at]),
                confidence=float(found.confidence[at]),
                lift=float(found.lift[at]),
                lift_low=float(found.low[at]),
                lift_high=float(found.high[at]),
            )

    def _matrix(self) -> Matrix:
        shape = (len(self.catalogue), len(self.catalogue))
        return csr(self.anchors, self.others, self.scores, shape)


Ranked = tuple[Ints, Ints, Floats, PairMeasures]
"""Anchors, the products beside them, what they are ranked by, and how they are measured."""

_NONE: Final = np.zeros(0, dtype=np.int64)
_NO: Final = np.zeros(0)
_NOTHING: Final[Ranked] = (_NONE, _NONE, _NO, PairMeasures(_NO, _NO, _NO, _NO, _NO))


def _joined(parts: Sequence[Ranked]) -> Ranked:
    anchors, others, scores, measures = zip(*parts, strict=True)
    columns = zip(
        *((each.support, each.confidence, each.lift, each.low, each.high) for each in measures), strict=True
    )
    return (
        np.concatenate(anchors),
        np.concatenate(others),
        np.concatenate(scores),
        PairMeasures(*map(np.concatenate, columns)),
    )


def _parts(anchors: Ints) -> Iterator[slice]:
    """Stretches of sorted pairs that memory bears, none of which parts the pairs of an anchor."""
    start = 0
    while start < len(anchors):
        last = anchors[min(start + PAIRS_AT_ONCE, len(anchors)) - 1]
        end = int(np.searchsorted(anchors, last, side="right"))
        yield slice(start, end)
        start = end


def _rank(pairs: _Pairs, n: int) -> Ranked:
    """The best of each anchor."""
    anchors, others, together = pairs.anchors, pairs.others, pairs.together
    sorts, singles = pairs.sorts.numbers, pairs.counts.singles
    found = measure_pairs(together, singles[anchors], singles[others], pairs.counts.orders)
    of_sorts = pairs.sorts.measure(sorts[anchors], sorts[others])
    sure = of_sorts.sure | ((found.low > 1.0) & (together >= LEAST_TOGETHER))
    kept = np.flatnonzero(sure)
    expected = together[kept] / found.lift[kept] * of_sorts.lift[kept]
    # What was seen of two products, drawn towards what their sorts say.
    likely = expected * (together[kept] + TRUST) / (expected + TRUST)
    scores = of_sorts.worth[kept] / (1.0 + _places_in_sort(anchors[kept], sorts[others[kept]], likely)) ** 2
    order = np.lexsort((others[kept], -scores, anchors[kept]))
    order = order[places(anchors[kept][order]) < n]
    best = kept[order]
    measures = PairMeasures(*(getattr(found, name)[best] for name in PairMeasures.__slots__))
    return anchors[best], others[best], scores[order], measures


def _places_in_sort(anchors: Ints, sorts: Ints, likely: Floats) -> Ints:
    """Of each pair, how many of the same anchor and sort are likelier."""
    order = np.lexsort((np.arange(len(anchors)), -likely, sorts, anchors))
    groups = anchors * (int(sorts.max(initial=0)) + 1) + sorts
    found = np.empty(len(order), dtype=np.int64)
    found[order] = places(groups[order])
    return found


@dataclass(frozen=True, slots=True)
class _SortMeasures:
    """Of the sorts of some pairs of products.

    Attributes:
        worth: In how many of the orders with the one sort the other is, and how many of those chance does not
            explain.
        sure: Whether they are bought together more than by chance.
    """

    worth: Floats
    lift: Floats
    sure: Bools


@dataclass(frozen=True, slots=True)
class _Sorts:
    """The sorts of all products, and how often they are bought together."""

    numbers: Ints
    counts: PairCounts
    repeated: Ints
    both: Matrix

    def measure(self, first: Ints, second: Ints) -> _SortMeasures:
        counts, same = self.counts, first == second
        together = look_up(self.both, first, second).astype(np.int64)
        together = np.where(same, self.repeated[first], together)
        some = np.maximum(together, 1)
        found = measure_pairs(some, counts.singles[first], counts.singles[second], counts.orders)
        sure = (together >= LEAST_TOGETHER) & ~same & (found.low > 1.0)
        added = 1.0 - 1.0 / np.maximum(found.lift, 1.0 + LEAST_ADDED)
        return _SortMeasures(found.confidence * added**ADDED, found.lift, sure)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Some pairs, sorted by anchor, with what is known of all."""

    anchors: Ints
    others: Ints
    together: Ints
    counts: PairCounts
    sorts: _Sorts
