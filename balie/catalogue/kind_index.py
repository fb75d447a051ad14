"""Finds the goods that a sentence names by their kind: "an orange dome tent" names every dome tent. Pure.

Unlike a search it finds nothing that merely resembles: what names no kind is passed over, and every product
that is named equally well belongs to the answer. The last word of a name says what the thing is, its head;
the words before it say which one; a compound is a kind of its last part.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from balie.catalogue.goods_shelf import GoodsShelf, Places
from balie.catalogue.goods_words import Audience, GoodsWords
from balie.catalogue.said_words import SaidPart, SaidWord, SentenceReader

_FEW: Final = 3
"""So many products must have a word of what a thing is for; fewer have it as the name of a model."""


@dataclass(frozen=True, slots=True)
class NamedKind:
    """A kind that a sentence names.

    Attributes:
        phrase: The words that name it, the last one says what it is; read again they name the same.
        places: Of its products in the catalogue.
        is_purpose: It is what something else is for ("voor op de fiets").
        is_asked: It stands in a part of the sentence that asks for something.
        is_guess: It is called what is not sold, and is known by the last part of that alone ("klootzak").
        is_brand: No kind is named at all, but who makes it.
    """

    phrase: str
    places: Places
    is_purpose: bool = False
    is_asked: bool = False
    is_guess: bool = False
    is_brand: bool = False


class KindIndex:
    """The kinds of a catalogue, ready to be found.

    Args:
        shelf: Where the goods stand.
        goods: What customers call goods, and whom goods are for.
    """

    def __init__(self, shelf: GoodsShelf, goods: GoodsWords) -> None:
        self._shelf = shelf
        self._goods = goods
        self.reader = SentenceReader(goods, shelf.is_written)

    def find(
        self, text: str, allowed: Collection[Audience | None], *, is_purpose: bool | None = None
    ) -> tuple[NamedKind, ...]:
        """The kinds that a text names: those that it asks for, before those that it tells of.

        Args:
            text: What the customer wrote.
            allowed: For whom the goods may be; None is for anybody.
            is_purpose: Whether only what something is for is looked at, or only what it is; None is for both,
                what it is before what it is for.

        Returns:
            In the order in which they were said; empty when the text names none.
        """
        parts = self.reader.read(text)
        for looked_at in (False, True) if is_purpose is None else (is_purpose,):
            for part in parts:
                found = self._find_in(part.words, allowed, is_purpose=looked_at)
                if found:
                    return tuple(replace(kind, is_asked=part.asks) for kind in found)
        return self._made_by(parts, allowed) if is_purpose is None else ()

    def _find_in(
        self, said: Sequence[SaidWord], allowed: Collection[Audience | None], *, is_purpose: bool
    ) -> tuple[NamedKind, ...]:
        found: list[NamedKind] = []
        before_kind = -1
        for at in range(len(said) - 1, -1, -1):
            if not said[at].may_be_kind or said[at].is_purpose is not is_purpose:
                continue
            if at == before_kind:
                # "Bike helmet", "light tent": the word before a kind says which one.
                before_kind -= 1
                continue
            named = self._kind_at(said, at, allowed)
            if named is not None:
                found.append(named)
                before_kind = at - 1
        return tuple(reversed(found))

    def _kind_at(
        self, said: Sequence[SaidWord], at: int, allowed: Collection[Audience | None]
    ) -> NamedKind | None:
        """The kind whose head stands somewhere in a sentence; what else is said tells which of them."""
        joined = self._joined_at(said, at)
        first = at - 1 if joined else at
        levels = [
            self._shelf.suiting(level, allowed)
            for level in ((joined,) if joined else self._shelf.near(said[at].word))
        ]
        every = frozenset().union(*levels)
        telling = {
            number: places
            for number in range(len(said))
            if every and not first <= number <= at and (places := self._told(said, number, every))
        }
        if not every or (said[at].word in self._goods.never_alone and not joined and at - 1 not in telling):
            return None
        meant = _nearest(levels, _narrowed(every, telling))
        told = [
            each
            for number, places in telling.items()
            if not meant.isdisjoint(places)
            for each in range(number, number + max(1, self._brand_at(said, number)[0]))
        ]
        phrase = " ".join(said[each].word for each in (*told, *range(first, at + 1)))
        is_guess = not joined and self._shelf.is_guess(said[at].word)
        return NamedKind(phrase, meant, said[at].is_purpose, is_guess=is_guess)

    def _joined_at(self, said: Sequence[SaidWord], at: int) -> Places:
        if at == 0 or not said[at - 1].may_be_kind:
            return frozenset()
        return self._shelf.joined(said[at - 1].word + said[at].word)

    def _told(self, said: Sequence[SaidWord], at: int, among: Places) -> Places:
        """Which products of a kind a word tells from the others."""
        word = said[at]
        if not word.is_purpose:
            made = among.intersection(self._brand_at(said, at)[1])
            if made:
                return made
        told = frozenset() if word.is_silent else self._shelf.told_by(word.word, among)
        return told if not word.is_purpose or len(told) >= _FEW else frozenset()

    def _brand_at(self, said: Sequence[SaidWord], at: int) -> tuple[int, Sequence[int]]:
        return self._shelf.of_brand([word.word for word in said[at:]])

    def _made_by(
        self, parts: Sequence[SaidPart], allowed: Collection[Audience | None]
    ) -> tuple[NamedKind, ...]:
        """The goods of a brand, where nothing else is said of them."""
        for said in (part.words for part in parts):
            for at, word in enumerate(said):
                if word.word not in self._goods.made_by:
                    continue
                length, places = self._brand_at(said, at + 1)
                meant = self._shelf.suiting(frozenset(places), allowed)
                if meant:
                    phrase = " ".join(each.word for each in said[at : at + length + 1])
                    return (NamedKind(phrase, meant, is_brand=True),)
        return ()


def _narrowed(every: Places, telling: Mapping[int, Places]) -> Places:
    """What has every word; of words that nothing has together, what has either: "a dome or a tunnel tent"."""
    narrowed, others = every, frozenset[int]()
    for places in telling.values():
        if narrowed.isdisjoint(places):
            others |= places
        else:
            narrowed &= places
    return narrowed | others


def _nearest(levels: Sequence[Places], places: Places) -> Places:
    """Those of the places that are of the first level that any is of."""
    return next((places & level for level in levels if not places.isdisjoint(level)), frozenset())
