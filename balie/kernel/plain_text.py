"""Rules of text that people type, before it is stored. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but tab and new line, and halves of characters, which no database takes."""
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def tidy_text(text: str) -> str:
    r"""The text without control characters, trimmed, otherwise untouched; empty when nothing can be seen.

    Joiners and direction marks stay: emoji and right-to-left scripts need them.

    >>> tidy_text(" Waar is\x00 mijn pakket? ")
    'Waar is mijn pakket?'
    >>> tidy_text("\u200b \u2060")
    ''
    """
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    tidied = _CONTROLS.sub("", unix).strip()
    if all(unicodedata.category(character) in _INVISIBLE for character in tidied):
        return ""
    return tidied
