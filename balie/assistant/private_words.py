"""Keeps the customer's name out of the assistant's memory on the way out, as redaction does on the way in.

A text that passes through Rasa stays in its tracker. So texts are rendered with a word in place of the
name, and the name is put in once Rasa has handed the text back.
"""

from __future__ import annotations

from typing import Final

FIRST_NAME_WORD: Final = "‹first name›"


def hide_name(text: str, first_name: str | None) -> str:
    """The text with the name replaced by its word.

    >>> hide_name("Hallo Sanne, ik ben Balie.", "Sanne")
    'Hallo ‹first name›, ik ben Balie.'
    """
    return text.replace(first_name, FIRST_NAME_WORD) if first_name else text


def show_name(text: str, first_name: str | None) -> str:
    """The text with the name in place of its word; without a name the word goes, with what led up to it.

    >>> show_name("Hallo ‹first name›, ik ben Balie.", "Sanne")
    'Hallo Sanne, ik ben Balie.'
    >>> show_name("Tot ziens, ‹first name›.", None)
    'Tot ziens.'
    """
    if first_name:
        return text.replace(FIRST_NAME_WORD, first_name)
    for lead in (", ", " ", ""):
        text = text.replace(lead + FIRST_NAME_WORD, "")
    return text
