"""Products that are alike by what they are: name, facts, kind, brand, price. Works from the first day on.

A product is a vector of blocks, each of length 1 before it is weighed: pieces of its names (three to five
characters, hashed), its facts, its sort, its category, its brand, and where its price lies among prices (in
octaves, so that 20 and 40 are as far from each other as 200 and 400). Alike is the cosine of two vectors.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

import numpy as np
from scipy import sparse

from balie.jobs.recommending.arrays import (
    Catalogue,
    Histories,
    Matrix,
    csr,
    places,
    positive,
    top_of_rows,
    without,
)
from balie.jobs.recommending.neighbours import nearest
from balie.jobs.recommending.sorts import sorts_of
from balie.recommendations.contract import Suggestion
from balie.recommendations.signal_repository import SoldProduct
from balie.recommendations.views import LearnedPair

NAME, FACTS, SORT, CATEGORY, BRAND, PRICE = 0.7, 0.4, 1.0, 1.0, 0.4, 0.7
"""How much each block says of what can take a product's place."""

_PIECES: Final = (3, 4, 5)
_BUCKETS: Final = 1 << 16
_PRICE_STEPS: Final = 4
"""Per octave."""
_PRICE_REACH: Final = 4
"""Steps to both sides that a price is felt."""
_WORD: Final = re.compile(r"\w+")


def vectors(products: Sequence[SoldProduct]) -> Matrix:
    """One row per product, in their order."""
    blocks = (
        (NAME, [list(_pieces(product.names.values())) for product in products]),
        (FACTS, [list(_facts(product)) for product in products]),
        (SORT, [[(f"sort {sort}", 1.0)] for sort in sorts_of(products)]),
        (CATEGORY, [[(f"category {product.category}", 1.0)] for product in products]),
        (BRAND, [[(f"brand {product.brand}", 1.0)] for product in products]),
        (PRICE, [list(_price(product.price_minor)) for product in products]),
    )
    made = [_unit_rows(rows) * weight for weight, rows in blocks]
    return sparse.csr_array(sparse.hstack(made))


@dataclass(frozen=True)
class ContentRecommender:
    """Names products that are like others; ``likeness`` holds each product's nearest."""

    catalogue: Catalogue
    likeness: Matrix
    histories: Histories | None = None

    @classmethod
    def learn(
        cls,
        products: Sequence[SoldProduct],
        catalogue: Catalogue,
        *,
        n: int,
        threads: int,
        histories: Histories | None = None,
    ) -> ContentRecommender:
        """Compare all products of a catalogue, which they are in the order of; ``n`` of each are kept."""
        features = sparse.csr_array(vectors(products).T)
        return cls(catalogue, nearest(features, n, threads=threads), histories)

    def recommend(self, customer: int, n: int) -> tuple[Suggestion, ...]:
        """What is like the products that a customer has, best first; none of those."""
        row = None if self.histories is None else self.histories.rows.get(customer)
        if row is None or self.histories is None:
            return ()
        liking = self.histories.liking[[row]]
        scores = without(sparse.csr_array(positive(liking) @ self.likeness), liking)
        return self._suggest(scores, n)

    def related(self, sku: str, n: int) -> tuple[Suggestion, ...]:
        """What is like a product, best first."""
        number = self.catalogue.numbers.get(sku)
        return () if number is None else self._suggest(self.likeness[[number]], n)

    def rows(self, n: int) -> Iterator[LearnedPair]:
        """The nearest of each product, as they are stored."""
        anchors, others, scores = top_of_rows(self.likeness, n)
        skus = self.catalogue.skus
        for anchor, other, score, place in zip(anchors, others, scores, places(anchors), strict=True):
            yield LearnedPair(skus[anchor], int(place) + 1, skus[other], float(score))

    def _suggest(self, scores: Matrix, n: int) -> tuple[Suggestion, ...]:
        _, numbers, found = top_of_rows(scores, n)
        return tuple(
            Suggestion(self.catalogue.skus[number], float(score))
            for number, score in zip(numbers, found, strict=True)
        )


def _unit_rows(rows: Sequence[list[tuple[str, float]]]) -> Matrix:
    owners = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    columns = np.array([crc32(name.encode()) % _BUCKETS for row in rows for name, _ in row], dtype=np.int64)
    values = np.array([value for row in rows for _, value in row], dtype=np.float64)
    made = csr(owners, columns, values, (len(rows), _BUCKETS))
    lengths = np.sqrt(np.asarray(made.multiply(made).sum(axis=1)).ravel())
    return sparse.diags_array(1.0 / np.where(lengths > 0, lengths, 1.0), format="csr") @ made


def _pieces(texts: Iterable[str]) -> Iterator[tuple[str, float]]:
    for text in texts:
        for word in _WORD.findall(text.casefold()):
            framed = f"<{word}>"
            for size in _PIECES:
                for start in range(max(len(framed) - size + 1, 1)):
                    yield framed[start : start + size], 1.0


def _facts(product: SoldProduct) -> Iterator[tuple[str, float]]:
    for language, facts in product.facts.items():
        for name, said in facts.items():
            yield f"{language} {name}", 1.0
            yield f"{language} {name}: {said}", 1.0


def _price(minor: int | None) -> Iterator[tuple[str, float]]:
    if minor is None or minor <= 0:
        return
    at = math.log2(minor) * _PRICE_STEPS
    for step in range(math.floor(at) - _PRICE_REACH, math.ceil(at) + _PRICE_REACH + 1):
        nearness = 1.0 - abs(at - step) / (_PRICE_REACH + 1)
        if nearness > 0:
            yield f"price {step}", nearness
