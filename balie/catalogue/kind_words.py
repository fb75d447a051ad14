"""In which products the words of a catalogue's names stand, found by any of their forms. Pure."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from balie.catalogue.word_forms import SHORTEST, forms_of

_SHORTEST_BEGINNING = 4


class WordPlaces:
    """Words, and the places of the products in whose names they stand."""

    def __init__(self) -> None:
        self.products: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self._by_form: dict[str, set[str]] = defaultdict(set)

    def add(self, word: str, place: int) -> None:
        """Note that a word stands in the name of a product; products come in order of their places."""
        if word not in self.products:
            for form in forms_of(word):
                self._by_form[form].add(word)
        places = self.products[word]
        if not places or places[-1] != place:
            places.append(place)

    def alike(self, word: str) -> frozenset[str]:
        """The words that are the same as another, but for an ending."""
        return frozenset(known for form in forms_of(word) for known in self._by_form.get(form, ()))

    def find(self, words: Iterable[str], among: frozenset[int] | None = None) -> frozenset[int]:
        """The products in whose names one of the words stands; of some of them only, if those are given."""
        places = [self.products[word] for word in words]
        if among is None:
            return frozenset().union(*places)
        return frozenset().union(*(among.intersection(some) for some in places))

    def by_part(self, parts_of: Callable[[str], Iterable[str]]) -> dict[str, set[str]]:
        """The words by each of their parts."""
        words: dict[str, set[str]] = defaultdict(set)
        for word in self.products:
            for part in parts_of(word):
                words[part].add(word)
        return dict(words)


def beginnings_of(word: str) -> Iterator[str]:
    """What a compound may begin with: "wandel" of "wandelschoenen"."""
    return (word[:end] for end in range(_SHORTEST_BEGINNING, len(word) - SHORTEST + 1))
