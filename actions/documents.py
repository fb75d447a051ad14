"""Papers that a customer may download: a button with a link that expires."""

from __future__ import annotations

from typing import Final, Protocol

from balie.assistant.speech import Choice
from balie.orders.outcomes import Done

LABEL_TITLE: Final = "title_return_label"
INVOICE_TITLE: Final = "title_invoice"


class Links(Protocol):
    """Makes links (``balie.gateway.tokens.DocumentLinks``)."""

    def label(self, return_number: str) -> str:
        """Where the label of a return can be downloaded."""
        ...

    def invoice(self, invoice_number: str) -> str:
        """Where an invoice can be downloaded."""
        ...


class Documents:
    """Knows which paper goes with what was done, or asked for."""

    def __init__(self, links: Links) -> None:
        self._links = links

    def for_return(self, done: Done) -> list[Choice]:
        """The label of a return by parcel; nothing for what is handed in at a store, or is no return."""
        if done.return_number is None or done.effects.send_by is None:
            return []
        return [Choice(url=self._links.label(done.return_number), title=LABEL_TITLE)]

    def for_invoice(self, invoice_number: str) -> list[Choice]:
        """The invoice itself."""
        return [Choice(url=self._links.invoice(invoice_number), title=INVOICE_TITLE)]
