"""How often products are bought, and bought together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from balie.jobs.recommending.arrays import Ints, Matrix, csr

LEAST_TOGETHER: Final = 3
"""Pairs seen less often are chance."""


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Counts of orders.

    Attributes:
        a: Numbers of products; ``b`` of the other one; each pair once.
        together: Orders with both.
        singles: Orders with each product, by its number.
        orders: How many there are.
    """

    a: Ints
    b: Ints
    together: Ints
    singles: Ints
    orders: int

    def as_matrix(self) -> Matrix:
        """Orders with both of two products, from both sides."""
        width = len(self.singles)
        both = csr(self.a, self.b, self.together.astype(np.float64), (width, width))
        return both + both.T


@dataclass(frozen=True, slots=True)
class Counts:
    """What orders hold.

    Attributes:
        products: Of single products.
        sorts: Of sorts of product.
        repeated: Orders with several products of a sort, by its number.
    """

    products: PairCounts
    sorts: PairCounts
    repeated: Ints
