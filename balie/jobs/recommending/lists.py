"""The four lists, learned from one snapshot, and how each is judged on what was bought afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from balie.jobs.recommending.arrays import Catalogue, Floats, Ints, Matrix, as_lists, csr, places, without
from balie.jobs.recommending.content import ContentRecommender
from balie.jobs.recommending.judging import PLACES, Judged, judge, lists_of
from balie.jobs.recommending.neighbours import nearest_of_pairs
from balie.jobs.recommending.options import Options
from balie.jobs.recommending.personal import NEIGHBOURS, PersonalModel, PersonalRecommender, Weights
from balie.jobs.recommending.popular import best_of
from balie.jobs.recommending.rules import PairRules
from balie.jobs.recommending.snapshot import Known, Snapshot, next_baskets, orders_between
from balie.jobs.recommending.tuning import choose_weights
from balie.recommendations.acceptance import FEWEST_BASKETS, Figures
from balie.recommendations.kinds import ListKind

LISTED: Final = 40
"""Of each list; serving takes some off and shows a few of the rest."""

LISTED_POPULAR: Final = 200
"""Of what is popular: serving picks from it what keeps a budget, or is of the kind that was asked for."""

MOST_TUNED: Final = 600
"""Customers on whom the weights are chosen."""

MOST_JUDGED: Final = 4_000
"""Baskets, or products of baskets, that a list is judged on; of more, some are drawn."""


def learn_personal(
    now: Snapshot, catalogue: Catalogue, weights: Weights, options: Options
) -> PersonalRecommender:
    """What fits customers."""
    by_baskets = nearest_of_pairs(now.counts.products, NEIGHBOURS, len(catalogue))
    model = PersonalModel.learn(now.histories.liked(), by_baskets, now.trend, options)
    return PersonalRecommender(model, now.histories, catalogue, weights)


def learn_rules(now: Snapshot, catalogue: Catalogue) -> PairRules:
    """What is bought together."""
    return PairRules.learn(now.counts, catalogue, n=LISTED, histories=now.histories)


def learn_content(known: Known, now: Snapshot, options: Options) -> ContentRecommender:
    """What is alike."""
    return ContentRecommender.learn(
        known.sold, known.catalogue, n=LISTED, threads=options.threads, histories=now.histories
    )


def tune(known: Known, then: Snapshot, start: int, end: int, options: Options) -> Weights:
    """The weights that foresee best what was bought first in a stretch of time.

    Args:
        known: Everything.
        then: What was known at its start.
        start: Its first moment.
        end: The first moment after it.
        options: How to train.
    """
    rows, bought = _asked(known, then, start, end, options)
    some = _drawn(len(rows), options.seed, MOST_TUNED)
    rows, bought = rows[some], bought[some]
    if len(rows) < FEWEST_BASKETS:
        return Weights()
    liking = then.histories.liking[rows]
    recommender = learn_personal(then, known.catalogue, Weights(), options)
    return choose_weights(recommender.model.parts(liking), liking, bought)[0]


@dataclass(frozen=True)
class Trial:
    """A snapshot, and what was bought after it.

    Attributes:
        rows: Customers of the snapshot who bought something, and in ``bought`` what, row by row.
        orders: All orders of that time.
    """

    known: Known
    then: Snapshot
    rows: Ints
    bought: Matrix
    orders: Matrix
    weights: Weights
    options: Options

    @classmethod
    def hold(
        cls, known: Known, then: Snapshot, stretch: tuple[int, int], weights: Weights, options: Options
    ) -> Trial:
        """Take what was bought in a stretch of time: its first moment, and the first one after it."""
        rows, bought = _asked(known, then, *stretch, options)
        orders = orders_between(known, *stretch)
        orders = orders[np.diff(orders.indptr) > 1]
        chosen = _drawn(orders.shape[0], options.seed)
        return cls(known, then, rows, bought, orders[chosen], weights, options)

    def judge(self, kind: ListKind) -> Figures:
        """How good a list would have been, and how good what everybody buys."""
        judged, popular = _JUDGES[kind](self)
        return Figures(
            baskets=judged.baskets,
            recall_at_10=_mean(judged.recall),
            ndcg_at_10=_mean(judged.ndcg),
            coverage=judged.coverage,
            spread=judged.spread,
            popular_ndcg_at_10=_mean(popular.ndcg),
        )

    def personal(self) -> tuple[Judged, Judged]:
        """On the next basket of customers."""
        recommender = learn_personal(self.then, self.known.catalogue, self.weights, self.options)
        scores = recommender.model.scores(self.then.histories.liking[self.rows], self.weights)
        return judge(lists_of(scores), self.bought), self.popular()[0]

    def complementary(self) -> tuple[Judged, Judged]:
        """On the other products of an order, for each product in it."""
        anchors, others = _anchors_of(self.orders, self.options.seed)
        rules = learn_rules(self.then, self.known.catalogue)
        rows = _rows_of(anchors, rules.anchors)
        lists = _lists_at(rows, rules.anchors, rules.others, len(anchors))
        return judge(lists, others), judge(self._popular_lists(others, anchors), others)

    def alternatives(self) -> tuple[Judged, Judged]:
        """On what a customer bought instead: of the group of something they had, but not the same."""
        anchors, instead = self._instead()
        content = learn_content(self.known, self.then, self.options)
        return judge(lists_of(content.likeness[anchors]), instead), judge(
            self._popular_lists(instead, anchors), instead
        )

    def popular(self) -> tuple[Judged, Judged]:
        """On the next basket of customers."""
        nobody = np.full(len(self.rows), -1, dtype=np.int64)
        judged = judge(self._popular_lists(self.bought, nobody), self.bought)
        return judged, judged

    def _popular_lists(self, bought: Matrix, anchors: Ints) -> Ints:
        best = best_of(self.then.popular.scores, PLACES + 1)
        lists = np.full((bought.shape[0], PLACES + 1), -1, dtype=np.int64)
        lists[:, : len(best)] = best
        # Nobody is named what they ask about: the next one takes its place.
        rows = np.repeat(np.arange(len(lists)), PLACES + 1).reshape(lists.shape)
        kept = (lists != anchors[:, None]) & (lists >= 0)
        return as_lists(rows[kept], lists[kept], len(lists), PLACES + 1)[:, :PLACES]

    def _instead(self) -> tuple[Ints, Matrix]:
        liking = self.then.histories.liking[self.rows]
        groups = self.known.catalogue.groups
        owners = np.repeat(np.arange(liking.shape[0]), np.diff(liking.indptr))
        drawn = _drawn(len(owners), self.options.seed)
        owners, anchors = owners[drawn], liking.indices[drawn].astype(np.int64)
        fresh = without(self.bought, liking)[owners]
        asked = np.repeat(np.arange(len(anchors)), np.diff(fresh.indptr))
        others = fresh.indices.astype(np.int64)
        same = groups[others] == groups[anchors[asked]]
        return anchors, csr(asked[same], others[same], np.ones(np.count_nonzero(same)), fresh.shape)


_JUDGES: Final[Mapping[ListKind, Callable[[Trial], tuple[Judged, Judged]]]] = {
    ListKind.PERSONAL: Trial.personal,
    ListKind.COMPLEMENTARY: Trial.complementary,
    ListKind.ALTERNATIVES: Trial.alternatives,
    ListKind.POPULAR: Trial.popular,
}


def _asked(known: Known, then: Snapshot, start: int, end: int, options: Options) -> tuple[Ints, Matrix]:
    customers, bought = next_baskets(known, start, end)
    rows = np.array([then.histories.rows.get(int(customer), -1) for customer in customers], dtype=np.int64)
    some = np.flatnonzero(rows >= 0)
    chosen = some[_drawn(len(some), options.seed)]
    return rows[chosen], bought[chosen]


def _drawn(count: int, seed: int, most: int = MOST_JUDGED) -> Ints:
    """Which of so many are looked at: all, or some that the seed decides."""
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, most, replace=False))


def _anchors_of(orders: Matrix, seed: int) -> tuple[Ints, Matrix]:
    """Of each order every product once as what is asked about, and the others of the order."""
    owners = np.repeat(np.arange(orders.shape[0]), np.diff(orders.indptr))
    drawn = _drawn(len(owners), seed)
    anchors = orders.indices[drawn].astype(np.int64)
    itself = csr(np.arange(len(anchors)), anchors, np.ones(len(anchors)), (len(anchors), orders.shape[1]))
    return anchors, without(orders[owners[drawn]], itself)


def _rows_of(wanted: Ints, sorted_anchors: Ints) -> tuple[Ints, Ints]:
    """Where the rows of each wanted anchor begin and end."""
    return np.searchsorted(sorted_anchors, wanted), np.searchsorted(sorted_anchors, wanted + 1)


def _lists_at(rows: tuple[Ints, Ints], anchors: Ints, others: Ints, count: int) -> Ints:
    starts, ends = rows
    lengths = np.minimum(ends - starts, PLACES)
    owners = np.repeat(np.arange(count), lengths)
    return as_lists(owners, others[np.repeat(starts, lengths) + places(owners)], count, PLACES)


def _mean(values: Floats) -> float:
    return float(np.mean(values)) if len(values) else 0.0
