"""What is known of what somebody wants to be recommended, and what a message says of it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

from actions.for_whom import hear_for_whom
from actions.typed_answers import AnswerReader
from balie.catalogue.goods_finder import MeantGoods, SaidGoods
from balie.catalogue.goods_words import Audience
from balie.catalogue.views import CategoryView
from balie.catalogue.words import SILENT_WORDS, normalise_words
from balie.recommendations.asked import Wish

PENDING_ADVICE: Final = "pending_advice"
"""That something is asked first: the rules begin the form."""
ADVICE: Final = "advice"
"""The form's slot: filled once enough is known."""
ADVICE_WISH: Final = "advice_wish"
ADVICE_SLOTS: Final = (PENDING_ADVICE, ADVICE, ADVICE_WISH)
USE, BUDGET = "use", "budget"
ANY: Final = "any"
NOTHING_SAID: Final = SaidGoods()
MOST_QUESTIONS: Final = 2
_SHORTEST_WORD: Final = 3
_LONGEST_ENDING: Final = 2
"""Letters of a plural."""
_DEAREST: Final = 100_000
"""Whole euros: nobody means more, and nothing costs as much."""
_AMOUNT: Final = r"(\d{1,6})(?:[.,](\d{2}))?"
_BUDGET: Final = re.compile(
    rf"(?:onder|tot|max(?:imaal)?|hooguit|hoogstens|minder dan|niet meer dan|rond|budget|under|below|up to|"
    rf"at most|less than|no more than|around|within)[^\d€£]{{0,14}}[€£]?\s*{_AMOUNT}"
    rf"(?![\d\s]*(?:liter|l|km|kg|cm|personen|people|graden|degrees)\b)"
    rf"|[€£]\s*{_AMOUNT}|{_AMOUNT}\s*(?:euro|eur|pounds?|quid)\b",
    re.IGNORECASE,
)
_BARE: Final = re.compile(rf"(?<![\w.,]){_AMOUNT}(?![\w.,]*\d)")


@dataclass(frozen=True, slots=True)
class AdviceWish:
    """What somebody wants to see, as a slot or a button keeps it.

    Attributes:
        categories: Codes; empty for any.
        budget: In minor units; None for any.
        is_gift: Whether it is for somebody else.
        words: Phrases that name kinds of goods; what they mean is looked up when the list is asked for.
        audience: For whom they are (:class:`Audience`); None for anybody.
        asked: The questions that were asked, in order.
        answered: Those that were answered, by words or by a button.
    """

    categories: tuple[str, ...] = ()
    budget: int | None = None
    is_gift: bool = False
    words: tuple[str, ...] = ()
    audience: str | None = None
    asked: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()

    @classmethod
    def from_slot(cls, slot: str | None) -> Self:
        """Read what :attr:`as_slot` made; anything else is no wish at all."""
        try:
            kept: dict[str, Any] = json.loads(slot or "{}")
            return cls(
                categories=tuple(map(str, kept.get("categories", ()))),
                budget=None if kept.get("budget") is None else int(kept["budget"]),
                is_gift=bool(kept.get("is_gift", False)),
                words=tuple(map(str, kept.get("words", ()))),
                audience=None if kept.get("audience") is None else Audience(kept["audience"]).value,
                asked=tuple(map(str, kept.get("asked", ()))),
                answered=tuple(map(str, kept.get("answered", ()))),
            )
        except (ValueError, TypeError, AttributeError):
            return cls()

    @property
    def as_slot(self) -> str:
        """As JSON; only what is known."""
        return json.dumps({name: known for name, known in asdict(self).items() if known})

    @property
    def says_something(self) -> bool:
        """Whether it narrows the choice down; for whom it is does not, by itself."""
        return bool(self.categories or self.words) or self.budget is not None

    @property
    def names_goods(self) -> bool:
        """Whether it takes a look at the catalogue to tell which goods are meant."""
        return bool(self.words or self.categories) or self.audience is not None

    @property
    def next_question(self) -> str | None:
        """What to ask next; None when it is enough, or when enough was asked."""
        open_ones = [question for question in (USE, BUDGET) if question not in self.answered]
        return open_ones[0] if open_ones and len(self.asked) < MOST_QUESTIONS else None

    def having_asked(self, question: str) -> AdviceWish:
        """The same after a question; one that is asked again counts again."""
        return replace(self, asked=(*self.asked, question))

    def having_answered(self, question: str, **known: Any) -> AdviceWish:
        """The same with an answer."""
        answered = self.answered if question in self.answered else (*self.answered, question)
        return replace(self, answered=answered, **known)

    def as_wish(self, n: int, exclude: Iterable[str] = (), goods: MeantGoods | None = None) -> Wish:
        """As recommendations want it; ``goods`` are those that are meant, where that was looked up."""
        return Wish(
            n=n,
            categories=frozenset(self.categories) if goods is None else goods.categories,
            among=None if goods is None else goods.among,
            budget_minor=self.budget,
            exclude=frozenset(exclude),
            for_somebody_else=self.is_gift,
        )


def hear_wish(
    text: str,
    wish: AdviceWish,
    reader: AnswerReader,
    kinds: Kinds,
    *,
    asked: str | None = None,
) -> AdviceWish:
    """The wish with everything that a text says of it.

    Args:
        text: What was typed.
        wish: What was known before.
        reader: Of the words that customers use.
        kinds: What the shop sells, for which use, and what of it the text names.
        asked: The question that it may answer; a bare number answers the one for a budget.
    """
    for_whom = hear_for_whom(text, reader)
    wish = replace(
        wish,
        is_gift=wish.is_gift or for_whom.is_gift,
        audience=kinds.said.audience or for_whom.audience or wish.audience,
    )
    uses = reader.find_likeliest(USE, text)
    words, categories = kinds.choose(text, kinds.of_uses(uses))
    if categories:
        wish = wish.having_answered(USE, categories=categories, words=words)
    elif ANY in uses and asked == USE:
        wish = wish.having_answered(USE)
    budget = find_budget(text, is_asked=asked == BUDGET)
    if budget is not None:
        wish = wish.having_answered(BUDGET, budget=budget)
    elif asked == BUDGET and ANY in uses:
        wish = wish.having_answered(BUDGET)
    return wish


def find_budget(text: str, *, is_asked: bool = False) -> int | None:
    """What something may cost, in minor units; None when nothing is said of it.

    >>> find_budget("een goede tent tot 150 euro"), find_budget("under £49.50 please")
    (15000, 4950)
    >>> find_budget("een rugzak van 40 liter") is None, find_budget("80", is_asked=True)
    (True, 8000)
    """
    found = _BUDGET.search(text) or (_BARE.search(text) if is_asked else None)
    if found is None:
        return None
    whole, cents = next(
        (whole, cents)
        for whole, cents in zip(found.groups()[::2], found.groups()[1::2], strict=True)
        if whole is not None
    )
    return int(whole) * 100 + int(cents or 0) if 0 < int(whole) <= _DEAREST else None


@dataclass(frozen=True)
class Kinds:
    """The kinds of goods that a shop sells, and for which use each is.

    Attributes:
        categories: Those of which something is sold.
        uses: Codes of categories, by use (``recommendations.uses`` in the shop's facts).
        said: The kinds of goods that a text names, and for whom they are.
    """

    categories: Sequence[CategoryView]
    uses: Mapping[str, Sequence[str]]
    said: SaidGoods = NOTHING_SAID

    def of_use(self, use: str) -> tuple[str, ...]:
        """The categories for a use; only those of which something is sold."""
        sold = {category.code for category in self.categories}
        return tuple(code for code in self.uses.get(use, ()) if code in sold)

    def of_uses(self, uses: Iterable[str]) -> tuple[str, ...]:
        """The categories for some uses together."""
        return tuple(dict.fromkeys(code for use in sorted(uses) for code in self.of_use(use)))

    def choose(self, text: str, for_use: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The words that name goods, and the categories that are meant.

        What something is comes before what it is for: a bag for hiking is a bag, of those for hiking.

        Args:
            text: What was typed.
            for_use: The categories for the use that it names.
        """
        if self.said.words and not (self.said.is_purpose and for_use):
            return self.said.words, self.said.categories
        named = self.find_named(self.said.thing) or (() if for_use else self.find_named(text))
        return (), tuple(code for code in named if code in for_use) or named or tuple(for_use)

    def find_named(self, text: str) -> tuple[str, ...]:
        """The categories that a text names by their own words; the most telling word decides.

        A word that is said of many kinds ("kamperen") names a use rather than a kind, and so do their
        categories together.
        """
        said = [word for word in normalise_words(text) if word not in SILENT_WORDS]
        found = {
            category.code: max((len(word) for word in _words_of(category) if _is_said(word, said)), default=0)
            for category in self.categories
        }
        longest = max(found.values(), default=0)
        return tuple(code for code, length in found.items() if length == longest and longest > 0)


def _words_of(category: CategoryView) -> set[str]:
    """What a category is called, whole names and the words for it."""
    names = {" ".join(normalise_words(name)) for name in category.names.values()}
    words = {word for spoken in category.words.values() for each in spoken for word in normalise_words(each)}
    return {word for word in names | words if len(word) >= _SHORTEST_WORD}


def _is_said(word: str, said: Sequence[str]) -> bool:
    """Whether a word, or a plural of it, stands in what was said; a name of several words as a whole."""
    if " " in word:
        return f" {word} " in f" {' '.join(said)} "
    return any(
        one == word or (one.startswith(word) and len(one) - len(word) <= _LONGEST_ENDING) for one in said
    )
