"""Numbered products and customers as sparse matrices, and the few operations on them that all lists need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Matrix: TypeAlias = Any
"""A ``scipy.sparse.csr_array``; scipy does not say its types."""

ROWS_AT_ONCE: Final = 1_000
"""Customers whose lists are made together: what bounds the memory."""


@dataclass(frozen=True)
class Catalogue:
    """The products that are sold, numbered from 0 in the order of their skus.

    Attributes:
        skus: Sorted.
        categories: The number of each product's category, in ``category_codes``.
        sorts: The number of each product's sort.
    """

    skus: tuple[str, ...]
    categories: Ints
    category_codes: tuple[str, ...]
    sorts: Ints
    numbers: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", {sku: number for number, sku in enumerate(self.skus)})

    def __len__(self) -> int:
        return len(self.skus)

    @property
    def groups(self) -> Ints:
        """Within what one product can take another's place: categories, or sorts where there is only one."""
        return self.categories if len(self.category_codes) > 1 else self.sorts


@dataclass(frozen=True)
class Histories:
    """What customers think of products: one row each, larger is better, below zero is sent back.

    Attributes:
        customers: Ids, sorted, one per row.
        liking: Customers by products.
        rows: From an id to its row.
    """

    customers: Ints
    liking: Matrix
    rows: dict[int, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", {int(customer): row for row, customer in enumerate(self.customers)})

    @classmethod
    def build(cls, customers: Ints, products: Ints, weights: Floats, catalogue: Catalogue) -> Histories:
        """Put triples into rows; a customer's product is in them once."""
        known, rows = np.unique(customers, return_inverse=True)
        return cls(known, csr(rows, products, weights, (len(known), len(catalogue))))

    def liked(self) -> Matrix:
        """Without what was sent back."""
        return positive(self.liking)


def csr(rows: Ints, columns: Ints, values: Floats, shape: tuple[int, int]) -> Matrix:
    """A sparse matrix; values of the same place are added."""
    made = sparse.csr_array((values, (rows, columns)), shape=shape, dtype=np.float64)
    made.sum_duplicates()
    made.sort_indices()
    return made


def positive(matrix: Matrix) -> Matrix:
    """The same without what is not above zero."""
    kept = matrix.copy()
    kept.data = np.where(kept.data > 0, kept.data, 0.0)
    kept.eliminate_zeros()
    return kept


def ones_like(matrix: Matrix) -> Matrix:
    """1 wherever there is something."""
    made = matrix.copy()
    made.data = np.ones_like(made.data)
    return made


def scaled_rows(matrix: Matrix) -> Matrix:
    """Each row divided by its largest value; rows without one stay empty."""
    largest = row_maxima(matrix)
    return sparse.diags_array(1.0 / np.where(largest > 0, largest, 1.0), format="csr") @ matrix


def row_maxima(matrix: Matrix) -> Floats:
    """The largest value of each row, 0 where it is empty."""
    if matrix.nnz == 0:
        return np.zeros(matrix.shape[0])
    return np.asarray(matrix.max(axis=1).todense(), dtype=np.float64).ravel()


def chunks(count: int) -> Iterator[slice]:
    """Rows in parts of a size that memory bears."""
    for start in range(0, count, ROWS_AT_ONCE):
        yield slice(start, min(start + ROWS_AT_ONCE, count))


def top_of_rows(matrix: Matrix, n: int) -> tuple[Ints, Ints, Floats]:
    """The ``n`` largest values of each row above zero, best first, among equals the lower column.

    Returns:
        Row, column and value of each, row by row.
    """
    if n <= 0 or matrix.nnz == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    above = matrix.data > 0
    rows, columns, values = rows[above], matrix.indices[above].astype(np.int64), matrix.data[above]
    order = np.lexsort((columns, -values, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    kept = places(rows) < n
    return rows[kept], columns[kept], values[kept]


def places(sorted_groups: Ints) -> Ints:
    """Of each element, how many of its group stand before it."""
    if len(sorted_groups) == 0:
        return np.zeros(0, np.int64)
    starts = np.flatnonzero(np.r_[True, sorted_groups[1:] != sorted_groups[:-1]])
    lengths = np.diff(np.r_[starts, len(sorted_groups)])
    return np.arange(len(sorted_groups)) - np.repeat(starts, lengths)


def as_lists(rows: Ints, columns: Ints, count: int, n: int) -> Ints:
    """Lists of ``n`` columns, one per row from 0 on; -1 where a list is shorter."""
    lists = np.full((count, n), -1, dtype=np.int64)
    lists[rows, places(rows)] = columns
    return lists


def look_up(matrix: Matrix, rows: Ints, columns: Ints) -> Floats:
    """The values at some places of a matrix with sorted indices."""
    width = matrix.shape[1]
    owners = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    keys = owners * width + matrix.indices
    wanted = rows * width + columns
    found = np.searchsorted(keys, wanted)
    inside = np.minimum(found, max(len(keys) - 1, 0))
    if len(keys) == 0:
        return np.zeros(len(wanted))
    return np.where(keys[inside] == wanted, matrix.data[inside], 0.0)


def without(matrix: Matrix, other: Matrix) -> Matrix:
    """A matrix without the places at which another has something."""
    kept = matrix - matrix.multiply(ones_like(other))
    return positive(sparse.csr_array(kept))


def skus_of(catalogue: Catalogue, numbers: Sequence[int] | Ints) -> list[str]:
    """The skus of numbered products."""
    return [catalogue.skus[int(number)] for number in numbers]
