"""One training: judge on the last weeks, learn from everything.

Two stretches of four weeks are held back. On the first, from what was known before it, the weights of the
personal list are chosen; on the second, from what was known before that, every list is judged. Then all is
learned again from everything. A list goes live when its figures allow it (:mod:`acceptance`); otherwise the
served one stays, and the reason is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from balie.jobs.recommending.frames import DAY
from balie.jobs.recommending.lists import (
    LISTED,
    LISTED_POPULAR,
    Trial,
    learn_content,
    learn_personal,
    learn_rules,
    tune,
)
from balie.jobs.recommending.options import Options
from balie.jobs.recommending.personal import PersonalRecommender, Weights
from balie.jobs.recommending.snapshot import Known, Snapshot, take_snapshot
from balie.recommendations.acceptance import Figures
from balie.recommendations.kinds import ListKind
from balie.recommendations.views import LearnedForCustomer, LearnedPair, LearnedPopular

HELD_BACK: Final = 28 * DAY
"""Length of each stretch, in seconds."""

AGAIN: Final = 12
"""Of a personal list, products that the customer has: most shops show only what runs out of them."""

Row = LearnedPair | LearnedForCustomer | LearnedPopular
Tell = Callable[[str, int, int], None]
"""Told which step is going on, how much of it is done, and out of how much."""


@dataclass(frozen=True)
class Learned:
    """What one list came to; ``rows`` may be gone through once."""

    kind: ListKind
    figures: Figures
    rows: Iterable[Row]


def train(
    known: Known, kinds: Sequence[ListKind], options: Options, agreed: set[int] | None, tell: Tell
) -> Iterator[Learned]:
    """Learn lists, one after the other.

    Args:
        known: Everything.
        kinds: Which lists.
        options: How to train.
        agreed: Customers who want a personal list; None gives everybody one.
        tell: Told what is going on.
    """
    now = known.until + 1
    tell("judge", 0, 2)
    trial = _hold_trial(known, now, options, lambda done: tell("judge", done, 2))
    tell("learn", 0, 1)
    snapshot = take_snapshot(known, now)
    tell("learn", 1, 1)
    maker = _Maker(known, snapshot, trial.weights, options, agreed)
    for kind in kinds:
        figures = replace(trial.judge(kind), learned_from=snapshot.line_count)
        yield Learned(kind, figures, maker.rows(kind))


def _hold_trial(known: Known, now: int, options: Options, tell: Callable[[int], None]) -> Trial:
    start, middle = now - 2 * HELD_BACK, now - HELD_BACK
    weights = tune(known, take_snapshot(known, start), start, middle, options)
    tell(1)
    trial = Trial.hold(known, take_snapshot(known, middle), (middle, now), weights, options)
    tell(2)
    return trial


@dataclass(frozen=True)
class _Maker:
    """Makes the lists of one snapshot, each when it is asked for."""

    known: Known
    now: Snapshot
    weights: Weights
    options: Options
    agreed: set[int] | None

    def rows(self, kind: ListKind) -> Iterator[Row]:
        catalogue = self.known.catalogue
        if kind is ListKind.COMPLEMENTARY:
            yield from learn_rules(self.now, catalogue).rows()
        elif kind is ListKind.ALTERNATIVES:
            yield from learn_content(self.known, self.now, self.options).rows(LISTED)
        elif kind is ListKind.POPULAR:
            yield from self.now.popular.rows(LISTED_POPULAR)
        else:
            recommender = learn_personal(self.now, catalogue, self.weights, self.options)
            yield from _personal_rows(recommender, self.agreed)


def _personal_rows(recommender: PersonalRecommender, agreed: set[int] | None) -> Iterator[LearnedForCustomer]:
    customers, skus = recommender.histories.customers, recommender.catalogue.skus
    wanted = np.ones(len(customers), dtype=bool)
    if agreed is not None:
        wanted = np.isin(customers, np.array(sorted(agreed), dtype=np.int64))
    for ranked in recommender.rank_all(AGAIN, LISTED - AGAIN, wanted):
        rank, before = 0, -1
        for row, product, score, because in zip(*ranked, strict=True):
            rank = rank + 1 if row == before else 1
            before = row
            why = None if because < 0 else skus[because]
            yield LearnedForCustomer(int(customers[row]), rank, skus[product], float(score), why)
