"""Finds products by the words customers use: typos, plurals and Dutch compounds included. Pure.

Every word of the question looks for words of the catalogue that resemble it; rare words count for more
than common ones. Nothing here knows which language is written: names of all languages are searched,
those of the customer's own count a little more.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from balie.catalogue.words import normalise_words, telling_words, whole_words

LEAST_SCORE: Final = 0.33
"""Below it a find is a coincidence."""

_FUZZY_CUTOFF = 78
_SHORTEST_FUZZY = 4
_LONGEST_ENDING = 3  # plurals and inflection: fiets|en, tent|en, jacket|s, groen|e
_HEADS_NO_LONGER: Final = frozenset({"tas", "jas", "pet", "mat", "bel", "zak", "net", "bag", "pad"})
"""As long as an ending, and the head of a compound: a stuur|tas is no kind of stuur."""
_OTHER_LANGUAGE = 0.9
_CATEGORY_WEIGHT = 0.85
_DESCRIPTION_WEIGHT = 0.5
_UNKNOWN_WORD_WEIGHT = 0.5
_NAME_SHARE = 0.15
_NEVER_A_HEAD: Final = frozenset({"red", "men"})
"""Ends of words that are no compounds: what was ordered is not red, and what is "aangekomen" not for men."""


@dataclass(frozen=True, slots=True)
class SearchableProduct:
    """What a product can be found by; texts per language, the words of a category begin with its name."""

    sku: str
    brand: str
    names: Mapping[str, str]
    category_words: Mapping[str, Sequence[str]]
    descriptions: Mapping[str, str]
    category: str = ""


@dataclass(frozen=True, slots=True)
class ProductMatch:
    """A product that was found. ``score`` in [0, 1]: 1 when it is what every word of the question says."""

    sku: str
    score: float


@dataclass(frozen=True, slots=True)
class _Posting:
    """A product in which a word stands; ``language`` is None for brands, which have none."""

    product: int
    weight: float
    language: str | None


class ProductIndex:
    """The words of a catalogue, ready to be searched. Built once per change of the catalogue.

    Args:
        products: What can be found.
        by_beginning: Whether a word finds what only begins with it, as "regen" does a regenjas. Where little
            else than products is talked about that helps; else money "back" would be a backpack.
    """

    def __init__(self, products: Sequence[SearchableProduct], *, by_beginning: bool = True) -> None:
        self._by_beginning = by_beginning
        self._skus = [product.sku for product in products]
        self._by_sku = {sku.casefold(): position for position, sku in enumerate(self._skus)}
        self._names = [
            {language: frozenset(whole_words(name)) for language, name in product.names.items()}
            for product in products
        ]
        self._postings: dict[str, list[_Posting]] = defaultdict(list)
        for position, product in enumerate(products):
            for word, posting in _postings(position, product):
                self._postings[word].append(posting)
        self._words = list(self._postings)

    def knows(self, word: str) -> bool:
        """Whether a word stands in the catalogue as it is."""
        return word in self._postings

    def search(self, text: str, language: str, limit: int) -> list[ProductMatch]:
        """The products that a text names, best first; empty when none comes close.

        Args:
            text: What the customer wrote: a name, a kind of product, a whole sentence, or a product number.
            language: Names in this language count a little more than those in others.
            limit: How many at most.
        """
        named = [self._by_sku[part] for part in text.casefold().split() if part in self._by_sku]
        if named:
            return [ProductMatch(self._skus[position], 1.0) for position in named[:limit]]
        scores = self._scores(telling_words(text), language)
        best = sorted(scores.items(), key=lambda item: (-item[1], self._skus[item[0]]))
        return [ProductMatch(self._skus[position], score) for position, score in best[:limit]]

    def _scores(self, asked: Sequence[str], language: str) -> dict[int, float]:
        points: dict[int, float] = defaultdict(float)
        matched: dict[int, set[str]] = defaultdict(set)
        most_points = 0.0
        for word in dict.fromkeys(asked):
            alike = self._alike(word)
            rarity = max((self._rarity(known) for known in alike), default=_UNKNOWN_WORD_WEIGHT)
            most_points += rarity
            for position, (closeness, known) in self._closest(alike, language).items():
                points[position] += rarity * closeness
                matched[position].add(known)
        scores = {
            position: self._score(position, reached / most_points, matched[position], language)
            for position, reached in points.items()
        }
        return {position: score for position, score in scores.items() if score >= LEAST_SCORE}

    def _score(self, position: int, answered: float, matched: set[str], language: str) -> float:
        """How well the question is answered, and a little for how much of the name was said."""
        names = self._names[position]
        name = names.get(language) or next(iter(names.values()), frozenset())
        said = len(matched & name) / len(name) if name else 0.0
        return (1 - _NAME_SHARE) * answered + _NAME_SHARE * said * answered

    def _closest(self, alike: Mapping[str, float], language: str) -> dict[int, tuple[float, str]]:
        """Per product the word in it that resembles the asked one most."""
        closest: dict[int, tuple[float, str]] = {}
        for known, likeness in alike.items():
            for posting in self._postings[known]:
                own = posting.language in {None, language}
                closeness = likeness * posting.weight * (1.0 if own else _OTHER_LANGUAGE)
                if closeness > closest.get(posting.product, (0.0, ""))[0]:
                    closest[posting.product] = (closeness, known)
        return closest

    def _alike(self, word: str) -> dict[str, float]:
        """The catalogue's words that resemble a word, with their likeness in (0, 1]."""
        related = {known: _related(word, known, by_beginning=self._by_beginning) for known in self._words}
        alike = {known: likeness for known, likeness in related.items() if likeness > 0}
        if len(word) >= _SHORTEST_FUZZY and 1.0 not in alike.values():
            resembling = process.extract(
                word, self._words, scorer=fuzz.ratio, score_cutoff=_FUZZY_CUTOFF, limit=10
            )
            for known, ratio, _ in resembling:
                if known[:1] == word[:1] or ratio >= 90:
                    alike[known] = max(alike.get(known, 0.0), 0.9 * ratio / 100)
        return alike

    def _rarity(self, word: str) -> float:
        return math.log(1 + len(self._skus) / len({posting.product for posting in self._postings[word]}))


def _related(word: str, known: str, *, by_beginning: bool) -> float:
    """How much two words are one: the same, inflected, or one the head of the other's compound."""
    if word == known:
        return 1.0
    shorter, longer = sorted((word, known), key=len)
    if len(shorter) < 3:
        return 0.0
    if longer.startswith(shorter) and _is_ending(longer.removeprefix(shorter)):
        return 0.95
    if longer.endswith(shorter) and shorter not in _NEVER_A_HEAD:
        # "regenjas" is a jas; whoever asks for a jas may mean a regenjas.
        return 0.8 if shorter == word else 0.6
    begins = by_beginning and shorter == word and len(word) >= _SHORTEST_FUZZY and known.startswith(word)
    return 0.7 if begins else 0.0


def _is_ending(rest: str) -> bool:
    return len(rest) <= _LONGEST_ENDING and rest not in _HEADS_NO_LONGER


def _postings(position: int, product: SearchableProduct) -> Iterable[tuple[str, _Posting]]:
    for word in normalise_words(product.brand):
        yield word, _Posting(position, 1.0, None)
    weighted = (
        (1.0, {language: [name] for language, name in product.names.items()}),
        (_CATEGORY_WEIGHT, product.category_words),
        (_DESCRIPTION_WEIGHT, {language: [said] for language, said in product.descriptions.items()}),
    )
    for weight, texts in weighted:
        for language, some in texts.items():
            for word in {word for text in some for word in telling_words(text)}:
                yield word, _Posting(position, weight, language)
