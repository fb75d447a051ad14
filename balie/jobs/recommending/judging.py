"""How good lists are: Recall@10, NDCG@10 and coverage, against baskets that were not learned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from balie.jobs.recommending.arrays import (
    Floats,
    Ints,
    Matrix,
    as_lists,
    look_up,
    ones_like,
    top_of_rows,
    without,
)

PLACES: Final = 10
_DISCOUNTS: Final = 1.0 / np.log2(np.arange(2, PLACES + 2))


@dataclass(frozen=True, slots=True)
class Judged:
    """Of each basket that was judged, in [0, 1]; and the share of products that any list names."""

    recall: Floats
    ndcg: Floats
    coverage: float

    @property
    def baskets(self) -> int:
        """How many there were."""
        return len(self.recall)

    @property
    def spread(self) -> float:
        """Standard error of the mean NDCG."""
        return float(np.std(self.ndcg) / np.sqrt(self.baskets)) if self.baskets else 0.0


def judge(lists: Ints, bought: Matrix) -> Judged:
    """Compare lists with what was bought.

    Args:
        lists: Ten products a row, best first, -1 where there are fewer; one row per basket.
        bought: Baskets by products. Empty ones are left out: there is nothing to find in them.
    """
    sizes = np.diff(bought.indptr)
    some = np.flatnonzero(sizes > 0)
    lists, sizes = lists[some, :PLACES], sizes[some]
    rows = np.repeat(some, lists.shape[1])
    named = lists.ravel()
    hits = (look_up(ones_like(bought), rows, np.maximum(named, 0)) > 0) & (named >= 0)
    hits = hits.reshape(len(some), lists.shape[-1])
    best = np.cumsum(_DISCOUNTS)[np.minimum(sizes, PLACES) - 1] if len(sizes) else np.zeros(0)
    shown = np.unique(named[named >= 0])
    return Judged(
        recall=hits.sum(axis=1) / sizes,
        ndcg=(hits @ _DISCOUNTS[: lists.shape[1]]) / best,
        coverage=len(shown) / max(bought.shape[1], 1),
    )


def lists_of(scores: Matrix, owned: Matrix | None = None) -> Ints:
    """The first ten of each row of scores.

    Args:
        scores: Baskets by products.
        owned: What is not to be named, of the same shape; None names everything.
    """
    rows, products, _ = top_of_rows(scores if owned is None else without(scores, owned), PLACES)
    return as_lists(rows, products, scores.shape[0], PLACES)
