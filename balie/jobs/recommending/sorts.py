"""Sorts of product, read from their names: what all the bike lamps of a shop have in common is the word.

A sort is finer than a category (locks, lamps and pumps are all bike parts) and is what pairs are counted by
where single products are bought too seldom. Of each name, in each language, the word counts that most
products of the category share; a word of many categories (*women's*) and the brand say little. A product
whose words no other has is a sort of its own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from balie.jobs.recommending.arrays import Ints
from balie.recommendations.signal_repository import SoldProduct

FEWEST: Final = 3
"""Products that must share a word."""

_WORD: Final = re.compile(r"[^\W\d_][\w'’-]*")


def sorts_of(products: Sequence[SoldProduct]) -> Ints:
    """The number of each product's sort, from 0 on, in the order in which sorts come up."""
    languages = sorted({language for product in products for language in product.names})
    shared: Counter[tuple[str, str, str]] = Counter()
    categories: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for product in products:
        for language in languages:
            for word in _words(product, language):
                shared[language, product.category, word] += 1
                categories[language, word].add(product.category)

    def best(product: SoldProduct, language: str) -> str:
        ranked = (
            (shared[language, product.category, word] / len(categories[language, word]), word)
            for word in _words(product, language)
            if shared[language, product.category, word] >= FEWEST
        )
        return max(ranked, default=(0.0, ""))[1]

    numbers: dict[tuple[str, ...], int] = {}
    found = []
    for product in products:
        words = [best(product, language) for language in languages]
        name = (product.category, *words) if any(words) else (product.category, product.sku, "alone")
        found.append(numbers.setdefault(name, len(numbers)))
    return np.array(found, dtype=np.int64)


def _words(product: SoldProduct, language: str) -> list[str]:
    """The words of a name, each once, without those of the brand."""
    brand = {word.casefold() for word in _WORD.findall(product.brand)}
    words = (word.casefold() for word in _WORD.findall(product.names.get(language, "")))
    return [word for word in dict.fromkeys(words) if word not in brand]
