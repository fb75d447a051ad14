"""Keeps names and addresses out of the assistant's memory on the way out, as redaction does on the way in.

A text that passes through Rasa stays in its tracker. So texts are rendered with a word in place of what is
private, which is put in once Rasa has handed the text back.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from secrets import token_hex
from typing import Final

FIRST_NAME_WORD: Final = "‹first name›"


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


_WORD: Final = re.compile(r"‹private [0-9a-f]{12}›")
_MOST_KEPT: Final = 5_000
"""Many more than there are turns at one time; a text is handed back within seconds."""


class PrivateTexts:
    """Words for what Rasa may carry and not know.

    In memory only: a turn that is taken up again makes new ones.
    """

    def __init__(self) -> None:
        self._hidden: OrderedDict[str, str] = OrderedDict()

    def hide(self, text: str) -> str:
        """A word to be said in place of a text.

        >>> private = PrivateTexts()
        >>> private.show(f"Naar {private.hide('Dorpsstraat 12')}?")
        'Naar Dorpsstraat 12?'
        """
        word = f"‹private {token_hex(6)}›"
        self._hidden[word] = text
        while len(self._hidden) > _MOST_KEPT:
            self._hidden.popitem(last=False)
        return word

    def show(self, text: str) -> str:
        """A text that Rasa handed back, with what its words stand for; an unknown one becomes an ellipsis."""
        if "‹private" not in text:
            return text
        return _WORD.sub(lambda word: self._hidden.get(word.group(), "…"), text)
