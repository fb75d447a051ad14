"""What of a sentence may name goods: its words, by the part of it in which they stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from balie.catalogue.goods_words import GoodsWords
from balie.catalogue.words import SILENT_WORDS, whole_words

_BORDERS: Final = re.compile(r"[.;:!?]+(?=\s|$)|[\n。！？，]+|,(?=\s)")
_LONGEST_PHRASE: Final = 3


@dataclass(frozen=True, slots=True)
class SaidWord:
    """One word of a sentence.

    Attributes:
        word: As words are compared, or the catalogue's word for it.
        is_silent: It names nothing, or what is not wanted.
        is_purpose: It says what something is for rather than what it is.
        may_be_kind: It is neither silent, nor a verb, nor somebody.
    """

    word: str
    is_silent: bool
    is_purpose: bool
    may_be_kind: bool


@dataclass(frozen=True, slots=True)
class SaidPart:
    """A part of a sentence.

    Attributes:
        asks: Whether it asks for something, rather than telling something.
    """

    words: tuple[SaidWord, ...]
    asks: bool


class SentenceReader:
    """Takes sentences apart.

    Args:
        goods: Words about goods.
        is_known: Whether names of the catalogue say by this word what a thing is: then it needs no other one.
    """

    def __init__(self, goods: GoodsWords, is_known: Callable[[str], bool]) -> None:
        self._goods = goods
        self._is_known = is_known

    def read(self, text: str) -> tuple[SaidPart, ...]:
        """The parts of a text, those that ask for something first."""
        parts = [part for part in self._parts(text) if part.words]
        return tuple(sorted(parts, key=lambda part: not part.asks))

    def thing(self, text: str) -> str:
        """The words of a text, but for those that say what something is for."""
        return " ".join(word.word for part in self._parts(text) for word in part.words if not word.is_purpose)

    def in_words_of_catalogue(self, text: str, is_known: Callable[[str], bool]) -> str:
        """The text with what customers call goods replaced, unless all its words are known as they are."""
        words = whole_words(text)
        translated = list(self._translated(words, lambda phrase: all(map(is_known, phrase))))
        return text if translated == words else " ".join(translated)

    def _parts(self, text: str) -> Iterator[SaidPart]:
        """Parts end where a sentence does; at a comma only where another thought begins."""
        begun = ""
        pieces = _split(text)
        for number, (piece, border) in enumerate(pieces):
            begun = f"{begun} {piece}"
            if border != "," or self._begins_thought(pieces[number + 1][0]):
                yield self._part(begun)
                begun = ""

    def _begins_thought(self, text: str) -> bool:
        return any(word in self._goods.asking | self._goods.doing for word in whole_words(text)[:1])

    def _part(self, text: str) -> SaidPart:
        written = whole_words(text)
        said: list[SaidWord] = []
        is_purpose, is_unwanted, before = False, False, ""
        for word in self._translated(written, self._is_sold):
            is_purpose = self._is_purpose(word, before, is_purpose=is_purpose)
            is_unwanted = word in self._goods.without or (is_unwanted and not self._begins(word))
            is_silent = is_unwanted or word in SILENT_WORDS or self._begins(word)
            is_noun = before not in self._goods.doing and not self._goods.names_audience(word)
            said.append(SaidWord(word, is_silent, is_purpose, is_noun and not is_silent))
            before = word
        return SaidPart(tuple(said), asks=not self._goods.asking.isdisjoint(written))

    def _begins(self, word: str) -> bool:
        """Whether a word begins what is said of another thing, or of what something is for."""
        return word in self._goods.purpose or word in self._goods.articles

    def _is_purpose(self, word: str, before: str, *, is_purpose: bool) -> bool:
        """Whether a word says what something is for: from "for" on, until another thing is brought up.

        "Looking for" and "wat voor" bring up the thing itself.
        """
        if word in self._goods.purpose:
            return before not in self._goods.asking
        return is_purpose and not (word in self._goods.articles and before not in self._goods.purpose)

    def _is_sold(self, phrase: Sequence[str]) -> bool:
        return self._is_known("".join(phrase))

    def _translated(self, words: Sequence[str], is_known: Callable[[Sequence[str]], bool]) -> Iterator[str]:
        """The words, or the catalogue's for them; the longest phrase that is called otherwise counts."""
        at = 0
        while at < len(words):
            for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
                phrase = tuple(words[at : at + length])
                names = self._goods.name_of(phrase)
                if names is not None and not is_known(phrase):
                    break
            else:
                length, names = 1, (words[at],)
            yield from names
            at += length


def _split(text: str) -> list[tuple[str, str]]:
    """The pieces between borders, each with the border after it; the last one has none."""
    pieces, at = [], 0
    for border in _BORDERS.finditer(text):
        pieces.append((text[at : border.start()], border.group()[-1:]))
        at = border.end()
    return [*pieces, (text[at:], "")]
