"""Pure rules of conversations: what a message may look like, how often one may do what is limited."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from balie.conversations.errors import MessageEmptyError, MessageTooLongError
from balie.conversations.views import VisibleButton
from balie.kernel.ids import PhotoId
from balie.kernel.plain_text import tidy_text

ATTEMPTS_PER_CONVERSATION: Final = 5
ATTEMPTS_PER_ORDER: Final = 15
"""Failed tries for one order over all conversations within ``ATTEMPT_WINDOW``: guessing postcodes is slow."""
ATTEMPT_WINDOW: Final = timedelta(hours=24)
REMEMBERED_LANGUAGES: Final = 5
PHOTOS_PER_WINDOW: Final = 6
PHOTO_WINDOW: Final = timedelta(hours=1)

_BUTTON_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)[\W_]+(?=\d)")
_QUESTION_MARK: Final = re.compile(r"[?？؟][\W_]*$")
_UNSPOKEN: Final = re.compile(r"(?!(?<=\d) (?=\d))[\W_]")
"""What is not said aloud; but one space that keeps two numbers apart stays."""


def clean_text(text: str, *, max_characters: int) -> str:
    r"""The message as it is stored: without control characters, trimmed, otherwise untouched.

    Joiners and direction marks stay: emoji and right-to-left scripts need them.

    >>> clean_text(" Waar is\x00 mijn pakket? ", max_characters=100)
    'Waar is mijn pakket?'

    Raises:
        MessageEmptyError: Nothing readable is left.
        MessageTooLongError: More than ``max_characters`` are left.
    """
    cleaned = tidy_text(text)
    if not cleaned:
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


def find_titled(buttons: Sequence[VisibleButton], text: str) -> str | None:
    """The id of the one button whose title a text is, but for case, accents, spaces and punctuation.

    Of the buttons of cards, which share their titles, one is meant by its number as well ("2 · Bekijk").

    Returns:
        None when it is no title, the title of several, or of a link, of what begins like a command, and of
        what is asked where the title asks nothing ("Yes, cancel it?").

    >>> find_titled([VisibleButton("Ja, annuleer", id="a"), VisibleButton("Nee", id="b")], "ja annuleer!")
    'a'
    """
    said = "" if text.lstrip().startswith("/") else _spoken(text)
    titled = {
        button.id
        for button in buttons
        if said in {_spoken(button.title), _spoken(button.plain_title)}
        and (_asks(button.title) or not _asks(text))
    }
    return titled.pop() if said and len(titled) == 1 else None


def _asks(text: str) -> bool:
    """Whether a question mark stands among what ends a text."""
    return _QUESTION_MARK.search(text) is not None


def _spoken(text: str) -> str:
    """What is left of a text when it is said aloud: its letters, and its numbers as they stand."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _UNSPOKEN.sub("", _BETWEEN_DIGITS.sub(" ", plain))


def photo_payload(photo_id: PhotoId) -> str:
    """What a photo means to the assistant: an intent, as if a button had been pressed.

    >>> from uuid import UUID
    >>> photo_payload(PhotoId(UUID(int=5)))
    '/send_photo{"photo": "00000000-0000-0000-0000-000000000005"}'
    """
    return f'/send_photo{{"photo": "{photo_id}"}}'


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
