"""The label of a return: address and barcode to be cut out, and below it what goes into the parcel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, Final

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from balie.catalogue.words import in_language
from balie.content.filters import Filters
from balie.content.render import Renderer
from balie.documents.pages import PLAIN, Type, load_fonts, wrap, write, write_lines
from balie.orders.return_labels import LabelledItem, ReturnLabelView

MARGIN: Final = 20 * mm
LABEL_HEIGHT: Final = 110 * mm
MOST_LINES: Final = 18
"""So many items are listed; the parcel holds what it holds."""


def draw_return_label(label: ReturnLabelView, renderer: Renderer) -> bytes:
    """The label as a PDF of one A4 page, in the customer's language; the same label gives the same bytes.

    Raises:
        ResponseNotFoundError: The content has no words for it.
    """
    load_fonts()
    language = renderer.language_or_default(label.language)
    words = {
        name: renderer.render(f"label_{name}", language, _facts(label)).text
        for name in ("title", "from", "to", "cut", "contents", "steps")
    }
    if label.track_code is not None:
        words["carrier"] = renderer.render("label_carrier", language, _facts(label)).text
    buffer = BytesIO()
    page = Canvas(buffer, pagesize=A4, invariant=1, lang=language)
    page.setTitle(f"{words['title']} {label.return_number}")
    page.setAuthor(str(renderer.library.shop["name"]))
    library = renderer.library
    filters = Filters(language, library.words, library.shop["currency"])
    address = library.shop["returns"]["address"]
    sender = [*label.sender, filters.country(label.sender_country)]
    shop = [address["name"], address["street"], address["place"], filters.country(address["country"])]
    _draw_label(page, label.return_number, words, sender=sender, shop=shop)
    if label.track_code is not None:
        _draw_track_code(page, label.track_code, words["carrier"])
    _draw_contents(page, label, words, language)
    page.showPage()
    page.save()
    return buffer.getvalue()


def _facts(label: ReturnLabelView) -> dict[str, Any]:
    return {
        "number": label.order_number,
        "send_by": label.send_by.isoformat(),
        "pick_up_on": None if label.pick_up_on is None else label.pick_up_on.isoformat(),
        "track_code": label.track_code,
    }


def _draw_label(
    page: Canvas, number: str, words: Mapping[str, str], *, sender: Sequence[str], shop: Sequence[str]
) -> None:
    width, top = A4[0] - 2 * MARGIN, A4[1] - MARGIN
    page.rect(MARGIN, top - LABEL_HEIGHT, width, LABEL_HEIGHT)
    left = MARGIN + 8 * mm
    write(page, (left, top - 12 * mm), words["title"], 16, bold=True)
    write(page, (left, top - 20 * mm), words["from"], 9)
    write_lines(page, (left, top - 25 * mm), sender, Type(10, width - 16 * mm))
    write(page, (left, top - 50 * mm), words["to"], 9)
    write_lines(page, (left, top - 57 * mm), shop, Type(14, width - 16 * mm, bold=True))
    barcode = Code128(number, barHeight=16 * mm, barWidth=0.42 * mm)
    middle, low = MARGIN + width / 2, top - LABEL_HEIGHT
    barcode.drawOn(page, middle - barcode.width / 2, low + 13 * mm)
    page.setFont(PLAIN, 11)
    page.drawCentredString(middle, low + 7 * mm, number)
    page.setDash(3, 3)
    below = top - LABEL_HEIGHT - 5 * mm
    page.line(MARGIN, below, MARGIN + width, below)
    page.setDash()
    write(page, (MARGIN, below - 5 * mm), words["cut"], 8)


def _draw_track_code(page: Canvas, track_code: str, words: str) -> None:
    """The carrier's own barcode, in the upper right corner: what the customer hands over is known by it."""
    barcode = Code128(track_code, barHeight=11 * mm, barWidth=0.33 * mm)
    right, top = A4[0] - MARGIN - 4 * mm, A4[1] - MARGIN
    barcode.drawOn(page, right - barcode.width, top - 15 * mm)
    page.setFont(PLAIN, 9)
    page.drawRightString(right - 6 * mm, top - 19 * mm, words)


def _draw_contents(page: Canvas, label: ReturnLabelView, words: Mapping[str, str], language: str) -> None:
    width, y = A4[0] - 2 * MARGIN, A4[1] - MARGIN - LABEL_HEIGHT - 24 * mm
    write(page, (MARGIN, y), words["contents"], 13, bold=True)
    lines = [_item_line(item, language) for item in label.items[:MOST_LINES]]
    y = write_lines(page, (MARGIN, y - 8 * mm), lines, Type(11, width))
    steps = [line for step in words["steps"].split("\n") if step for line in wrap(step, 10, width)]
    write_lines(page, (MARGIN, y - 6 * mm), steps, Type(10, width))


def _item_line(item: LabelledItem, language: str) -> str:
    size = f" ({item.size})" if item.size else ""
    return f"{item.quantity} × {in_language(item.names, language)}{size}"
