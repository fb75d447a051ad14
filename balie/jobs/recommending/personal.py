"""What fits a customer: what they buy again, what those buy who bought the same, what is bought these days.

Five scores are added, each divided by its largest for that customer, with weights that are chosen on baskets
the model does not know (``tuning.py``): the customer's own products, faded by age; neighbours of those among
customers and among baskets (cosine); taste (factors); and the trend of the last weeks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from scipy import sparse

from balie.jobs.recommending.arrays import (
    Bools,
    Catalogue,
    Floats,
    Histories,
    Ints,
    Matrix,
    chunks,
    csr,
    look_up,
    ones_like,
    places,
    positive,
    scaled_rows,
    top_of_rows,
    without,
)
from balie.jobs.recommending.neighbours import nearest
from balie.jobs.recommending.options import Options
from balie.jobs.recommending.taste import Taste
from balie.recommendations.contract import Suggestion

NEIGHBOURS: Final = 20
TRENDING: Final = 60
"""Products of the trend that are proposed to everybody."""


class Weights(NamedTuple):
    """How much each score counts; what the customer buys again counts 1."""

    customers: float = 0.05
    baskets: float = 0.1
    trend: float = 0.2
    taste: float = 0.3


@dataclass(frozen=True, slots=True)
class Parts:
    """The five scores of some customers, each at most 1; customers by products."""

    own: Matrix
    customers: Matrix
    baskets: Matrix
    trend: Matrix
    taste: Matrix

    def without(self, owned: Matrix) -> Parts:
        """The same scores, without what is owned."""
        return Parts(*(without(getattr(self, name), owned) for name in Parts.__slots__))

    def blended(self, weights: Weights) -> Matrix:
        """The scores as one."""
        return (
            self.own
            + self.customers * weights.customers
            + self.baskets * weights.baskets
            + self.trend * weights.trend
            + self.taste * weights.taste
        )


@dataclass(frozen=True, slots=True)
class PersonalModel:
    """What is needed to judge any history, known or not.

    Attributes:
        by_customers: Neighbours of each product among customers; ``by_baskets`` likewise.
        trend: Of each product, 1 for the one that is bought most.
    """

    by_customers: Matrix
    by_baskets: Matrix
    trend: Floats
    taste: Taste

    @classmethod
    def learn(cls, liked: Matrix, by_baskets: Matrix, trend: Floats, options: Options) -> PersonalModel:
        """Learn it.

        Args:
            liked: Customers by products; what somebody sent back is not in it.
            by_baskets: Neighbours of each product among baskets (:func:`nearest_of_pairs`).
            trend: How much each product is bought these days.
            options: How to train.
        """
        largest = trend.max(initial=0.0)
        return cls(
            nearest(ones_like(liked), NEIGHBOURS, threads=options.threads),
            by_baskets,
            trend / largest if largest > 0 else trend,
            Taste.learn(liked, seed=options.seed, threads=options.threads),
        )

    def parts(self, liking: Matrix) -> Parts:
        """The five scores of histories (customers by products)."""
        liked = positive(liking)
        own = scaled_rows(liked)
        customers = scaled_rows(sparse.csr_array(liked @ self.by_customers))
        baskets = scaled_rows(sparse.csr_array(liked @ self.by_baskets))
        taste = self.taste.scores(liked)
        proposed = ones_like(own + customers + baskets + taste + self._trending(liking.shape[0]))
        return Parts(own, customers, baskets, proposed @ sparse.diags_array(self.trend), taste)

    def scores(self, liking: Matrix, weights: Weights) -> Matrix:
        """What histories say of products; nothing of what was sent back."""
        blended = self.parts(liking).blended(weights)
        return without(blended, positive(-liking))

    def reasons(self, liking: Matrix, rows: Ints, products: Ints, weights: Weights) -> Ints:
        """The product of a customer's own that speaks for another one most; -1 where none does.

        Args:
            liking: Customers by products.
            rows: Of whom; sorted.
            products: What is proposed to them.
            weights: As it was proposed with.
        """
        liked = positive(liking)
        near = self.by_customers * weights.customers + self.by_baskets * weights.baskets
        near.sort_indices()
        each = np.diff(liked.indptr)[rows]
        pairs = np.repeat(np.arange(len(rows)), each)
        owned_at = np.repeat(liked.indptr[rows], each) + places(pairs)
        owned = liked.indices[owned_at].astype(np.int64)
        speaks = liked.data[owned_at] * look_up(near, owned, products[pairs])
        order = np.lexsort((owned, -speaks, pairs))
        best = order[places(pairs[order]) == 0]
        reasons = np.full(len(rows), -1, dtype=np.int64)
        spoken = best[speaks[best] > 0]
        reasons[pairs[spoken]] = owned[spoken]
        return reasons

    def _trending(self, count: int) -> Matrix:
        best = np.argsort(-self.trend, kind="stable")[:TRENDING]
        best = best[self.trend[best] > 0]
        rows = np.repeat(np.arange(count), len(best))
        return csr(rows, np.tile(best, count), np.ones(len(rows)), (count, len(self.trend)))


class Ranked(NamedTuple):
    """Proposals to customers, row by row, best first; ``because`` is -1 where no product of theirs speaks."""

    rows: Ints
    products: Ints
    scores: Floats
    because: Ints


@dataclass(frozen=True)
class PersonalRecommender:
    """The model, for the customers that it was learned from."""

    model: PersonalModel
    histories: Histories
    catalogue: Catalogue
    weights: Weights

    def recommend(self, customer: int, n: int) -> tuple[Suggestion, ...]:
        """What fits a customer, best first."""
        row = self.histories.rows.get(customer)
        if row is None:
            return ()
        ranked = self._rank(self.histories.liking[[row]], n)
        return tuple(
            Suggestion(self.catalogue.skus[product], float(score), self._sku(because))
            for product, score, because in zip(ranked.products, ranked.scores, ranked.because, strict=True)
        )

    def related(self, sku: str, n: int) -> tuple[Suggestion, ...]:
        """What those buy who buy this, best first."""
        number = self.catalogue.numbers.get(sku)
        if number is None:
            return ()
        _, products, scores = top_of_rows(self.model.by_customers[[number]], n)
        return tuple(
            Suggestion(self.catalogue.skus[product], float(score))
            for product, score in zip(products, scores, strict=True)
        )

    def rank_all(self, again: int, fresh: int, wanted: Bools) -> Iterator[Ranked]:
        """The lists of all customers, part by part, so that memory stays small.

        Args:
            again: How many products that they have, at most.
            fresh: How many that they do not have.
            wanted: Whose lists are made, one per row.
        """
        for part in chunks(len(self.histories.customers)):
            rows = np.flatnonzero(wanted[part]) + part.start
            if len(rows) == 0:
                continue
            liking = self.histories.liking[rows]
            scores = self.model.scores(liking, self.weights)
            fresh_scores = without(scores, liking)
            kept = [top_of_rows(without(scores, fresh_scores), again), top_of_rows(fresh_scores, fresh)]
            merged = csr(
                np.concatenate([each[0] for each in kept]),
                np.concatenate([each[1] for each in kept]),
                np.concatenate([each[2] for each in kept]),
                scores.shape,
            )
            ranked = self._explained(liking, *top_of_rows(merged, again + fresh))
            yield ranked._replace(rows=rows[ranked.rows])

    def _rank(self, liking: Matrix, n: int) -> Ranked:
        return self._explained(liking, *top_of_rows(self.model.scores(liking, self.weights), n))

    def _explained(self, liking: Matrix, rows: Ints, products: Ints, scores: Floats) -> Ranked:
        because = self.model.reasons(liking, rows, products, self.weights)
        owned = look_up(positive(liking), rows, products) > 0
        return Ranked(rows, products, scores, np.where(owned, -1, because))

    def _sku(self, number: int) -> str | None:
        return None if number < 0 else self.catalogue.skus[number]
