"""Which goods are meant by what was said of them, for whom, and of which kind. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from balie.catalogue.goods_shelf import GoodsShelf
from balie.catalogue.goods_words import Audience, GoodsWords
from balie.catalogue.kind_index import KindIndex, NamedKind
from balie.catalogue.search import SearchableProduct
from balie.catalogue.words import in_language, normalise_words, whole_words
from balie.kernel.sampling import evenly

MOST_NAMED: Final = 5_000
"""Products that may be named one by one; of more than so many, categories say enough."""

_SOME: Final = 200
"""So many names are enough to tell what a kind is called."""

_SHORT: Final = 3
"""Letters of a word that may well mean something else."""

Allowed = frozenset[Audience | None]

_WOMEN: Final[Allowed] = frozenset({Audience.WOMEN, None})
_MEN: Final[Allowed] = frozenset({Audience.MEN, None})
_CHILDREN: Final[Allowed] = frozenset({Audience.CHILDREN})
_ANYBODY: Final[Allowed] = frozenset({None})
_EVERYTHING: Final[Allowed] = frozenset({*Audience, None})

SUITS: Final[Mapping[Audience | None, tuple[Allowed, ...]]] = {
    None: (_EVERYTHING - _CHILDREN, _EVERYTHING),
    Audience.WOMEN: (_WOMEN,),
    Audience.MEN: (_MEN,),
    Audience.CHILDREN: (_CHILDREN, _ANYBODY, _EVERYTHING),
    Audience.GIRLS: (_CHILDREN, _ANYBODY, _WOMEN),
    Audience.BOYS: (_CHILDREN, _ANYBODY, _MEN),
}
"""For whom goods may be that suit somebody, what suits them best first."""


@dataclass(frozen=True, slots=True)
class SaidGoods:
    """What a sentence says of goods.

    Attributes:
        words: Phrases that name their kinds; empty when it names none.
        audience: Whom they are for, by words such as "ladies"; None when it does not say.
        categories: Codes of the categories that those kinds are in.
        is_purpose: They are what something else is for ("iets voor op de fiets").
        thing: What is said without what it is for, in words.
        is_beside: Another kind is asked for, that is to go with these.
        is_sure: One of the kinds is named by a word that hardly means anything else.
    """

    words: tuple[str, ...] = ()
    audience: Audience | None = None
    categories: tuple[str, ...] = ()
    is_purpose: bool = False
    thing: str = ""
    is_beside: bool = False
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class MeantGoods:
    """The goods to choose from.

    Attributes:
        among: Their numbers; None for all of the categories.
        categories: Codes; empty for any.
        labels: What their kinds are called, in the language asked for; empty where that cannot be said.
        audience: Whom they are for; None where all of them are for anybody.
    """

    among: frozenset[str] | None = None
    categories: frozenset[str] = frozenset()
    labels: tuple[str, ...] = ()
    audience: Audience | None = None


class GoodsFinder:
    """Knows the goods of a catalogue by kind, audience and category; built once per change of it."""

    def __init__(self, products: Sequence[SearchableProduct], goods: GoodsWords) -> None:
        self._goods = goods
        self._shelf = GoodsShelf(products, goods)
        self._index = KindIndex(self._shelf, goods)
        self._skus = [product.sku for product in products]
        self._names = [product.names for product in products]
        self._brands = [product.brand for product in products]
        self._categories = [product.category for product in products]
        self._category_names = {product.category: _first_words(product) for product in products}

    def in_words_of_catalogue(self, text: str, is_known: Callable[[str], bool]) -> str:
        """The text with what customers call goods replaced by what the catalogue calls them.

        Args:
            text: What the customer wrote.
            is_known: Whether a word can be found as it is.
        """
        return self._index.reader.in_words_of_catalogue(text, is_known)

    def find(self, text: str, audience: Audience | None = None) -> SaidGoods:
        """What a sentence says of goods.

        Args:
            text: What the customer wrote.
            audience: Whom they are for, if that is known; what the sentence calls them comes before it.
        """
        audience = self._goods.audience_said(whole_words(text)) or audience
        # A kind that is not made for somebody is named all the same.
        suits = (*SUITS[audience], _EVERYTHING)
        kinds = next(filter(None, (self._index.find(text, allowed) for allowed in suits)), ())
        categories = {self._categories[place] for kind in kinds for place in kind.places}
        words = tuple(dict.fromkeys(kind.phrase for kind in kinds))
        return SaidGoods(
            words,
            audience,
            tuple(sorted(categories)),
            any(kind.is_purpose for kind in kinds),
            self._index.reader.thing(text),
            is_sure=not kinds or any(map(_is_sure, kinds)),
        )

    def find_anchors(self, text: str) -> SaidGoods:
        """The goods with which something is to go: "bij een tent", else those that were named at all."""
        purpose = self._index.find(text, _EVERYTHING, is_purpose=True)
        words = tuple(dict.fromkeys(kind.phrase for kind in purpose))
        if not words:
            return self.find(text)
        things = self._index.find(text, _EVERYTHING, is_purpose=False)
        is_short = len(self._index.reader.read(text)) == 1
        is_beside = any((kind.is_asked or is_short) and kind.phrase not in words for kind in things)
        return SaidGoods(words, is_purpose=True, is_beside=is_beside)

    def find_skus(self, words: Sequence[str], audience: Audience | None = None) -> frozenset[str]:
        """The products of some kinds, by number; of more than :data:`MOST_NAMED` so many, evenly drawn."""
        asked = ((phrase, allowed) for allowed in SUITS[audience] for phrase in words)
        places = {place for each in asked for kind in self._index.find(*each) for place in kind.places}
        return frozenset(self._skus[place] for place in evenly(sorted(places), MOST_NAMED))

    def narrow(
        self, words: Sequence[str], audience: Audience | None, categories: Collection[str], language: str
    ) -> tuple[MeantGoods, ...]:
        """The goods that are meant, what suits best first; whoever finds nothing there may look at the next.

        A kind that there is not for somebody is passed over, then its category; for whom they are, never.

        Args:
            words: That name kinds; empty for any.
            audience: Whom they are for; None for anybody, and then what is for children comes last.
            categories: Codes of the categories that are meant; empty for any.
            language: Of the labels.
        """
        kinds = tuple(dict.fromkeys(self._kinds(words, audience, language))) if words else ()
        if kinds or (audience is None and not categories):
            return kinds or (MeantGoods(),)
        of_categories = [place for code in categories for place in self._shelf.of_category(code)]
        suiting = tuple(self._suiting(of_categories, audience, categories))
        if not suiting and audience is not None:
            suiting = tuple(self._suiting(range(len(self._skus)), audience, ()))
        return suiting or (MeantGoods(categories=frozenset(categories)),)

    def _kinds(self, words: Sequence[str], audience: Audience | None, language: str) -> Iterator[MeantGoods]:
        for allowed in SUITS[audience]:
            kinds = [kind for phrase in words for kind in self._index.find(phrase, allowed)]
            places = {place for kind in kinds for place in kind.places}
            if places:
                labels = tuple(dict.fromkeys(filter(None, (self._label(kind, language) for kind in kinds))))
                categories = {self._categories[place] for place in places}
                if len(places) <= MOST_NAMED and any(kind.is_brand for kind in kinds):
                    # Who asks for a brand brings up none of the categories of what it makes.
                    categories = set()
                yield self._meant(places, categories, labels, audience)

    def _suiting(
        self, places: Sequence[int], audience: Audience | None, categories: Collection[str]
    ) -> Iterator[MeantGoods]:
        if audience is None and len(places) > MOST_NAMED:
            return
        for allowed in SUITS[audience]:
            suiting = self._shelf.suiting(frozenset(places), allowed)
            if len(suiting) == len(places) and categories:
                yield MeantGoods(None, frozenset(categories))
            elif suiting:
                yield self._meant(suiting, categories, (), audience)

    def _meant(
        self,
        places: Collection[int],
        categories: Collection[str],
        labels: tuple[str, ...],
        audience: Audience | None,
    ) -> MeantGoods:
        are_for = {self._shelf.audiences[place] for place in places} - {None}
        if audience is not None:
            # For whom they are is never passed over: of very many, so many are choice enough.
            places = evenly(sorted(places), MOST_NAMED)
        few = len(places) <= MOST_NAMED
        return MeantGoods(
            frozenset(self._skus[place] for place in places) if few else None,
            frozenset(categories),
            labels,
            are_for.pop() if len(are_for) == 1 else None,
        )

    def _label(self, kind: NamedKind, language: str) -> str:
        """What a kind is called; empty where that cannot be said.

        That is what ends all its names alike, else what was said where all are that, else their category.
        """
        some = sorted(kind.places)[:_SOME]
        names = [self._words_of_kind(in_language(self._names[place], language)) for place in some]
        categories = {self._categories[place] for place in some}
        said = kind.phrase.split()[-1]
        label = " ".join(_common_end(names))
        if not label and all(name[-1:] and name[-1].endswith(said) for name in names):
            label = said
        if not label and len(categories) == 1:
            label = in_language(self._category_names.get(categories.pop(), {}), language)
        brands = {self._brands[place] for place in some}
        brand = brands.pop() if len(brands) == 1 else ""
        is_said = bool(brand and label) and set(normalise_words(brand)) <= set(kind.phrase.split())
        return f"{brand} {label}" if is_said and not label.startswith(brand) else label

    def _words_of_kind(self, name: str) -> list[str]:
        """The words of a name, but for those that say whom it is for."""
        return [word for word in name.split() if not any(map(self._goods.names_audience, whole_words(word)))]


def _is_sure(kind: NamedKind) -> bool:
    """Whether the word for it hardly means anything else: a short one has many uses ("zak", "bed")."""
    return not kind.is_guess and len(kind.phrase.split()[-1]) > _SHORT


def _first_words(product: SearchableProduct) -> dict[str, str]:
    """What a product's category is called, per language."""
    return {language: words[0] for language, words in product.category_words.items() if words}


def _common_end(names: Iterable[Sequence[str]]) -> list[str]:
    """The words with which all names end.

    >>> _common_end([["Torsa", "dome", "tent"], ["Halde", "dome", "tent"]])
    ['dome', 'tent']
    """
    first, *others = names
    end: list[str] = []
    for number in range(1, len(first) + 1):
        if any(len(name) < number or name[-number] != first[-number] for name in others):
            break
        end.insert(0, first[-number])
    return end
