"""Other ways to have typed the same message: what changes neither its sense nor its emotion. Pure.

Every function takes its source of chance from the caller.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

TYPED_CARELESSLY: Final = 0.15
"""Share of the messages that each of the small changes meets."""
JOINED: Final = 0.15
CONVERTED: Final = 0.3
_MARKS = re.compile(r"[.,;:!?。，；：！？、…~～]+")
_WORD = re.compile(r"[^\W\d_]{4,}")


class Augmenter:
    """Rewrites messages at random.

    Args:
        neutral: Texts without an emotion, by language: what a customer may have said besides.
        traditional: Simplified to traditional characters (one each).
        simplified: Traditional to simplified characters.
    """

    def __init__(
        self, neutral: Mapping[str, Sequence[str]], traditional: dict[int, int], simplified: dict[int, int]
    ) -> None:
        self._neutral = neutral
        self._scripts = (traditional, simplified)

    def rewrite(self, text: str, language: str, rng: random.Random) -> str:
        """The message as another customer, or the same one in a hurry, might have typed it."""
        if rng.random() < JOINED:
            text = join(text, rng.choice(self._neutral[language]), rng=rng)
        if language == "zh" and rng.random() < CONVERTED:
            text = text.translate(rng.choice(self._scripts))
        for change in (lower, drop_marks, drop_accents):
            if rng.random() < TYPED_CARELESSLY:
                text = change(text) or text
        if language != "zh" and rng.random() < TYPED_CARELESSLY:
            text = mistype(text, rng=rng)
        return text


def join(text: str, other: str, *, rng: random.Random) -> str:
    """Both texts in one message, in either order."""
    first, second = (text, other) if rng.random() < 0.5 else (other, text)
    closed = first if _MARKS.search(first[-1:]) else first + rng.choice((".", ",", ""))
    return f"{closed} {second}"


def lower(text: str) -> str:
    """The text without capitals, as on a phone."""
    return text.lower()


def drop_marks(text: str) -> str:
    """The text without punctuation; marks alone stay, for then they are the message."""
    bare = " ".join(_MARKS.sub(" ", text).split())
    return bare or text


def drop_accents(text: str) -> str:
    """The text without accents: *été* becomes *ete*."""
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in parts if not "\u0300" <= c <= "\u036f"))


def mistype(text: str, *, rng: random.Random) -> str:
    """The text with one slip in one longer word: two letters swapped, one lost or one doubled."""
    words = list(_WORD.finditer(text))
    if not words:
        return text
    word = rng.choice(words)
    at = rng.randrange(word.start() + 1, word.end() - 1)
    slip = rng.choice((text[at + 1] + text[at], text[at + 1], text[at] * 2 + text[at + 1]))
    return text[:at] + slip + text[at + 2 :]
