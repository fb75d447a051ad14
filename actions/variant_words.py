"""Which product of a few, and which size and colour of it, a sentence says. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from actions.errand_details import colours_of, variants_of
from actions.product_words import find_size
from balie.catalogue.variants import is_colour, is_size
from balie.catalogue.words import normalise_words
from balie.orders.options import Options

_SHORTEST_COLOUR: Final = 3
_Names = Mapping[str, str]
_WORD: Final = re.compile(r"[\w.,½]+")


def find_named_in_full(text: str, named: Mapping[str, _Names]) -> str | None:
    """The one thing whose whole name stands in a text, whatever else does.

    >>> boots = {"w": {"en": "Alto women's boots"}, "m": {"en": "Alto men's boots"}}
    >>> find_named_in_full("I'd like the Alto women's boots", boots)
    'w'
    """
    said = set(normalise_words(text))
    full = [key for key, names in named.items() if any(_stands_in(said, name) for name in names.values())]
    return full[0] if len(full) == 1 else None


def find_told_apart(text: str, named: Mapping[str, _Names]) -> str | None:
    """The one of a few things that a text says most of the name of.

    >>> boots = {"w": {"en": "Alto women's boots"}, "m": {"en": "Alto men's boots"}}
    >>> find_told_apart("the women's ones", boots), find_told_apart("the boots", boots)
    ('w', None)
    """
    said = set(normalise_words(text))
    counts = {key: max(len(_words(name) & said) for name in names.values()) for key, names in named.items()}
    most = max(counts.values(), default=0)
    best = [key for key, count in counts.items() if count == most]
    return best[0] if most and len(best) == 1 else None


def find_size_said(text: str, options: Options) -> str | None:
    """The size that a text says, as the product has it; None when none, or none that there is."""
    sizes = list(dict.fromkeys(one.size for one in variants_of(options) if one.size is not None))
    said = find_size(text, sizes)
    exact = [size for size in sizes if said is not None and is_size(said, size)]
    if exact:
        return exact[0]
    # "de 57" of a frame of 57 cm.
    words = {word.strip(".,").lower() for word in _WORD.findall(text)}
    loosely = [size for size in sizes if " " in size and size.split()[0].lower() in words]
    return loosely[0] if len(loosely) == 1 else None


def find_colour_said(text: str, options: Options) -> str | None:
    """The colour that a text says; None when none, or more than one can be meant."""
    colours = colours_of(variants_of(options))
    words = [word for word in normalise_words(text) if len(word) >= _SHORTEST_COLOUR]
    whole = [name for name, names in colours.items() if _says_whole(text, list(names.values()))]
    if whole:
        # "Moss green" says "green" too.
        return max(whole, key=len)
    alike = [name for name, names in colours.items() if any(_resembles(word, names) for word in words)]
    return alike[0] if len(alike) == 1 else None


def _resembles(word: str, names: _Names) -> bool:
    # "Is it back" is not about a black one.
    return is_colour(word, names) and any(word[:2] in name.casefold() for name in names.values())


def _stands_in(said: set[str], name: str) -> bool:
    words = _words(name)
    return bool(words) and words <= said


def _words(name: str) -> set[str]:
    return set(normalise_words(name))


def _says_whole(text: str, names: list[str]) -> bool:
    said = f" {' '.join(normalise_words(text))} "
    return any(f" {' '.join(normalise_words(name))} " in said for name in names)
