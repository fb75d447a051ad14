"""Forms in which a word is written, without knowing its language: plurals, inflections, diminutives. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

SHORTEST: Final = 3
"""Letters of the shortest word that can be the head of a compound: jas, mat."""

_ENDINGS: Final = {"tjes": 3, "jes": 3, "tje": 3, "pje": 3, "je": 3, "s": 3, "en": 4, "es": 4, "e": 4}
"""What comes off, and how many letters must be left: "maten" are no mats."""
_DOUBLING: Final = frozenset({"en", "es", "e"})
"""Before these a last letter may be doubled: jassen, jas."""


@lru_cache(maxsize=100_000)
def forms_of(word: str) -> frozenset[str]:
    """The word, and what is left of it without an ending, as often as one comes off.

    >>> sorted(forms_of("jassen"))
    ['jas', 'jass', 'jassen']
    >>> forms_of("lampje") & forms_of("lamp")
    frozenset({'lamp'})
    """
    forms = {word}
    for ending, least in _ENDINGS.items():
        left = word.removesuffix(ending)
        if left == word or len(left) < least:
            continue
        forms.add(left)
        if ending in _DOUBLING and left[-1] == left[-2]:
            forms.add(left[:-1])
    return frozenset(forms)


def heads_of(word: str) -> frozenset[str]:
    """What a compound may be a kind of: the ends of its forms, of three letters or more."""
    return frozenset(form[start:] for form in forms_of(word) for start in range(1, len(form) - SHORTEST + 1))
