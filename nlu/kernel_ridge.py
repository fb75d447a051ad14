"""Least-squares classification with a kernel, and what it would have said of parts it had not seen.

Solved exactly, in seconds. Its charm here: the scores that a model trained *without* a group of
examples would give that group follow from the one solution, so that calibration and rejection can be
learned from scores on unseen writers, and on whole intents that were never seen, without training again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from scipy.linalg import cho_factor, cho_solve, lapack, solve


class KernelRidge:
    """Solves ``(K + ridge) A = Y`` for the dual weights ``A``.

    Args:
        kernel: Similarities of all examples; overwritten.
        targets: One column per class, 1 for the class of the example and -1 for the others.
        ridge: How much smoother than the data the solution is; one number per example, or one for all.
    """

    def __init__(self, kernel: np.ndarray, targets: np.ndarray, *, ridge: float | np.ndarray) -> None:
        kernel[np.diag_indices_from(kernel)] += ridge
        factor, lower = cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)
        self.dual: np.ndarray = cho_solve((factor, lower), targets, check_finite=False)
        self._targets = targets
        inverse, failed = lapack.get_lapack_funcs("potri", (factor,))(factor, lower=lower, overwrite_c=True)
        if failed:
            raise np.linalg.LinAlgError("the kernel matrix cannot be inverted")
        self._inverse = inverse

    def scores_without(self, groups: Iterable[np.ndarray]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """For each group of examples, the scores of a model that was trained on all others.

        Args:
            groups: Positions of the examples in each group.

        Yields:
            The positions and their scores, one row per example.
        """
        for group in groups:
            lower = np.tril(self._inverse[np.ix_(group, group)]) if _is_sorted(group) else None
            if lower is None:
                raise ValueError("positions in a group must be ascending")
            block = lower + np.tril(lower, -1).T
            yield (
                group,
                self._targets[group] - solve(block, self.dual[group], assume_a="pos", check_finite=False),
            )


def _is_sorted(positions: np.ndarray) -> bool:
    return bool(np.all(np.diff(positions) > 0))
