"""Chooses the weights of the personal list on baskets that the model does not know."""

from __future__ import annotations

from typing import Any, Final

from balie.jobs.recommending.arrays import Matrix, without
from balie.jobs.recommending.judging import judge, lists_of
from balie.jobs.recommending.personal import Parts, Weights

GRID: Final = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5)
ROUNDS: Final = 2


def choose_weights(parts: Parts, liking: Matrix, bought: Matrix) -> tuple[Weights, float]:
    """The best weights of a grid, one after the other, twice at most; and what they reach.

    What is sought is found again *and* what is found new: NDCG@10 on whole baskets, plus NDCG@10 on what
    the customer did not have, with lists that do not name what they have.

    Args:
        parts: The four scores of some histories.
        liking: Those histories.
        bought: What was bought next; the same rows.
    """
    fresh, of_fresh = without(bought, liking), parts.without(liking)

    def worth(weights: Weights) -> float:
        whole = judge(lists_of(parts.blended(weights)), bought)
        found_new = judge(lists_of(of_fresh.blended(weights)), fresh)
        return _mean(whole.ndcg) + _mean(found_new.ndcg)

    best = Weights()
    reached = worth(best)
    for _ in range(ROUNDS):
        before = best
        for name in Weights._fields:
            for value in GRID:
                tried = best._replace(**{name: value})
                if tried != best and (found := worth(tried)) > reached:
                    best, reached = tried, found
        if best == before:
            break
    return best, reached


def _mean(values: Any) -> float:
    return float(values.mean()) if len(values) else 0.0
