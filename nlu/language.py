"""Which language a text is in: character n-grams, a few telling words, and what is known already.

Naive Bayes over the languages the shop can speak. Short and empty texts say little, so what the
conversation and the page speak decides there; the longer the text, the more it speaks for itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from nlu.text import fold, has_ideographs, split_words, without_hidden

CHINESE = "zh"
BUCKETS = 1 << 15
LONGEST_GRAM = 4
SMOOTHING = 0.3
# n-grams of one text overlap, so their evidence is counted only in part.
EVIDENCE_WEIGHT = 0.35
MEMORY_WEIGHT = 1.5
PAGE_WEIGHT = 1.0
STRANGER_WEIGHT = 1.0


_NUMBER = re.compile(r"\b\d")
_NAME = re.compile(
    r"(?<=\s)[A-Z][a-zà-ÿ'-]+\b[,.]?"
    r"|(?<=\s)[A-Z]{2}\b"  # what a Dutch postcode ends with
    r"|^(?:[A-Z][a-zà-ÿ'-]+\s+)+(?=\d)"
)


@dataclass(frozen=True)
class KnownLanguages:
    """What is known before the text is read.

    Attributes:
        chosen: The language the customer switched to; nothing overrules it.
        remembered: Languages of the last customer messages, newest last.
        page: The language of the page the chat stands on.
    """

    chosen: str | None = None
    remembered: tuple[str, ...] = ()
    page: str | None = None

    @classmethod
    def from_metadata(cls, metadata: object) -> KnownLanguages:
        """Read a message's metadata (docs/architecture.md, "The seam"); anything odd counts as unknown."""
        facts = metadata if isinstance(metadata, Mapping) else {}
        remembered = facts.get("languages")
        many = remembered if isinstance(remembered, (list, tuple)) else ()
        return cls(
            chosen=_code(facts.get("language")),
            remembered=tuple(code for code in map(_code, many) if code),
            page=_code(facts.get("page_language")),
        )


def _code(value: object) -> str | None:
    return value.lower().replace("_", "-").split("-")[0] if isinstance(value, str) and value else None


class LanguageModel:
    """Tells languages apart.

    Args:
        languages: Codes, the shop's default first.
        spoken: Languages in which the shop answers; the others are only recognised.
        scores: Log probability of each n-gram bucket, one row per language.
    """

    def __init__(self, languages: Sequence[str], spoken: Sequence[str], scores: np.ndarray) -> None:
        self.languages = list(languages)
        self.spoken = list(spoken)
        self.scores = scores

    @classmethod
    def learn(cls, texts: Mapping[str, Iterable[str]], *, spoken: Sequence[str]) -> LanguageModel:
        """Learn from texts per language; the first language is the default."""
        languages = list(texts)
        scores = np.full((len(languages), BUCKETS), SMOOTHING, dtype=np.float32)
        for row, language in enumerate(languages):
            counts = Counter(bucket for text in texts[language] for bucket in _buckets(text))
            scores[row, list(counts)] += np.sqrt(np.fromiter(counts.values(), dtype=np.float32))
        return cls(languages, spoken, np.log(scores / scores.sum(axis=1, keepdims=True)))

    def detect(self, text: str, known: KnownLanguages = KnownLanguages()) -> tuple[str, float]:
        """The language of a text and how sure that is, in [0, 1]."""
        if known.chosen in self.languages:
            return str(known.chosen), 1.0
        logits = self._evidence(text) + self._prior(known)
        weights = np.exp(logits - logits.max())
        best = int(weights.argmax())
        return self.languages[best], float(weights[best] / weights.sum())

    def _evidence(self, text: str) -> np.ndarray:
        if has_ideographs(text) and CHINESE in self.languages:
            return np.where(np.array(self.languages) == CHINESE, 0.0, -10.0)
        buckets = list(_buckets(without_places(without_hidden(text))))
        if not buckets:
            return np.zeros(len(self.languages))
        return np.asarray(EVIDENCE_WEIGHT * self.scores[:, buckets].sum(axis=1))

    def _prior(self, known: KnownLanguages) -> np.ndarray:
        weights = {
            language: 0.0 if language in self.spoken else -STRANGER_WEIGHT for language in self.languages
        }
        weights[self.languages[0]] += 0.1
        for age, language in enumerate(reversed(known.remembered[-3:])):
            if language in weights:
                weights[language] += MEMORY_WEIGHT / (age + 1)
        if known.page in weights:
            weights[str(known.page)] += PAGE_WEIGHT
        return np.array(list(weights.values()))


def without_places(text: str) -> str:
    """The text without names of streets and towns: they say where somebody lives, not what they speak.

    Only words of a text with numbers, written like names; those at its beginning only where a number
    follows them.

    >>> without_places("no wait, Kerkstraat 14, 3581 RD Utrecht").split()
    ['no', 'wait,', '14,', '3581']
    >>> without_places("Waar is mijn jas uit Utrecht")
    'Waar is mijn jas uit Utrecht'
    """
    if not _NUMBER.search(text):
        return text
    return _NAME.sub(" ", text)


def _buckets(text: str) -> Iterator[int]:
    """Hashed n-grams of every word that has letters, borders included, and the words themselves."""
    for word in split_words(text):
        if any(character.isdigit() for character in word):
            continue
        yield crc32(f"={word}".encode()) % BUCKETS
        bordered = f"_{word}_"
        for size in range(2, LONGEST_GRAM + 1):
            for start in range(len(bordered) - size + 1):
                yield crc32(bordered[start : start + size].encode()) % BUCKETS


def stop_words() -> dict[str, list[str]]:
    """Short telling words of every language we can recognise, from spaCy's language data."""
    from spacy.lang.en.stop_words import STOP_WORDS as ENGLISH
    from spacy.lang.fr.stop_words import STOP_WORDS as FRENCH
    from spacy.lang.nl.stop_words import STOP_WORDS as DUTCH
    from spacy.lang.zh.stop_words import STOP_WORDS as CHINESE_WORDS

    lists = {"nl": DUTCH, "en": ENGLISH, "fr": FRENCH, CHINESE: CHINESE_WORDS}
    return {language: sorted(fold(word) for word in words) for language, words in lists.items()}
