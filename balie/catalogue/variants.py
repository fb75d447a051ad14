"""Rules that tell which variant a customer means by a size and a colour. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from rapidfuzz import fuzz

from balie.catalogue.words import normalise_words

COLOUR_SIMILARITY: Final = 80
"""Of 100; Dutch bends its adjectives: groen, groene."""

_SIZE_WORDS: Final = {
    "small": "S", "medium": "M", "large": "L", "extra large": "XL", "extra small": "XS",
    "xxl": "XXL", "2xl": "XXL", "xxs": "XXS",
}  # fmt: skip


def normalise_size(size: str) -> str:
    """The one form in which sizes are compared.

    >>> normalise_size("maat 42,5"), normalise_size("size xl"), normalise_size("medium")
    ('42.5', 'XL', 'M')
    """
    bare = re.sub(r"\b(?:maat|size|mt|eu)\b\.?", " ", size.casefold()).strip().replace(",", ".")
    spaced = " ".join(bare.split())
    return _SIZE_WORDS.get(spaced, spaced.upper())


def is_size(wanted: str | None, size: str | None) -> bool:
    """Whether a variant has the size asked for; any does when none was asked for, or it comes in one size."""
    return wanted is None or size is None or normalise_size(wanted) == normalise_size(size)


def is_colour(wanted: str | None, colours: Mapping[str, str]) -> bool:
    """Whether a variant has the colour asked for, in whichever language.

    "Blue" fits "dark blue"; any colour fits when none was asked for, or there is only one.
    """
    if wanted is None or not colours:
        return True
    asked = normalise_words(wanted)
    return any(_resembles(asked, normalise_words(name)) for name in colours.values())


def _resembles(asked: list[str], named: list[str]) -> bool:
    whole = "".join(named)
    return bool(asked) and all(
        any(
            whole.endswith(form) or any(fuzz.ratio(form, part) >= COLOUR_SIMILARITY for part in named)
            for form in _forms(word)
        )
        for word in asked
    )


def _forms(word: str) -> set[str]:
    """A word, and the Dutch adjective it may bend: rode is rood, witte is wit, grijze is grijs."""
    if len(word) < 4 or not word.endswith("e"):
        return {word}
    stem = word[:-1]
    forms = {word, stem, stem[:-1] + {"z": "s", "v": "f"}.get(stem[-1], stem[-1])}
    if stem[-1] == stem[-2]:
        forms.add(stem[:-1])
    elif stem[-2] in "aeou" and stem[-3] not in "aeiou":
        forms.add(stem[:-1] + stem[-2] + stem[-1])
    return forms
