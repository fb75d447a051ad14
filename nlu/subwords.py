"""Sub-word features: hashed character n-grams within words, words and word pairs, weighted by rarity.

Character n-grams see through typos, endings and compounds in every language; Chinese needs no
splitting. Hashing keeps no vocabulary, so nothing a customer wrote is kept in the model.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np
from scipy import sparse

from nlu.text import split_words, with_one_order_number

BUCKETS = 1 << 18
SHORTEST, LONGEST = 2, 5
SEEN_AT_LEAST = 2
NUMBER = "0"


class SubwordVectorizer:
    """Turns texts into sparse rows; the two halves (characters, words) have length 1 each.

    Args:
        columns: For each hash bucket its column, or -1 for one that was hardly seen in training.
        weights: For each column how telling it is (inverse document frequency).
    """

    def __init__(self, columns: np.ndarray, weights: np.ndarray) -> None:
        self._columns = columns
        self._weights = weights
        self.width = len(weights)

    @classmethod
    def learn(cls, texts: Sequence[str]) -> SubwordVectorizer:
        """Choose the columns and weigh them."""
        seen = Counter(bucket for text in texts for bucket in {**_characters(text), **_words(text)})
        kept = sorted(bucket for bucket, count in seen.items() if count >= SEEN_AT_LEAST)
        columns = np.full(BUCKETS, -1, dtype=np.int32)
        columns[kept] = np.arange(len(kept), dtype=np.int32)
        counts = np.array([seen[bucket] for bucket in kept], dtype=np.float32)
        return cls(columns, np.log((1 + len(texts)) / (1 + counts)) + 1)

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """What to store; the constructor takes the same."""
        return {"columns": self._columns, "weights": self._weights}

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """One row for each text."""
        indices: list[np.ndarray] = []
        values: list[np.ndarray] = []
        for text in texts:
            halves = [self._half(_characters(text)), self._half(_words(text))]
            indices.append(np.concatenate([half[0] for half in halves]))
            values.append(np.concatenate([half[1] for half in halves]))
        ends = np.cumsum([0, *map(len, indices)])
        return sparse.csr_matrix(
            (np.concatenate(values), np.concatenate(indices), ends),
            shape=(len(texts), self.width),
            dtype=np.float32,
        )

    def _half(self, counts: dict[int, float]) -> tuple[np.ndarray, np.ndarray]:
        columns = self._columns[list(counts)]
        known = columns >= 0
        columns = columns[known]
        values = (
            np.fromiter(counts.values(), dtype=np.float32, count=len(counts))[known] * self._weights[columns]
        )
        length = math.sqrt(float(values @ values))
        return columns, values / length if length else values


def _characters(text: str) -> dict[int, float]:
    return _weigh(
        crc32(gram.encode())
        for word in _plain_words(text)
        for size in range(SHORTEST, LONGEST + 1)
        for gram in _grams(f" {word} ", size)
    )


def _grams(bordered: str, size: int) -> Iterator[str]:
    for start in range(max(1, len(bordered) - size + 1)):
        yield bordered[start : start + size]


def _words(text: str) -> dict[int, float]:
    words = list(_plain_words(text))
    pairs = [f"{left}_{right}" for left, right in zip(["", *words], [*words, ""], strict=True)]
    return _weigh(crc32(f"={each}".encode()) for each in [*words, *pairs])


def _plain_words(text: str) -> Iterator[str]:
    for word in split_words(with_one_order_number(text)):
        # Which number it is says nothing about what is wanted.
        yield NUMBER if word.isdigit() else word


def _weigh(hashes: Iterator[int]) -> dict[int, float]:
    """Hash buckets with 1 + log of how often each occurs."""
    return {
        bucket: 1 + math.log(count) for bucket, count in Counter(each % BUCKETS for each in hashes).items()
    }
