"""Calls by which the channel says something itself: what they are about, not yet in words. Pure.

Unlike notices they are no part of the conversation: they are about Telegram, and nobody else reads them.
"""

from __future__ import annotations

from typing import Any, Final

from balie.channels.telegram.numbers import MessageNumbers
from balie.channels.views import PlannedCall

SAY: Final = "say"
RECAP: Final = "recap"
WEB: Final = "web"
ERASE: Final = "erase"
KEYBOARD_OFF: Final = "keyboard_off"

OWN: Final = "!"
"""What buttons of the channel's own carry begins with this; ids of the conversation's buttons never do."""
ERASE_IT: Final = "!erase"
KEEP_IT: Final = "!keep"
LANGUAGE: Final = "!language:"

Buttons = list[list[str]]
"""Pairs of what a button carries and the name of its words, or its words after a ``=``."""


class Sayings:
    """Makes such calls; each knows which messages were there before it."""

    def __init__(self, numbers: MessageNumbers) -> None:
        self._numbers = numbers

    def say(self, key: str, response: str, buttons: Buttons | None = None) -> PlannedCall:
        """A sentence of the content, once per key."""
        return self._call(SAY, key, response=response, buttons=buttons or [])

    def recap(self, key: str) -> PlannedCall:
        """Where the conversation stands, for somebody who goes on with it here."""
        return self._call(RECAP, key)

    def web(self, key: str) -> PlannedCall:
        """A link by which it goes on on the website."""
        return self._call(WEB, key)

    def erase(self, key: str) -> PlannedCall:
        """A last word, and then everything is erased."""
        return self._call(ERASE, key)

    def keyboard_off(self, message: int) -> PlannedCall:
        """Take the buttons away from under a message of ours."""
        return PlannedCall(KEYBOARD_OFF, f"{KEYBOARD_OFF}:{message}", {"message": message})

    def _call(self, kind: str, key: str, **facts: Any) -> PlannedCall:
        return PlannedCall(kind, f"{kind}:{key}", {**facts, "after": self._numbers.newest})
