"""A discount code, or the code of a gift card, in a sentence. Pure."""

from __future__ import annotations

import re
from typing import Final

_GIFT_CARD: Final = re.compile(r"(?<!\w)[A-Za-z]{2,6}(?:[ -]?\d){10,16}(?!\w)")
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{3,38}[A-Za-z0-9]")
_ORDER: Final = re.compile(r"DD[ -]?\d{7}", re.IGNORECASE)
_SHORTEST: Final = 4


def find_code(text: str, *, is_asked: bool) -> str | None:
    """The code in a text, as it was written; None when it holds none, or several.

    Args:
        text: What was typed.
        is_asked: Whether a code was asked for: then a single word will do, whatever it looks like.

    >>> find_code("werkt WELKOM10 nog?", is_asked=False)
    'WELKOM10'
    >>> find_code("saldo van ddgc 4827 1950 3361 graag", is_asked=False)
    'ddgc 4827 1950 3361'
    >>> find_code("heb je een kortingscode voor mij", is_asked=False) is None
    True
    """
    cards = _GIFT_CARD.findall(text)
    if cards:
        return cards[0] if len(cards) == 1 else None
    words = _WORD.findall(_ORDER.sub(" ", text))
    coded = [word for word in words if _looks_like_a_code(word, shouts=text.isupper())]
    if len(coded) == 1:
        return str(coded[0])
    is_alone = is_asked and not coded and len(words) == 1 and len(text.split()) == 1
    return str(words[0]) if is_alone else None


def _looks_like_a_code(word: str, *, shouts: bool) -> bool:
    """Whether it mixes letters with digits, or stands in capitals where nothing else does."""
    letters = re.sub(r"[^A-Za-z]", "", word)
    if len(letters) < _SHORTEST:
        return False
    return letters != word.replace("-", "") or (word.isupper() and not shouts)
