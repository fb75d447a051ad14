"""The papers that go with letters, as PDF."""

from __future__ import annotations

import asyncio

from balie.content.render import Renderer
from balie.documents.invoice import draw_invoice
from balie.documents.return_label import draw_return_label
from balie.orders.invoice_papers import InvoicePapers
from balie.orders.return_labels import ReturnLabels
from balie.outbox.letters import Paper


class Printer:
    """Draws invoices and labels, in a thread: it takes tens of milliseconds."""

    def __init__(self, labels: ReturnLabels, invoices: InvoicePapers, renderer: Renderer) -> None:
        self._labels = labels
        self._invoices = invoices
        self._renderer = renderer

    async def draw(self, paper: Paper) -> bytes:
        """The paper, in its customer's own language.

        Raises:
            InvoiceNotFoundError: There is no invoice or credit note of this number.
            ReturnNotFoundError: There is no such return, or it has no label.
            ResponseNotFoundError: The content has no words for it.
            StoreUnavailableError: The database cannot be used.
        """
        if paper.kind == "invoice":
            invoice = await self._invoices.get_paper(paper.number)
            return await asyncio.to_thread(draw_invoice, invoice, self._renderer)
        label = await self._labels.get_label(paper.number)
        return await asyncio.to_thread(draw_return_label, label, self._renderer)
