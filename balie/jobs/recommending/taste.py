"""Taste: factors of products and customers, by alternating least squares of ``implicit``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from implicit.als import AlternatingLeastSquares
from scipy import sparse
from threadpoolctl import threadpool_limits

from balie.jobs.recommending.arrays import Matrix, csr, scaled_rows

FACTORS: Final = 64
REGULARIZATION: Final = 10.0
ITERATIONS: Final = 15
PROPOSED: Final = 100
"""Products that are proposed to each customer."""

ROWS_AT_ONCE: Final = 250
"""Customers whose products are all compared at the same time: what bounds the memory."""

MOST_CUSTOMERS: Final = 50_000
"""That factors are learned from; of more, some are drawn. Everybody else is folded in, as newcomers are."""


@dataclass(frozen=True, slots=True)
class Taste:
    """What was learned; None of a shop without customers."""

    model: Any
    threads: int

    @classmethod
    def learn(cls, liked: Matrix, *, seed: int, threads: int) -> Taste:
        """Learn from customers by products."""
        some = np.flatnonzero(np.diff(liked.indptr) > 0)
        if len(some) == 0:
            return cls(None, threads)
        if len(some) > MOST_CUSTOMERS:
            some = np.sort(np.random.default_rng(seed).choice(some, MOST_CUSTOMERS, replace=False))
        # implicit spreads its own work over threads; those of the linear algebra below would be in the way.
        with threadpool_limits(1):
            model = AlternatingLeastSquares(
                factors=FACTORS,
                regularization=REGULARIZATION,
                alpha=1.0,
                iterations=ITERATIONS,
                num_threads=threads,
                random_state=seed,
            )
            model.fit(for_implicit(liked[some]), show_progress=False)
        return cls(model, threads)

    def scores(self, liked: Matrix) -> Matrix:
        """The best products of each history, the best of them 1; customers by products."""
        count = liked.shape[0]
        if self.model is None or count == 0:
            return sparse.csr_array(liked.shape)
        parts = [self._scores(liked[start : start + ROWS_AT_ONCE]) for start in range(0, count, ROWS_AT_ONCE)]
        return scaled_rows(sparse.csr_array(sparse.vstack(parts)))

    def _scores(self, liked: Matrix) -> Matrix:
        count, width = liked.shape
        with threadpool_limits(1):
            factors = self.model.recalculate_user(np.arange(count), for_implicit(liked))
            scores = factors @ self.model.item_factors.T
        proposed = min(PROPOSED, width)
        best = np.argpartition(scores, width - proposed, axis=1)[:, width - proposed :]
        values = np.maximum(np.take_along_axis(scores, best, axis=1), 0.0)
        rows = np.repeat(np.arange(count), proposed)
        return csr(rows, best.ravel(), values.ravel().astype(np.float64), liked.shape)


def for_implicit(matrix: Matrix) -> Matrix:
    """The same in the form that ``implicit``'s factors are learned from: short indices, single precision."""
    indices, starts = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    return sparse.csr_matrix((matrix.data.astype(np.float32), indices, starts), shape=matrix.shape)
