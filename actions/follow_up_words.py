"""Reads what a customer typed about the cards before them. Pure.

The words stand in content (``card_wish``, ``card_tone``, ``card_place`` and ``card_filler`` of
``data/shop/answers.yml``).
Every word of a sentence must be one of them, a word of a card's name, or an amount: a sentence that says
anything more is about something else, and is left to those who understand sentences.

Into the basket goes only what is plainly wished or ordered. A question about buying shows the product, whose
facts have a button to the basket, or is left alone: a wrong basket is worse than a question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from actions.advice_wishes import find_budget
from actions.typed_answers import AnswerReader
from balie.catalogue.words import normalise_words
from balie.content.articles import AnswerWords
from balie.conversations.cards import ProductCard

WISHES: Final = "card_wish"
TONES: Final = "card_tone"
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


class Tone(StrEnum):
    """What else words say, which may turn a wish into another one, or into none."""

    COMPLAINS = "complains"
    """Of the price: cheaper ones may be welcome, and nobody asked for them."""
    PRICED = "priced"
    """As a complaint, but "is it cheap?" asks."""
    PRAISES = "praises"
    ASKS_FOR = "asks_for"
    """Of the one that is named or meant with a word: "can I have it?", but not "can I order?"."""
    MEANS_IT = "means_it"
    BUYS = "buys"
    WONDERS = "wonders"
    STATES = "states"
    REFUSES = "refuses"
    ENOUGH = "enough"
    """No more, whatever else is said."""
    POINTS = "points"
    """Not this one; which one has to be known."""
    NUMBERS = "numbers"
    """The number behind it is a place."""
    LEAVES_OPEN = "leaves_open"
    COUNTS = "counts"
    """The number beside it is how many."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What was typed about cards.

    Attributes:
        card: The one that is meant, from 0; of a single card that one; None for all of them, or for the one
            that was told of last.
        budget: What it may cost, where an amount was named; in minor units.
        language: In which its words are written; None when it could be either.
        is_complaint: Whether it only says that the price is too high.
        is_of_one: Whether it points at one, without saying which when there is no card.
    """

    wish: CardWish
    card: int | None = None
    budget: int | None = None
    language: str | None = None
    is_complaint: bool = False
    is_of_one: bool = False


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
        self._answers = AnswerReader(words)
        for part in (FILLERS, TONES, PLACES, WISHES):
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
        said = _Said(cards, is_question=self._answers.is_question(text))
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

    def __init__(self, cards: Sequence[ProductCard], *, is_question: bool) -> None:
        self._cards = cards
        self._is_question = is_question
        self._names = [frozenset(_words(card.name)) for card in cards]
        self._wishes: set[CardWish] = set()
        self._tones: set[Tone] = set()
        self._languages: frozenset[str] | None = None
        self._meant = set(range(len(cards)))
        self._kinds: list[str] = []
        self._numbers: list[str] = []
        self._amounts = 0
        self._is_number_next = False
        self._is_asked = False
        self._is_one_named = False

    def hear(self, part: _Phrase | str) -> bool:
        """Take in a phrase or a word; False when it is about something else."""
        is_place, self._is_number_next = self._is_number_next, False
        if isinstance(part, str):
            return self._hear_word(part, is_place=is_place)
        if part.part == WISHES:
            self._wishes.add(CardWish(part.value))
            self._is_asked = True
        elif part.part == TONES:
            self._hear_tone(Tone(part.value))
        elif part.part == PLACES:
            self._mean(_placed(part.value, self._cards))
        if part.part in {WISHES, PLACES} or (part.part == TONES and part.value in _WISHED_BY):
            self._languages = part.languages & (
                part.languages if self._languages is None else self._languages
            )
        return True

    def _hear_tone(self, tone: Tone) -> None:
        self._tones.add(tone)
        self._is_number_next = tone is Tone.NUMBERS
        if tone in _WISHED_BY:
            self._wishes.add(_WISHED_BY[tone])

    def _hear_word(self, word: str, *, is_place: bool) -> bool:
        if word.isdecimal():
            self._numbers.append(word)
            self._amounts += not is_place
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
        if self._contradicts_itself():
            return None
        wish = next((wish for wish in _IN_ORDER if wish in self._wishes), None)
        budget = self._budget(text, wish)
        if budget is None and self._numbers:
            if self._is_how_many():
                return None
            for number in self._numbers:
                self._mean(_placed(number, self._cards))
        if self._is_one_named and len(self._meant) != 1:
            return None
        return self._found(self._plainly(wish), budget)

    def _found(self, wish: CardWish | None, budget: int | None) -> FollowUp | None:
        card = next(iter(self._meant)) if len(self._meant) == 1 else None
        if wish is None:
            wish = CardWish.SHOW if budget is None else CardWish.CHEAPER
            card = card if self._is_one_named else None
        is_about_nothing = wish is CardWish.SHOW and card is None
        is_about_another_kind = bool(self._kinds) and wish not in _OF_A_KIND
        if is_about_nothing or is_about_another_kind:
            return None
        return FollowUp(
            wish,
            card,
            budget,
            self._language(),
            is_complaint=wish is CardWish.CHEAPER and budget is None and not self._is_asked,
            is_of_one=Tone.POINTS in self._tones,
        )

    def _contradicts_itself(self) -> bool:
        """Whether it says two things at once, or asks about what was shown rather than for anything."""
        wishes, tones = self._wishes, self._tones
        asks_what_is = self._is_question and Tone.STATES in tones
        takes_what = Tone.LEAVES_OPEN in tones and Tone.WONDERS not in tones
        return (
            (CardWish.WHY in wishes and len(wishes) > 1)
            or (CardWish.DISLIKED in wishes and CardWish.TAKE in wishes)
            or Tone.ENOUGH in tones
            or (CardWish.DEARER in wishes and Tone.WONDERS in tones)
            or (CardWish.TAKE in wishes and (Tone.STATES in tones or takes_what))
            or (asks_what_is and bool(wishes & {CardWish.CHEAPER, CardWish.DEARER}))
        )

    def _is_how_many(self) -> bool:
        return Tone.COUNTS in self._tones or (CardWish.TAKE in self._wishes and self._amounts > 0)

    def _plainly(self, wish: CardWish | None) -> CardWish | None:
        """The wish as it may be done: what is not plainly wished for the basket is looked at, where named."""
        says_which = self._is_one_named or Tone.MEANS_IT in self._tones
        is_asked = not says_which if Tone.ASKS_FOR in self._tones else self._is_question
        is_unsure = is_asked or bool(self._tones & {Tone.BUYS, Tone.WONDERS, Tone.REFUSES})
        return None if wish is CardWish.TAKE and is_unsure else wish

    def _budget(self, text: str, wish: CardWish | None) -> int | None:
        if self._is_one_named or wish not in {None, CardWish.CHEAPER, CardWish.MORE}:
            return None
        is_price = wish is CardWish.CHEAPER and any(int(number) > _MOST_PLACES for number in self._numbers)
        return find_budget(text, is_asked=is_price)

    def _language(self) -> str | None:
        return next(iter(self._languages)) if self._languages and len(self._languages) == 1 else None


_WISHED_BY: Final[Mapping[str, CardWish]] = {
    Tone.COMPLAINS: CardWish.CHEAPER,
    Tone.PRICED: CardWish.CHEAPER,
    Tone.ASKS_FOR: CardWish.TAKE,
    Tone.BUYS: CardWish.TAKE,
    Tone.POINTS: CardWish.DISLIKED,
}
"""What a tone wishes by itself."""
_IN_ORDER: Final = (
    *(CardWish.WHY, CardWish.CHEAPER, CardWish.DEARER, CardWish.DISLIKED),
    *(CardWish.MORE, CardWish.SHOW, CardWish.TAKE),
)
"""Of several that were said, the first counts: "take something cheaper" asks for cheaper ones, and "can I
have a look" wants to look."""
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
