"""Papers that a customer may download: a button with a link that expires."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from balie.assistant.speech import Choice
from balie.orders.outcomes import Done

SignLink: TypeAlias = Callable[[str], str]
"""From the number of a return to the address of its label (``balie.gateway.tokens.DocumentLinks``)."""

LABEL_TITLE: Final = "title_return_label"


class Documents:
    """Knows which paper goes with what was done."""

    def __init__(self, label_link: SignLink) -> None:
        self._label_link = label_link

    def for_return(self, done: Done) -> list[Choice]:
        """The label of a return by parcel; nothing for what is handed in at a store, or is no return."""
        if done.return_number is None or done.effects.send_by is None:
            return []
        return [Choice(url=self._label_link(done.return_number), title=LABEL_TITLE)]
