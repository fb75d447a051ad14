"""Which of the products that a search found a sentence really means. Pure.

A search always finds something that resembles: "tell me when it is back" finds backpacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from actions.products import SURE_SCORE, meant
from actions.variant_words import find_named_in_full
from balie.catalogue.views import ProductHit
from balie.catalogue.words import SILENT_WORDS, normalise_words

_FAIR_SCORE: Final = 0.5
"""Enough where two words of the name are said."""
_TELLING: Final = 4
"""Letters of a word that may say something."""
_LONGEST_ENDING: Final = 3
"""Letters of a plural."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a sentence names.

    Attributes:
        sku: The product that is meant; None when that is not clear.
        candidates: Those that may be.
    """

    sku: str | None = None
    candidates: tuple[str, ...] = ()


def choose_named(text: str, hits: Sequence[ProductHit], *, loosely: bool) -> Named:
    """The product that a text means, or those that it may mean.

    Args:
        text: What was typed.
        hits: What a search for it found, best first.
        loosely: Whether a product was asked for, so that what merely resembles one may be meant.
    """
    in_full = find_named_in_full(text, {hit.sku: {"": hit.name} for hit in hits})
    if in_full is not None:
        return Named(in_full)
    likely = [hit for hit in meant(hits) if _is_likely(text, hit)]
    if len(likely) == 1 and likely[0].score >= SURE_SCORE:
        return Named(likely[0].sku)
    return Named(candidates=tuple(hit.sku for hit in likely or (meant(hits) if loosely else ())))


def shares_word(text: str, hit: ProductHit) -> bool:
    """Whether a text has a word of a product's name, or its kind: it may be meant, though not surely."""
    said = _telling(text)
    name = _telling(hit.name)
    return any(_is_same_thing(one, other) for one in said for other in name)


def _is_likely(text: str, hit: ProductHit) -> bool:
    if hit.sku.casefold() in text.casefold().split():
        return True
    said = _telling(text)
    name = _telling(hit.name)
    whole = len(set(said) & set(name))
    if hit.score >= _FAIR_SCORE and whole > 1:
        return True
    return hit.score >= SURE_SCORE and any(_is_same_thing(one, other) for one in said for other in name)


def _telling(text: str) -> list[str]:
    """The words that say something: "iets" is no fiets."""
    return [word for word in normalise_words(text) if len(word) >= _TELLING and word not in SILENT_WORDS]


def _is_same_thing(said: str, name: str) -> bool:
    """Whether two words are one, a plural of it, or its kind: "helm" is said of "fietshelm"."""
    shorter, longer = sorted((said, name), key=len)
    is_plural = longer.startswith(shorter) and len(longer) - len(shorter) <= _LONGEST_ENDING
    return is_plural or name.endswith(said)
