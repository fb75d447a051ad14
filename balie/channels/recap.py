"""Where a conversation stands, for a customer who goes on with it elsewhere. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from balie.conversations.views import Author, Message, VisibleButton

LOOK_BACK: Final = 20
"""Messages: further back nobody remembers."""

LONGEST_QUOTE: Final = 200


@dataclass(frozen=True, slots=True)
class Recap:
    """What was last asked and last answered; None where it was not.

    Attributes:
        buttons: Those of the answer, to be pressed here.
    """

    question: str | None
    answer: str | None
    buttons: tuple[VisibleButton, ...]


def recap_of(messages: Sequence[Message]) -> Recap:
    """The recap of the last messages, oldest first."""
    asked = _last(messages, lambda found: found.author is Author.CUSTOMER)
    answered = _last(messages, lambda found: found.author is not Author.CUSTOMER)
    return Recap(
        question=None if asked is None else quoted(asked.text),
        answer=None if answered is None else answered.text,
        buttons=() if answered is None else answered.buttons,
    )


def quoted(text: str) -> str:
    r"""What somebody typed, as one line that is not too long.

    >>> quoted("Waar is mijn\npakket?")
    'Waar is mijn pakket?'
    """
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1]}…"


def _last(messages: Sequence[Message], is_meant: Callable[[Message], bool]) -> Message | None:
    return next((found for found in reversed(messages) if is_meant(found) and found.text), None)
