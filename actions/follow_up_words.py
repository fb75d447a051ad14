"""Reads what a customer typed about the cards before them. Pure.

The words stand in content (``card_wish``, ``card_place`` and ``card_filler`` of ``data/shop/answers.yml``).
Every word of a sentence must be one of them, a word of a card's name, or an amount: a sentence that says
anything more is about something else, and is left to those who understand sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from actions.advice_wishes import find_budget
from balie.catalogue.words import normalise_words
from balie.content.articles import AnswerWords
from balie.conversations.cards import ProductCard

WISHES: Final = "card_wish"
PLACES: Final = "card_place"
FILLERS: Final = "card_filler"
LONGEST: Final = 16
"""Words: whoever writes more has more to say."""
_SHORTEST_NAME: Final = 3
_SHORTEST_KIND: Final = 4
_SHORTEST_FUZZY: Final = 6
_MOST_PLACES: Final = 10
_ALIKE: Final = 88
"""Of words, in percent: one slip in a word of eight letters."""


class CardWish(StrEnum):
    """What somebody wants of the cards."""

    MORE = "more"
    CHEAPER = "cheaper"
    DEARER = "dearer"
    WHY = "why"
    DISLIKED = "disliked"
    TAKE = "take"
    SHOW = "show"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What was typed about cards.

    Attributes:
        card: The one that is meant, from 0; of a single card that one; None for all of them, or for the one
            that was told of last.
        budget: What it may cost, where an amount was named; in minor units.
        language: In which its words are written; None when it could be either.
    """

    wish: CardWish
    card: int | None = None
    budget: int | None = None
    language: str | None = None


class _Phrase(NamedTuple):
    part: str
    value: str
    languages: frozenset[str]


class FollowUpWords:
    """Reads follow-ups.

    Args:
        words: Of the content.
    """

    def __init__(self, words: AnswerWords) -> None:
        self._phrases: dict[tuple[str, ...], _Phrase] = {}
        for part in (FILLERS, PLACES, WISHES):
            for value, spoken in words.details.get(part, {}).items():
                self._learn(part, value, spoken)
        self._longest = max(map(len, self._phrases), default=0)

    def _learn(self, part: str, value: str, spoken: Mapping[str, Sequence[str]]) -> None:
        for language, phrases in spoken.items():
            for words in map(_words, phrases):
                known = self._phrases.get(words)
                if known is not None and (known.part, known.value) == (part, value):
                    self._phrases[words] = known._replace(languages=known.languages | {language})
                else:
                    self._phrases[words] = _Phrase(part, value, frozenset({language}))

    def read(self, text: str, cards: Sequence[ProductCard]) -> FollowUp | None:
        """What a text wants of the cards; None when it is about something else, or not clear."""
        words = _words(text)
        looks_like_a_command = text.lstrip().startswith("/")
        if not cards or looks_like_a_command or not 0 < len(words) <= LONGEST:
            return None
        said = _Said(cards)
        for found in self._parts(words):
            if not said.hear(found):
                return None
        return said.conclude(text)

    def _parts(self, words: Sequence[str]) -> Iterator[_Phrase | str]:
        """The phrases of a text from left to right, the longest first, and the words between them."""
        place = 0
        while place < len(words):
            lengths = range(min(self._longest, len(words) - place), 0, -1)
            found = ((length, self._phrases.get(tuple(words[place : place + length]))) for length in lengths)
            length, phrase = next(((n, known) for n, known in found if known is not None), (1, None))
            yield words[place] if phrase is None else phrase
            place += length


class _Said:
    """What was heard of a sentence so far."""

    def __init__(self, cards: Sequence[ProductCard]) -> None:
        self._cards = cards
        self._names = [frozenset(_words(card.name)) for card in cards]
        self._wishes: set[CardWish] = set()
        self._languages: frozenset[str] | None = None
        self._meant = set(range(len(cards)))
        self._kinds: list[str] = []
        self._numbers: list[str] = []
        self._is_one_named = False

    def hear(self, part: _Phrase | str) -> bool:
        """Take in a phrase or a word; False when it is about something else."""
        if isinstance(part, str):
            return self._hear_word(part)
        if part.part == FILLERS:
            return True
        if part.part == WISHES:
            self._wishes.add(CardWish(part.value))
        else:
            self._mean(_placed(part.value, self._cards))
        self._languages = part.languages & (self._languages or part.languages)
        return True

    def _hear_word(self, word: str) -> bool:
        if word.isdecimal():
            self._numbers.append(word)
            return True
        named = {place for place, name in enumerate(self._names) if any(_is(word, one) for one in name)}
        if named:
            self._mean(named)
            return True
        self._kinds.append(word)
        return all(any(_is_kind(word, one) for one in name) for name in self._names)

    def _mean(self, cards: set[int]) -> None:
        self._is_one_named = True
        self._meant &= cards

    def conclude(self, text: str) -> FollowUp | None:
        """What the whole sentence wants."""
        if CardWish.WHY in self._wishes and len(self._wishes) > 1:
            return None
        wish = next((wish for wish in _IN_ORDER if wish in self._wishes), None)
        budget = self._budget(text, wish)
        if budget is None:
            for number in self._numbers:
                self._mean(_placed(number, self._cards))
        if self._is_one_named and len(self._meant) != 1:
            return None
        card = next(iter(self._meant)) if len(self._meant) == 1 else None
        if wish is None:
            wish = CardWish.SHOW if budget is None else CardWish.CHEAPER
            card = card if self._is_one_named else None
        is_about_nothing = wish is CardWish.SHOW and card is None
        is_about_another_kind = bool(self._kinds) and wish not in _OF_A_KIND
        if is_about_nothing or is_about_another_kind:
            return None
        return FollowUp(wish, card, budget, self._language())

    def _budget(self, text: str, wish: CardWish | None) -> int | None:
        if self._is_one_named or wish not in {None, CardWish.CHEAPER, CardWish.MORE}:
            return None
        is_price = wish is CardWish.CHEAPER and any(int(number) > _MOST_PLACES for number in self._numbers)
        return find_budget(text, is_asked=is_price)

    def _language(self) -> str | None:
        return next(iter(self._languages)) if self._languages and len(self._languages) == 1 else None


_IN_ORDER: Final = (
    *(CardWish.WHY, CardWish.CHEAPER, CardWish.DEARER, CardWish.DISLIKED),
    *(CardWish.MORE, CardWish.TAKE, CardWish.SHOW),
)
"""Of several that were said, the first counts: "take something cheaper" asks for cheaper ones."""
_OF_A_KIND: Final = frozenset({CardWish.MORE, CardWish.CHEAPER, CardWish.DEARER})
"""Wishes that may say again what kind of thing it is all about."""


def _words(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared; "don't" and "dont" are one."""
    return tuple(normalise_words(text.replace("'", "").replace("’", "")))


def _placed(place: str, cards: Sequence[ProductCard]) -> set[int]:
    """The cards that stand in a place; empty when there is no such place."""
    by_price = sorted(range(len(cards)), key=lambda number: cards[number].price.minor_units)
    match place:
        case "last":
            return {len(cards) - 1}
        case "cheapest":
            return {by_price[0]}
        case "dearest":
            return {by_price[-1]}
        case "middle":
            return {len(cards) // 2} if len(cards) % 2 else set()
        case _:
            return {int(place) - 1} & set(range(len(cards)))


def _is(said: str, name: str) -> bool:
    """Whether a word stands in a name, a slip allowed in longer ones."""
    if len(said) < _SHORTEST_NAME and not said[0].isdecimal():
        return False
    return said == name or (
        min(len(said), len(name)) >= _SHORTEST_FUZZY
        and said[0] == name[0]
        and fuzz.ratio(said, name) >= _ALIKE
    )


def _is_kind(said: str, name: str) -> bool:
    """Whether a word says what kind of thing a name is of: "tents" of "koepeltent"."""
    return any(
        len(kind) >= _SHORTEST_KIND and name.endswith(kind)
        for kind in (said, said.removesuffix("en"), said.removesuffix("s"))
    )
