"""Which products are near each other: bought by the same customers, in the same baskets, or alike."""

from __future__ import annotations

import numpy as np
from implicit.nearest_neighbours import ItemItemRecommender
from scipy import sparse

from balie.jobs.recommending.arrays import Matrix, csr, places
from balie.jobs.recommending.counts import PairCounts


def nearest(rows_by_products: Matrix, count: int, *, threads: int) -> Matrix:
    """The nearest products of each, by the cosine of their columns.

    Args:
        rows_by_products: Customers, baskets or features by products.
        count: How many of each product are kept; never the product itself.
        threads: How many may work on it.

    Returns:
        Products by products; a row holds one product's neighbours.
    """
    width = rows_by_products.shape[1]
    if rows_by_products.nnz == 0:
        return sparse.csr_array((width, width))
    lengths = np.sqrt(np.asarray(rows_by_products.multiply(rows_by_products).sum(axis=0)).ravel())
    unit = rows_by_products @ sparse.diags_array(1.0 / np.where(lengths > 0, lengths, 1.0))
    model = ItemItemRecommender(K=count + 1, num_threads=threads)
    model.fit(_for_implicit(sparse.csr_array(unit)), show_progress=False)
    found = model.similarity.tocoo()
    others = found.row != found.col
    near = sparse.csr_array(
        (found.data[others], (found.row[others], found.col[others])), shape=(width, width)
    )
    near.sort_indices()
    return near


def nearest_of_pairs(counts: PairCounts, count: int, width: int) -> Matrix:
    """The same among baskets, of pairs that were counted already: t / sqrt(a b) is their cosine.

    Args:
        counts: Of orders.
        count: How many neighbours of each product are kept.
        width: How many products there are.
    """
    anchors, others = np.concatenate([counts.a, counts.b]), np.concatenate([counts.b, counts.a])
    lengths = np.sqrt(counts.singles[anchors].astype(np.float64) * counts.singles[others])
    cosines = np.tile(counts.together, 2) / lengths
    order = np.lexsort((others, -cosines, anchors))
    kept = order[places(anchors[order]) < count]
    return csr(anchors[kept], others[kept], cosines[kept], (width, width))


def _for_implicit(matrix: Matrix) -> Matrix:
    """The same in the one form that ``implicit`` reads: with short indices."""
    indices, starts = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    return sparse.csr_matrix((matrix.data, indices, starts), shape=matrix.shape)
