"""Keyword patterns as spaCy matchers, on words cut by our own rules (no blank pipeline cuts Chinese so).

A pattern is a list of words: ``word*`` matches words that start so, ``(a|b)`` any of several, ``...``
skips up to three words. Plain word lists go to spaCy's PhraseMatcher. The others have a Matcher each,
asked only when a word that can begin the pattern occurs: one Matcher for all of them takes 2 ms a
message. The service checks the same patterns with ``balie.content.keywords``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlu.articles import KeywordPattern
from nlu.errors import TrainingContentError
from nlu.text import fold, join_words, split_words

GAP = "..."
GAP_WORDS = 3
_PART = re.compile(r"\.\.\.|\([^()]*\)|[^\s()]+")


class KeywordHit(NamedTuple):
    """A pattern that fired: for which intent, and on which words of the message."""

    intent: str
    pattern: str
    text: str


class _Word(NamedTuple):
    text: str
    is_prefix: bool = False

    @property
    def token_pattern(self) -> dict[str, Any]:
        return {"ORTH": {"REGEX": f"^{re.escape(self.text)}"} if self.is_prefix else self.text}


Alternatives = list[tuple[_Word, ...]]


class KeywordMatcher:
    """Finds the patterns of one language in a text.

    Raises:
        TrainingContentError: A pattern is empty, begins or ends with a gap, or holds an odd sign.
    """

    def __init__(self, patterns: Sequence[KeywordPattern]) -> None:
        self._patterns = list(patterns)
        self._vocab = Vocab()
        self._phrases = PhraseMatcher(self._vocab)
        self._matchers: dict[int, Matcher] = {}
        self._begin_with: dict[_Word, list[int]] = {}
        self._longest_prefix = 0
        for number, keyword in enumerate(self._patterns):
            self._add(number, read_pattern(keyword))

    def _add(self, number: int, parts: list[Alternatives]) -> None:
        if any(word.is_prefix or word.text == GAP for part in parts for words in part for word in words):
            self._add_matcher(number, parts)
            return
        for choice in product(*parts):
            phrase = [word.text for words in choice for word in words]
            self._phrases.add(str(number), [Doc(self._vocab, words=phrase)])

    def _add_matcher(self, number: int, parts: list[Alternatives]) -> None:
        matcher = Matcher(self._vocab, validate=False)
        matcher.add(str(number), [_token_patterns(choice) for choice in product(*parts)], greedy="LONGEST")
        self._matchers[number] = matcher
        for first in {words[0] for words in parts[0]}:
            self._begin_with.setdefault(first, []).append(number)
            if first.is_prefix:
                self._longest_prefix = max(self._longest_prefix, len(first.text))

    def find(self, text: str) -> list[KeywordHit]:
        """Every pattern that fires, once, in the order of the words it fired on."""
        words = split_words(text)
        doc = Doc(self._vocab, words=words)
        found: dict[int, tuple[int, int]] = {}
        for start, end, number in sorted(self._matches(doc, words)):
            found.setdefault(number, (start, end))
        return [self._hit(number, words[start:end]) for number, (start, end) in found.items()]

    def _matches(self, doc: Doc, words: list[str]) -> Iterator[tuple[int, int, int]]:
        for key, start, end in self._phrases(doc):
            yield start, end, int(self._vocab.strings[key])
        for number in self._candidates(words):
            for _, start, end in self._matchers[number](doc):
                yield start, end, number

    def _candidates(self, words: list[str]) -> set[int]:
        found: set[int] = set()
        for word in set(words):
            found.update(self._begin_with.get(_Word(word), ()))
            for size in range(1, min(len(word), self._longest_prefix) + 1):
                found.update(self._begin_with.get(_Word(word[:size], is_prefix=True), ()))
        return found

    def _hit(self, number: int, words: list[str]) -> KeywordHit:
        keyword = self._patterns[number]
        return KeywordHit(keyword.intent, keyword.pattern, join_words(words))


def read_pattern(keyword: KeywordPattern) -> list[Alternatives]:
    """The parts of a pattern, each with its alternatives, each one or more words.

    Raises:
        TrainingContentError: The pattern is empty, begins or ends with a gap, or holds an odd sign.
    """
    pattern = fold(keyword.pattern)
    parts = _PART.findall(pattern)
    place = f"keyword of {keyword.intent} ({keyword.language})"
    if "".join(parts).replace(" ", "") != re.sub(r"\s", "", pattern):
        raise TrainingContentError(place, f"cannot read {keyword.pattern!r}")
    if not parts or GAP in (parts[0], parts[-1]):
        raise TrainingContentError(place, f"{keyword.pattern!r} must begin and end with a word")
    return [_alternatives(part, place) for part in parts]


def _alternatives(part: str, place: str) -> Alternatives:
    if part == GAP:
        return [(_Word(GAP),)]
    return [_words(choice, place) for choice in part.strip("()").split("|")]


def _words(choice: str, place: str) -> tuple[_Word, ...]:
    words = split_words(choice.rstrip("*"))
    if not words:
        raise TrainingContentError(place, f"{choice!r} holds no word")
    return (*map(_Word, words[:-1]), _Word(words[-1], choice.endswith("*")))


def _token_patterns(choice: Sequence[tuple[_Word, ...]]) -> list[dict[str, Any]]:
    tokens: list[dict[str, Any]] = []
    for words in choice:
        for word in words:
            tokens.extend([{"OP": "?"}] * GAP_WORDS if word.text == GAP else [word.token_pattern])
    return tokens
