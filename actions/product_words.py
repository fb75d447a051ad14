"""Which size and colour a sentence names, out of those a product is made in. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from balie.catalogue.variants import is_colour, is_size
from balie.catalogue.words import SILENT_WORDS, normalise_words

_SIZE_NAMED: Final = re.compile(r"\b(?:maat|maten|size|mt)\b\.?\s*:?\s*([\w.,]+)", re.IGNORECASE)
_SPOKEN_SIZE: Final = re.compile(r"\b(?:extra |x)?(?:small|large)\b|\bmedium\b", re.IGNORECASE)
_COLOUR_WORDS: Final = """
rood red blauw blue groen green geel yellow zwart black wit white grijs grey gray roze pink
paars purple bruin brown oranje orange beige oker ochre
"""
_TOKEN: Final = re.compile(r"[\w.,½-]+")
_SHORTEST_COLOUR: Final = 3


def find_size(text: str, sizes: Sequence[str]) -> str | None:
    """The size that is asked for: as the product has it, or as written when it does not come in it.

    >>> find_size("heb je die in maat 42?", ["41", "42"])
    '42'
    >>> find_size("do you have it in XL", ["M", "L"])
    'XL'
    >>> find_size("zijn er nog tenten", []) is None
    True
    """
    if not sizes:
        return None
    named = _SIZE_NAMED.search(text) or _SPOKEN_SIZE.search(text)
    if named is not None:
        written = named.group(named.lastindex or 0).rstrip(".,")
        return next((size for size in sizes if is_size(written, size)), written)
    tokens = [token.strip(".,") for token in _TOKEN.findall(text)]
    bare = (size for token in tokens for size in sizes if token == size)
    return next(bare, next((token for token in tokens if _looks_like_size(token)), None))


def find_colour(text: str, colours: Sequence[str], *, name: str) -> str | None:
    """The colour that is asked for: as the product has it, or as written when it does not come in it.

    Words of the product's own name do not count.

    >>> find_colour("is de groene jas er nog", ["blauw", "groen"], name="Kustpad jas")
    'groen'
    >>> find_colour("heb je die in roze", ["blauw", "groen"], name="Kustpad jas")
    'roze'
    """
    if not colours:
        return None
    own = {*normalise_words(name), *SILENT_WORDS}
    words = [word for word in normalise_words(text) if len(word) >= _SHORTEST_COLOUR and word not in own]
    made = (colour for colour in colours for word in words if is_colour(word, {"": colour}))
    return next(made, next((word for word in words if word in _COLOUR_WORDS.split()), None))


def _looks_like_size(token: str) -> bool:
    return re.fullmatch(r"X{0,3}[SL]|M|\d?XL", token) is not None
