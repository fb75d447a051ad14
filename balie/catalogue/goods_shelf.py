"""Where the goods of a catalogue stand: by what they are, by words of their names, by brand and audience.

Pure. Sets of places are what it answers with, so that a kind of many thousands costs no more than a look.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from balie.catalogue.goods_words import GOODS_ARE_FOR, Audience, GoodsWords
from balie.catalogue.kind_words import WordPlaces, beginnings_of
from balie.catalogue.search import SearchableProduct
from balie.catalogue.word_forms import SHORTEST, forms_of, heads_of
from balie.catalogue.words import normalise_words, whole_words

_LONGEST_BRAND: Final = 3
_VOWELS: Final = frozenset("aeiou")

Places = frozenset[int]
"""Products, by their places in the catalogue."""


class GoodsShelf:
    """The goods of a catalogue. Built once per change of it.

    Args:
        products: What is sold.
        goods: What customers call goods, and whom goods are for.
    """

    def __init__(self, products: Sequence[SearchableProduct], goods: GoodsWords) -> None:
        self._goods = goods
        self.audiences: list[Audience | None] = []
        self._words, self._heads, self._joined = WordPlaces(), WordPlaces(), WordPlaces()
        self._brands: dict[tuple[str, ...], array[int]] = defaultdict(lambda: array("I"))
        self._of_category: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for place, product in enumerate(products):
            self._of_category[product.category].append(place)
            self._add(place, product)
        self._made_for = {
            each: frozenset(place for place, audience in enumerate(self.audiences) if audience is each)
            for each in GOODS_ARE_FOR
        }
        self._compounds = self._heads.by_part(heads_of)
        self._beginnings = self._heads.by_part(beginnings_of)
        self._called = _categories_by_word(products)
        self._named = _categories_by_name(products)

    def _add(self, place: int, product: SearchableProduct) -> None:
        brand = tuple(normalise_words(product.brand))
        self._brands[brand].append(place)
        named = [whole_words(name) for name in product.names.values()]
        self.audiences.append(self._goods.audience_of_name([word for words in named for word in words]))
        for words in named:
            kind = [word for word in _without(words, brand) if not self._goods.names_audience(word)]
            for word in kind:
                self._words.add(word, place)
            self._add_heads(place, [word for word in kind if word.isalpha()])

    def _add_heads(self, place: int, words: Sequence[str]) -> None:
        """What a thing is by its name: the last word; before a mere "set" the word before it, too."""
        ends = [len(words)] if words else []
        if len(words) > 1 and words[-1] in self._goods.never_alone:
            ends.append(len(words) - 1)
        for end in ends:
            self._heads.add(words[end - 1], place)
            if end > 1:
                self._joined.add(words[end - 2] + words[end - 1], place)

    def is_written(self, word: str) -> bool:
        """Whether a name says what the thing is by this very word."""
        return word in self._heads.products or word in self._joined.products

    def suiting(self, places: Places, allowed: Collection[Audience | None]) -> Places:
        """Those of the products that are made for somebody of the allowed, or for anybody if None is."""
        if None not in allowed:
            return places & frozenset().union(
                *(self._made_for[each] for each in GOODS_ARE_FOR if each in allowed)
            )
        return places.difference(*(self._made_for[each] for each in GOODS_ARE_FOR if each not in allowed))

    def of_category(self, code: str) -> Sequence[int]:
        """The places of a category."""
        return self._of_category.get(code, ())

    def joined(self, word: str) -> Places:
        """What two words name that belong together: "regen jas", "rainjacket"."""
        return self._joined.find(self._joined.alike(word)) | self._heads.find(self._heads.alike(word))

    def is_guess(self, word: str) -> bool:
        """Whether nothing is called so, and at best the last part of the word tells what it is."""
        return not self.joined(word) and not self._kinds_of(word)

    def near(self, word: str) -> tuple[Places, ...]:
        """What a word says to be, then what is a kind of it; of a compound that is not sold, what that is."""
        kinds_of = self._kinds_of(word)
        same = self.joined(word)
        if same or kinds_of:
            # A category is called by what stands in it, or by what is done with that: "tents", "swimming".
            same = same.union(*self._arrays(self._named, word))
        categories = frozenset().union(*self._arrays(self._called, word))
        if categories:
            if (kinds_of or same) and not (kinds_of & categories or same & categories):
                # "A bag" is what the shop keeps with the bags, not a sleeping bag.
                return ()
            kinds_of &= categories
        return (same, kinds_of) if same or kinds_of else (self._as_compound(word),)

    def _kinds_of(self, word: str) -> Places:
        return self._heads.find(
            known for form in self._heads_said(word) for known in self._compounds.get(form, ())
        )

    def told_by(self, word: str, among: Places) -> Places:
        """Those of some products that have a word in their names, or else as the beginning of a compound."""
        return self._words.find(self._words.alike(word), among) or self._heads.find(
            (known for form in forms_of(word) for known in self._beginnings.get(form, ())), among
        )

    def of_brand(self, words: Sequence[str]) -> tuple[int, Sequence[int]]:
        """How many of the words name a brand, from the first on, and its products; none for none."""
        for length in range(min(_LONGEST_BRAND, len(words)), 0, -1):
            places = self._brands.get(tuple(words[:length]))
            if places:
                return length, places
        return 0, ()

    def _heads_said(self, word: str) -> set[str]:
        """The forms of a word that compounds may end with.

        Short ones must be words by themselves, and so must those that begin with a vowel: a "brander" is no
        "ander".
        """
        forms = forms_of(word)
        return {
            form
            for form in forms
            if (len(form) > SHORTEST and form[0] not in _VOWELS)
            or self.is_written(form)
            or form in self._called
        }

    def _as_compound(self, word: str) -> Places:
        """What a compound is a kind of, where its last part is a word by itself."""
        if self._compounds.keys() & forms_of(word):
            return frozenset()
        for head in sorted(heads_of(word), key=lambda part: (-len(part), part)):
            categories = frozenset().union(*self._arrays(self._called, head))
            known = self._heads.alike(head) | (self._compounds.get(head, set()) if categories else set())
            # A husband is no kind of band; a skijas is a jas.
            if known and len(word) - len(head) >= SHORTEST + (not categories):
                places = self._heads.find(known)
                return places & categories if categories else places
        return frozenset()

    def _arrays(self, codes: Mapping[str, Collection[str]], word: str) -> list[Sequence[int]]:
        named = {code for form in forms_of(word) for code in codes.get(form, ())}
        return [self._of_category[code] for code in named]


def _without(words: Sequence[str], brand: Sequence[str]) -> Sequence[str]:
    """A name without the brand at its beginning."""
    return words[len(brand) :] if tuple(words[: len(brand)]) == tuple(brand) else words


def _categories_by_word(products: Iterable[SearchableProduct]) -> Mapping[str, set[str]]:
    """Codes of categories by the single words for them, in any form."""
    return _codes({product.category: product.category_words for product in products})


def _categories_by_name(products: Iterable[SearchableProduct]) -> Mapping[str, set[str]]:
    """The same by the words that are their very names."""
    words = {product.category: product.category_words for product in products}
    return _codes(
        {
            code: {language: spoken[:1] for language, spoken in per_language.items()}
            for code, per_language in words.items()
        }
    )


def _codes(words: Mapping[str, Mapping[str, Sequence[str]]]) -> Mapping[str, set[str]]:
    codes: dict[str, set[str]] = defaultdict(set)
    for code, per_language in words.items():
        for text in (text for spoken in per_language.values() for text in spoken):
            for form in forms_of(" ".join(whole_words(text))):
                codes[form].add(code)
    return dict(codes)
