"""An invoice or credit note on paper: who, what, what it costs with and without tax."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Final

from babel.numbers import format_decimal
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from balie.catalogue.words import in_language
from balie.content.filters import LOCALES, Filters
from balie.content.render import Renderer
from balie.documents.pages import Type, fit, font_for, load_fonts, write, write_lines
from balie.kernel.money import Money
from balie.orders.invoice_papers import InvoiceLine, InvoicePaper
from balie.orders.kinds import InvoiceKind

MARGIN: Final = 20 * mm
RIGHT: Final = A4[0] - MARGIN
LINE: Final = 7 * mm
LOWEST: Final = 60 * mm
"""Where the sums need the rest of a page."""
WORDS: Final = ("invoice", "credit_note", "of", "order", "due", "paid", "shipping", "discount", "net", "tax",
                "total", "seller")  # fmt: skip


def draw_invoice(paper: InvoicePaper, renderer: Renderer) -> bytes:
    """The invoice as a PDF in the customer's language; the same invoice gives the same bytes.

    Raises:
        ResponseNotFoundError: The content has no words for it.
    """
    load_fonts()
    language = renderer.language_or_default(paper.language)
    facts = {
        "number": paper.number,
        "order_number": paper.order_number,
        "issued_on": paper.issued_on.isoformat(),
        "due_on": paper.due_on.isoformat(),
        "paid_on": None if paper.paid_on is None else paper.paid_on.isoformat(),
        "tax_percent": format_decimal(paper.tax_percent, locale=LOCALES[language]),
    }
    words = {name: renderer.render(f"invoice_{name}", language, facts).text for name in WORDS}
    buffer = BytesIO()
    page = Canvas(buffer, pagesize=A4, invariant=1, lang=language)
    page.setTitle(paper.number)
    page.setAuthor(str(renderer.library.shop["name"]))
    filters = Filters(language, renderer.library.words, paper.total.currency)
    y = _draw_head(page, paper, words, filters.country(paper.country))
    y = _draw_lines(page, paper, language, filters, y)
    _draw_sums(page, paper, words, filters, y)
    page.showPage()
    page.save()
    return buffer.getvalue()


def _draw_head(page: Canvas, paper: InvoicePaper, words: Mapping[str, str], country: str) -> float:
    top = A4[1] - MARGIN
    is_invoice = paper.kind is InvoiceKind.INVOICE
    write(page, (MARGIN, top - 6 * mm), words["invoice" if is_invoice else "credit_note"], 18, bold=True)
    seller = [line.strip() for line in words["seller"].split("\n") if line.strip()]
    write_lines(page, (MARGIN + 95 * mm, top - 4 * mm), seller, Type(9, 75 * mm))
    write_lines(page, (MARGIN, top - 22 * mm), [*paper.buyer, country], Type(11, 85 * mm))
    facts = [words["of"], words["order"]]
    if is_invoice:
        facts.append(words["due"] if paper.paid_on is None else words["paid"])
    y = write_lines(page, (MARGIN, top - 50 * mm), facts, Type(10, 170 * mm))
    return y - 6 * mm


def _draw_lines(page: Canvas, paper: InvoicePaper, language: str, filters: Filters, y: float) -> float:
    for line in paper.lines:
        if y < LOWEST:
            page.showPage()
            y = A4[1] - MARGIN
        write(page, (MARGIN, y), fit(_item(line, language, filters), 10, 115 * mm), 10)
        _write_right(page, y, filters.money(line.price.minor_units), 10)
        y -= LINE
    return y


def _draw_sums(
    page: Canvas, paper: InvoicePaper, words: Mapping[str, str], filters: Filters, y: float
) -> None:
    extra = [
        ("shipping", paper.shipping),
        ("discount", Money(-paper.discount.minor_units, paper.total.currency)),
    ]
    rows = [(name, amount) for name, amount in extra if amount.minor_units]
    if paper.lines:
        page.line(MARGIN, y + 4 * mm, RIGHT, y + 4 * mm)
        y -= 2 * mm
    for name, amount in [*rows, ("net", paper.net), ("tax", paper.tax)]:
        write(page, (MARGIN, y), words[name], 10)
        _write_right(page, y, filters.money(amount.minor_units), 10)
        y -= LINE
    write(page, (MARGIN, y - 2 * mm), words["total"], 13, bold=True)
    _write_right(page, y - 2 * mm, filters.money(paper.total.minor_units), 13, bold=True)


def _item(line: InvoiceLine, language: str, filters: Filters) -> str:
    size = f" ({line.size})" if line.size else ""
    each = f" à {filters.money(line.unit_price.minor_units)}" if line.quantity > 1 else ""
    return f"{line.quantity} × {in_language(line.names, language)}{size}{each}"


def _write_right(page: Canvas, y: float, text: str, size: float, *, bold: bool = False) -> None:
    page.setFont(font_for(text, bold=bold), size)
    page.drawRightString(RIGHT, y, text)
