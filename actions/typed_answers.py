"""Reads what a customer typed as an answer to what a change still has to know. Pure.

Which words mean what stands in content (``data/shop/answers.yml``); products are found by name, variants by
their size and colour. What could mean two things is no answer: the buttons ask again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz

from actions.change_flows import ADD, SWAP, chosen_items
from actions.flow import Detail, Flow, Source
from actions.product_words import find_size
from actions.variant_words import find_colour_said, find_size_said
from actions.wishes import ITEMS, KIND, QUANTITY, STARS, Wish
from balie.catalogue.search import ProductIndex, SearchableProduct
from balie.catalogue.variants import is_colour
from balie.catalogue.words import normalise_words
from balie.content.articles import AnswerWords
from balie.orders.options import ItemOption, Options

LEAST_LIKENESS: Final = 88
"""Of words, in percent: one slip in a word of eight letters."""
_CLEARLY_BETTER: Final = 0.1
_OTHER: Final = "other"
_SHORTEST_FUZZY: Final = 5
_SEVERAL: Final = re.compile(r"[,;&+、，]|\b(?:en|and|et)\b|和", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(?<![\w.,-])\d{1,9}(?![\w.,]*\d)")


class AnswerReader:
    """Finds details in what was typed.

    Args:
        words: Of the content, by detail, value and language.
    """

    def __init__(self, words: AnswerWords) -> None:
        self._words = {
            detail: {value: list(_phrases(spoken)) for value, spoken in values.items()}
            for detail, values in words.details.items()
        }
        self._asking = {phrase.split()[0] for phrase in _phrases(words.questions)}

    def is_question(self, text: str) -> bool:
        """Whether it asks something back, rather than answering."""
        words = normalise_words(text)
        return text.rstrip().endswith(("?", "？")) or bool(words and words[0] in self._asking)

    def says_the_other(self, text: str) -> bool:
        """Whether it says that of two the other one is meant."""
        return self._value(_OTHER, text) is not None

    def is_phrase_of(self, question: str, text: str) -> bool:
        """Whether the text is one of the phrases that answer a question, and nothing else."""
        said = " ".join(normalise_words(text))
        return any(said in phrases for phrases in self._words.get(question, {}).values())

    def find(self, question: str, text: str) -> str | None:
        """The value of a question whose words stand in the text; None when nothing, or nothing certain."""
        return self._value(question, text)

    def find_all(self, question: str, text: str) -> frozenset[str]:
        """Every value of a question whose words stand in the text; with a slip where none does without."""
        return frozenset(self._said(question, text))

    def find_likeliest(self, question: str, text: str) -> frozenset[str]:
        """The values whose words are the longest that stand in the text; several when they are as long."""
        return _likeliest(self._said(question, text))

    def read(self, detail: Detail, text: str, wish: Wish, options: Options, language: str) -> str | None:
        """What the text says of a detail; None when nothing, or nothing certain."""
        if detail.source is not Source.WORDS:
            return None
        value = self._read(detail.name, text, wish, options, language)
        return value if value is not None and detail.accepts(value, wish, options) else None

    def _read(self, name: str, text: str, wish: Wish, options: Options, language: str) -> str | None:
        match name:
            case "items":
                return self._items(text, options, language)
            case "variant" | "size" | "colour":
                return _READS_VARIANTS[name](text, wish, options)
            case "bought":
                return _named(text, options.choices.get(name, {}), language)
            case _:
                return self._in_words(name, text)

    def _in_words(self, name: str, text: str) -> str | None:
        match name:
            case "kind":
                return self._kind(text)
            case "quantity":
                return self._number(text)
            case "stars":
                return self._value(STARS, text) or self._number(text)
            case _:
                return self._value(name, text)

    def read_all(  # noqa: PLR0913 (a sentence, and everything it is read against)
        self,
        flow: Flow,
        text: str,
        wish: Wish,
        options: Options,
        language: str,
        *,
        corrects: bool = False,
    ) -> Wish:
        """The wish with everything else that a sentence says of it by itself.

        Numbers are left alone: unasked, they may be anything, but for "four stars". What was said before only
        changes when the sentence ``corrects`` it.
        """
        for detail in flow.details:
            if detail.name == QUANTITY or not (corrects or wish.get(detail.name) is None):
                continue
            if detail.name == STARS and self._value(STARS, text) is None:
                continue
            value = self.read(detail, text, wish, options, language)
            if value is not None:
                wish = wish.having(detail.name, value)
        return wish

    def _kind(self, text: str) -> str | None:
        """What is to be changed of an order; a size or colour may be said of what is added."""
        added = self._value(KIND, text, but=SWAP) == ADD
        return ADD if added else self._value(KIND, text)

    def _value(self, detail: str, text: str, *, but: str | None = None) -> str | None:
        """The value whose words stand in the text, but for one of them; None when there are two.

        Words that stand there as they are come before those that only resemble: "schrijf me in" is not
        "schrijf me uit".
        """
        best = _likeliest(self._said(detail, text, but=but))
        return next(iter(best)) if len(best) == 1 else None

    def _said(self, detail: str, text: str, *, but: str | None = None) -> dict[str, int]:
        """How long the words of each value in the text are; with a slip where none is there without."""
        said = " ".join(normalise_words(text))
        values = {value: phrases for value, phrases in self._words.get(detail, {}).items() if value != but}
        return _longest(said, values, _says_exactly) or _longest(said, values, _says)

    def _number(self, text: str) -> str | None:
        numbers = set(_NUMBER.findall(text))
        if len(numbers) == 1:
            return str(int(numbers.pop()))
        return None if numbers else self._value(QUANTITY, text)

    def _items(self, text: str, options: Options, language: str) -> str | None:
        if self._value(ITEMS, text) is not None:
            return ",".join(str(item.position) for item in options.possible)
        index = ProductIndex([_searchable(item) for item in options.items], by_beginning=False)
        found = [_position(index, part, language) for part in _SEVERAL.split(text)]
        positions = sorted({int(position) for position in found if position is not None})
        return ",".join(map(str, positions)) or None


def _phrases(spoken: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The phrases of all languages, as they are compared."""
    for phrases in spoken.values():
        for phrase in phrases:
            yield " ".join(normalise_words(phrase))


def _likeliest(found: Mapping[str, int]) -> frozenset[str]:
    """The values whose words are the longest."""
    longest = max(found.values(), default=0)
    return frozenset(value for value, length in found.items() if length == longest)


def _longest(
    said: str, values: Mapping[str, Sequence[str]], says: Callable[[str, str], bool]
) -> dict[str, int]:
    """By value, how long the longest of its phrases is that stands in a text."""
    found = {
        value: [len(phrase) for phrase in phrases if says(said, phrase)] for value, phrases in values.items()
    }
    return {value: max(lengths) for value, lengths in found.items() if lengths}


def _says_exactly(said: str, phrase: str) -> bool:
    return f" {phrase} " in f" {said} "


def _says(said: str, phrase: str) -> bool:
    """Whether a phrase stands in a text as whole words, a slip allowed in longer ones."""
    count = len(phrase.split())
    return len(phrase) >= _SHORTEST_FUZZY and any(
        fuzz.ratio(window, phrase) >= LEAST_LIKENESS and window[:1] == phrase[:1]
        for window in _windows(said.split(), count)
    )


def _windows(words: Sequence[str], count: int) -> Iterator[str]:
    for start in range(len(words) - count + 1):
        yield " ".join(words[start : start + count])


def _searchable(item: ItemOption) -> SearchableProduct:
    # Two lines of one product differ only in size and colour.
    size = {"": item.size} if item.size else {}
    names = {
        language: " ".join([name, *size.values(), item.colours.get(language, "")])
        for language, name in item.names.items()
    }
    return SearchableProduct(
        sku=f"#{item.position}", brand="", names=names, category_words={}, descriptions={}
    )


def _named(text: str, choices: Mapping[str, Mapping[str, str]], language: str) -> str | None:
    """The one of several things whose name stands in a text."""
    index = ProductIndex(
        [
            SearchableProduct(sku=value, brand="", names=names, category_words={}, descriptions={})
            for value, names in choices.items()
        ],
        by_beginning=False,
    )
    return _position(index, text, language)


def _position(index: ProductIndex, text: str, language: str) -> str | None:
    found = index.search(text, language, 2)
    if not found or (len(found) == 2 and found[0].score - found[1].score < _CLEARLY_BETTER):
        return None
    return found[0].sku.removeprefix("#")


def _variant(text: str, chosen: Sequence[ItemOption]) -> str | None:
    """The one variant whose size and colour fit what is said; what is not said stays as it was."""
    if len(chosen) != 1:
        return None
    item = chosen[0]
    size = find_size(text, [one.size for one in item.variants if one.size])
    words = normalise_words(text)
    coloured = [one for one in item.variants if any(is_colour(word, one.colours) for word in words)]
    if size is None and not coloured:
        return None
    wanted_size = item.size if size is None else size
    possible = coloured or [one for one in item.variants if one.colours == item.colours]
    skus = [one.sku for one in possible if one.size == wanted_size]
    return skus[0] if len(skus) == 1 else None


_READS_VARIANTS: Final[Mapping[str, Callable[[str, Wish, Options], str | None]]] = {
    "variant": lambda text, wish, options: _variant(text, chosen_items(wish, options)),
    "size": lambda text, _wish, options: find_size_said(text, options),
    "colour": lambda text, _wish, options: find_colour_said(text, options),
}
