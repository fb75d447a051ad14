"""Which sorts of product are bought together, and how far a product leans on what its sort says.

Single products are bought too seldom to be sure of them (``rules.py``). How often products of a sort were
bought with one product is therefore drawn towards what is so for all products of its own sort: the
gamma-Poisson shrinkage of DuMouchel (Bayesian Data Mining in Large Frequency Tables, The American
Statistician 53(3), 1999). With t seen and e expected it is ``(t + k) / (e + k)`` times what the sort says.

How strong (``k``) is found in the counts, not chosen: by the moments of the negative binomial distribution,
``1/k = sum((t - e)^2 - e) / sum(e^2)`` (Anscombe, The Statistical Analysis of Insect Counts, Biometrics 5,
1949). Where the products of a sort differ no more than by chance, each of them is taken for all of them;
where they do differ, those of which much is known follow their own counts. A product that nobody has
bought yet gets what goes with its sort.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from balie.jobs.recommending.arrays import Bools, Floats, Ints, Matrix, csr, look_up, places
from balie.jobs.recommending.counts import LEAST_TOGETHER, Counts, PairCounts
from balie.jobs.recommending.measures import measure_pairs

ADDED: Final = 0.5
"""How much it counts that a sort is in more of the orders than it is by chance, against how many they are."""

LEAST_ADDED: Final = 1e-3
"""What two sorts that are not surely bought together count at least, for products that surely are."""

FILLED_IN: Final = 3
"""Of each sort that goes with a product's own, the products that are bought most are proposed in any case."""


@dataclass(frozen=True, slots=True)
class SortMeasures:
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
class Sorts:
    """The sorts of all products, and how often they are bought together.

    Attributes:
        numbers: The sort of each product.
        singles: Orders with each product.
        counts: Of sorts; ``both`` the same as a matrix, ``repeated`` orders with several products of a sort.
        beside: Products by sorts: how often products of a sort were bought with a product.
        rates: Sorts by sorts: the same, of an order with any product of the sort.
    """

    numbers: Ints
    singles: Ints
    counts: PairCounts
    both: Matrix
    repeated: Ints
    beside: Matrix
    rates: Matrix

    @classmethod
    def learn(cls, counts: Counts, numbers: Ints) -> Sorts:
        """Add up what was counted; ``numbers`` are the sorts of the products."""
        width, sorts = len(numbers), len(counts.sorts.singles)
        members = csr(np.arange(width), numbers, np.ones(width), (width, sorts))
        beside = _in_order(counts.products.as_matrix() @ members)
        totals = _in_order(members.T @ beside).tocoo()
        orders = np.bincount(numbers, weights=counts.products.singles, minlength=sorts)
        rates = totals.data / np.maximum(orders, 1.0)[totals.row]
        return cls(
            numbers=numbers,
            singles=counts.products.singles,
            counts=counts.sorts,
            both=counts.sorts.as_matrix(),
            repeated=counts.repeated,
            beside=beside,
            rates=csr(totals.row, totals.col, rates, (sorts, sorts)),
        )

    def measure(self, first: Ints, second: Ints) -> SortMeasures:
        """Measure pairs of sorts."""
        counts, same = self.counts, first == second
        together = look_up(self.both, first, second).astype(np.int64)
        together = np.where(same, self.repeated[first], together)
        some = np.maximum(together, 1)
        singles = np.maximum(counts.singles, 1)
        found = measure_pairs(some, singles[first], singles[second], counts.orders)
        sure = (together >= LEAST_TOGETHER) & ~same & (found.low > 1.0)
        added = 1.0 - 1.0 / np.maximum(found.lift, 1.0 + LEAST_ADDED)
        return SortMeasures(found.confidence * added**ADDED, found.lift, sure)

    def sure_pairs(self, most: int) -> tuple[Ints, Ints]:
        """Sorts that are surely bought together, from both sides, the best ``most`` of each, best first."""
        first = np.concatenate([self.counts.a, self.counts.b])
        second = np.concatenate([self.counts.b, self.counts.a])
        found = self.measure(first, second)
        first, second, worth = first[found.sure], second[found.sure], found.worth[found.sure]
        order = np.lexsort((second, -worth, first))
        order = order[places(first[order]) < most]
        return first[order], second[order]

    def strength(self) -> float:
        """What the sorts say, in the number of times that it is worth (k); infinite where they say it all."""
        first, second = self.sure_pairs(len(self.counts.singles))
        sizes = np.bincount(self.numbers, minlength=len(self.counts.singles))
        several = sizes[first] > 1
        first, second = first[several], second[several]
        beyond, squares = self._moments(first, second)
        return float(squares / beyond) if beyond > 0 else math.inf

    def drawn(self, products: Ints, sorts: Ints, strength: float) -> Floats:
        """How much oftener than its sort a product is bought with other sorts, drawn towards 1.

        Args:
            products: Numbers of products, ``sorts`` of what is beside each.
            sorts: Likewise.
            strength: As :meth:`strength` found it.
        """
        if math.isinf(strength):
            return np.ones(len(products))
        first = int(products.min()) if len(products) else 0
        rows = self.beside[first : int(products.max(initial=-1)) + 1]
        seen = look_up(rows, products - first, sorts)
        expected = self.singles[products] * look_up(self.rates, self.numbers[products], sorts)
        return (seen + strength) / (expected + strength)

    def _moments(self, first: Ints, second: Ints) -> tuple[float, float]:
        """Over all products of some pairs of sorts: the variance that chance does not explain, and e^2."""
        sorts = len(self.counts.singles)
        orders = self.singles.astype(np.float64)
        members = csr(self.numbers, np.arange(len(orders)), np.ones(len(orders)), (sorts, len(orders)))
        weighed = csr(self.numbers, np.arange(len(orders)), orders, (sorts, len(orders)))
        rate = look_up(self.rates, first, second)
        seen_twice = look_up(_in_order(members @ self.beside.power(2)), first, second)
        seen_times_orders = look_up(_in_order(weighed @ self.beside), first, second)
        squares = rate**2 * (members @ orders**2)[first]
        chance = rate * (members @ orders)[first]
        beyond = seen_twice - 2.0 * rate * seen_times_orders + squares - chance
        return float(beyond.sum()), float(squares.sum())


@dataclass(frozen=True, slots=True)
class FillIn:
    """For each of ``sorts``, which are sorted, the ``products`` that are proposed beside its own."""

    sorts: Ints
    products: Ints

    @classmethod
    def learn(cls, sorts: Sorts, most: int) -> FillIn:
        """The products bought most of each of the ``most`` best sorts."""
        first, second = sorts.sure_pairs(most)
        best = np.lexsort((-sorts.singles, sorts.numbers))
        of_sort = sorts.numbers[best]
        kept = (places(of_sort) < FILLED_IN) & (sorts.singles[best] > 0)
        pair, product = joined(second, of_sort[kept])
        return cls(first[pair], best[kept][product])

    def beside(self, sorts: Ints) -> tuple[Ints, Ints]:
        """For the sorts of some products what is proposed: which of them, and the product beside it."""
        which, at = joined(sorts, self.sorts)
        return which, self.products[at]


def joined(wanted: Ints, keys: Ints) -> tuple[Ints, Ints]:
    """Every wanted value with every place of it among sorted keys: which of the wanted, and the place."""
    starts, ends = np.searchsorted(keys, wanted), np.searchsorted(keys, wanted, side="right")
    which = np.repeat(np.arange(len(wanted)), ends - starts)
    return which, np.repeat(starts, ends - starts) + places(which)


def _in_order(matrix: Matrix) -> Matrix:
    made = matrix.tocsr()
    made.sort_indices()
    return made
