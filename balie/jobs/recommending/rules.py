"""What is bought together: the rules of pairs, ranked (``measures.py`` measures them).

Single products are bought too seldom to be sure of them, so what goes with what is decided for their *sorts*
(``sorts.py``) first: which sorts are surely bought together, and in what share of the orders, drawn from the
counts of the sort towards those of the product as far as products of a sort differ (``sort_pairs.py``). Of
such a sort those products are listed that were bought together with the anchor, the likeliest first, then
those that are bought most; the second of a sort counts a quarter, the third a ninth, so that the first places
hold different things.
"""

from __future__ import annotations

import math
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
from balie.jobs.recommending.counts import LEAST_TOGETHER, Counts
from balie.jobs.recommending.measures import PairMeasures, measure_pairs
from balie.jobs.recommending.sort_pairs import FILLED_IN, FillIn, Sorts
from balie.recommendations.contract import Suggestion
from balie.recommendations.views import LearnedPair

PAIRS_AT_ONCE: Final = 500_000
"""What bounds the memory."""

TRUST: Final = 5.0
"""Orders that what the sorts say is worth, against what was seen of two products."""


@dataclass(frozen=True)
class PairRules:
    """The pairs that are bought together more often than by chance, from both sides, best first of each.

    Attributes:
        anchors: Sorted; ``others`` the products beside them.
        scores: What they are ranked by.
        measures: NaN of pairs that nobody has bought together, which only their sorts are.
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
        ranker = _Ranker.prepare(counts, catalogue, n)
        parts = [ranker.rank(part) for part in stretches(ranker.candidates(), PAIRS_AT_ONCE)]
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
                support=_known(found.support[at]),
                confidence=_known(found.confidence[at]),
                lift=_known(found.lift[at]),
                lift_low=_known(found.low[at]),
                lift_high=_known(found.high[at]),
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


def _known(measured: float) -> float | None:
    return None if math.isnan(measured) else float(measured)


def stretches(candidates: Ints, most: int) -> Iterator[range]:
    """Products one after the other, so many at a time as memory bears, and one at least.

    Args:
        candidates: How many each product has.
        most: How many are looked at together, unless one product alone has more.
    """
    ends, start = np.cumsum(candidates), 0
    while start < len(ends):
        before = int(ends[start - 1]) if start else 0
        end = max(int(np.searchsorted(ends, before + most, side="right")), start + 1)
        yield range(start, end)
        start = end


@dataclass(frozen=True, slots=True)
class _Ranker:
    """Ranks what goes with products, some products at a time.

    Attributes:
        seen: Orders with both of two products.
        strength: How much what sorts say is worth (``sort_pairs.py``).
        most: How many are kept of each product.
    """

    counts: Counts
    seen: Matrix
    sorts: Sorts
    fill_in: FillIn
    strength: float
    most: int

    @classmethod
    def prepare(cls, counts: Counts, catalogue: Catalogue, most: int) -> _Ranker:
        seen, sorts = counts.products.as_matrix(), Sorts.learn(counts, catalogue.sorts)
        return cls(counts, seen, sorts, FillIn.learn(sorts, most), sorts.strength(), most)

    def candidates(self) -> Ints:
        """How many each product has, at most."""
        seen: Ints = np.diff(self.seen.indptr).astype(np.int64)
        return seen + FILLED_IN * self.most

    def rank(self, products: range) -> Ranked:
        """The best beside each of some products."""
        anchors, others, together = self._pairs(products)
        found = self._measured(anchors, others, together)
        numbers = self.sorts.numbers
        of_sorts = self.sorts.measure(numbers[anchors], numbers[others])
        sure = of_sorts.sure | ((found.low > 1.0) & (together >= LEAST_TOGETHER))
        kept = np.flatnonzero(sure)
        anchors, others, together = anchors[kept], others[kept], together[kept]
        likely = self._likely(anchors, others, together, of_sorts.lift[kept])
        drawn = self.sorts.drawn(anchors, numbers[others], self.strength)
        worth = of_sorts.worth[kept] * drawn
        scores = worth / (1.0 + _places_in_sort(anchors, numbers[others], likely, together > 0)) ** 2
        order = np.lexsort((others, -scores, anchors))
        order = order[places(anchors[order]) < self.most]
        best = kept[order]
        measures = PairMeasures(*(getattr(found, name)[best] for name in PairMeasures.__slots__))
        return anchors[order], others[order], scores[order], measures

    def _pairs(self, products: range) -> tuple[Ints, Ints, Ints]:
        """Anchors, sorted, the products beside them, and orders with both, which may be none."""
        seen = self.seen[products.start : products.stop]
        anchors = np.repeat(np.arange(products.start, products.stop), np.diff(seen.indptr))
        others, together = seen.indices.astype(np.int64), seen.data.astype(np.int64)
        which, more = self.fill_in.beside(self.sorts.numbers[products.start : products.stop])
        new = look_up(seen, which, more) == 0
        anchors = np.concatenate([anchors, which[new] + products.start])
        others = np.concatenate([others, more[new]])
        together = np.concatenate([together, np.zeros(np.count_nonzero(new), dtype=np.int64)])
        order = np.lexsort((others, anchors))
        return anchors[order], others[order], together[order]

    def _measured(self, anchors: Ints, others: Ints, together: Ints) -> PairMeasures:
        seen, singles = np.flatnonzero(together), self.counts.products.singles
        first, second = singles[anchors[seen]], singles[others[seen]]
        found = measure_pairs(together[seen], first, second, self.counts.products.orders)
        columns = np.full((len(PairMeasures.__slots__), len(together)), np.nan)
        for column, name in zip(columns, PairMeasures.__slots__, strict=True):
            column[seen] = getattr(found, name)
        return PairMeasures(*columns)

    def _likely(self, anchors: Ints, others: Ints, together: Ints, lift: Floats) -> Floats:
        """What was seen of two products, drawn towards what their sorts say."""
        singles, orders = self.counts.products.singles, self.counts.products.orders
        # Of what nobody has bought yet, what is bought most is the likeliest, too.
        expected = np.maximum(singles[anchors], 1) * singles[others] / max(orders, 1) * lift
        return expected * (together + TRUST) / (expected + TRUST)


def _places_in_sort(anchors: Ints, sorts: Ints, likely: Floats, seen: Bools) -> Ints:
    """Of each pair, how many of the same anchor and sort come first: those seen, then the likelier."""
    order = np.lexsort((np.arange(len(anchors)), -likely, ~seen, sorts, anchors))
    groups = anchors * (int(sorts.max(initial=0)) + 1) + sorts
    found = np.empty(len(order), dtype=np.int64)
    found[order] = places(groups[order])
    return found
