"""Whether a message tells what happened, or is about something else. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SMALL_TALK: Final = frozenset(
    {
        "affirm",
        "ask_capabilities",
        "bot_challenge",
        "contact_human_agent",
        "deny",
        "goodbye",
        "greet",
        "repeat_answer",
        "stop_flow",
        "thank",
    }
)
TROUBLE: Final = frozenset({"complaint", "damaged_item", "warranty", "wrong_or_missing_item"})
"""What went wrong is told in the same words, whichever of these it is told for."""
_SOME_WORDS: Final = 6
"""So long is what reads like another question, and is an answer all the same: "my parcel never came"."""
_MANY_WORDS: Final = 10
"""So long is more than a yes, a no or a greeting, whatever it begins with."""
_RHETORICAL: Final = 15
"""So long is a question that is not asked to be answered: "why does nobody ever call back when …"."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A message as it was typed.

    Attributes:
        intent: What it was understood as.
        is_own: Whether that is what is talked about, another word for it, or nothing that is known.
        has_contact: Whether it gives an e-mail address or telephone number (both hidden by then).
        asks: Whether it asks something back.
    """

    text: str
    intent: str
    is_own: bool
    has_contact: bool
    asks: bool

    @property
    def length(self) -> int:
        """In words."""
        return len(self.text.split())

    @property
    def is_small_talk(self) -> bool:
        """Whether it is only polite, or only yes or no."""
        return not self.text or (self.intent in SMALL_TALK and self.length < _MANY_WORDS)


def is_first_story(said: Utterance) -> bool:
    """Whether a first sentence may be a story, rather than a question how it works."""
    return bool(said.text) and (not said.asks or said.length >= _RHETORICAL)


def is_story(said: Utterance) -> bool:
    """Whether a message answers the question what happened."""
    if said.is_small_talk or (said.asks and said.length < _RHETORICAL):
        return False
    return said.is_own or said.length >= _SOME_WORDS


def adds_to_story(said: Utterance) -> bool:
    """Whether a message that nobody asked for goes on with a story that was told."""
    if said.has_contact:
        return True
    if said.asks or said.is_small_talk:
        return False
    # Who was told to just type it, and types so much, goes on with it, whatever it reads like.
    return (said.is_own and said.length > 1) or said.length >= _MANY_WORDS
