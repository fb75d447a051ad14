"""Pure rules of conversations: what a message may look like, how often one may try to identify oneself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from balie.conversations.errors import MessageEmptyError, MessageTooLongError

ATTEMPTS_PER_CONVERSATION: Final = 5
ATTEMPTS_PER_ORDER: Final = 15
"""Failed tries for one order over all conversations within ``ATTEMPT_WINDOW``: guessing postcodes is slow."""
ATTEMPT_WINDOW: Final = timedelta(hours=24)
REMEMBERED_LANGUAGES: Final = 5

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but tab and new line, and halves of characters, which no database takes."""
_BUTTON_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def clean_text(text: str, *, max_characters: int) -> str:
    r"""The message as it is stored: without control characters, trimmed, otherwise untouched.

    Joiners and direction marks stay: emoji and right-to-left scripts need them.

    >>> clean_text(" Waar is\x00 mijn pakket? ", max_characters=100)
    'Waar is mijn pakket?'

    Raises:
        MessageEmptyError: Nothing readable is left.
        MessageTooLongError: More than ``max_characters`` are left.
    """
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    cleaned = _CONTROLS.sub("", unix).strip()
    if all(unicodedata.category(character) in _INVISIBLE for character in cleaned):
        raise MessageEmptyError
    if len(cleaned) > max_characters:
        raise MessageTooLongError(max_characters)
    return cleaned


def could_be_button_id(text: str) -> bool:
    """Whether a text is of the alphabet of our button ids: not every string may be asked of a database.

    >>> could_be_button_id("kX3vQ2p9-zLr_Wab"), could_be_button_id("/restart")
    (True, False)
    """
    return _BUTTON_ID.fullmatch(text) is not None


def attempts_left(*, failed_here: int, failed_for_order: int) -> int:
    """How often this conversation may still try with this order; 0 means that no try may be looked at.

    >>> attempts_left(failed_here=4, failed_for_order=4)
    1
    >>> attempts_left(failed_here=0, failed_for_order=15)
    0
    """
    return max(0, min(ATTEMPTS_PER_CONVERSATION - failed_here, ATTEMPTS_PER_ORDER - failed_for_order))


def remember(languages: Sequence[str], language: str) -> list[str]:
    """The memory with one more language, newest last, never longer than ``REMEMBERED_LANGUAGES``."""
    return [*languages, language][-REMEMBERED_LANGUAGES:]
