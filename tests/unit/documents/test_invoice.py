"""An invoice and a credit note, as their PDF says it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from balie.documents.invoice import draw_invoice
from balie.kernel.money import Money
from balie.orders.invoice_papers import InvoiceLine, InvoicePaper
from balie.orders.kinds import InvoiceKind
from tests.support.content import real_renderer
from tests.support.pdf import pages_of

JACKET = InvoiceLine(
    names={"nl": "Regenjas", "en": "Rain jacket"},
    size="M",
    quantity=2,
    unit_price=Money(6050),
    price=Money(12100),
)
INVOICE = InvoicePaper(
    number="F2026-000123",
    kind=InvoiceKind.INVOICE,
    order_number="DD1048031",
    language="nl",
    buyer=("Noor Visser", "Lindelaan 18", "6814KD  Arnhem"),
    country="NL",
    issued_on=date(2026, 11, 2),
    due_on=date(2026, 11, 16),
    paid_on=date(2026, 11, 1),
    lines=(JACKET,),
    shipping=Money(395),
    discount=Money(395),
    net=Money(10000),
    tax=Money(2100),
    tax_percent=21.0,
    total=Money(12100),
)


@pytest.mark.parametrize("language", ["nl", "en", "zh", ""])
def test_an_invoice_is_one_page_in_the_customers_language_or_the_shops(language: str) -> None:
    pdf = draw_invoice(replace(INVOICE, language=language), real_renderer())

    assert pdf.startswith(b"%PDF-")
    assert pages_of(pdf) == 1
    assert b"F2026-000123" in pdf
    assert f"({'en' if language == 'en' else 'nl'})".encode() in pdf


def test_the_same_invoice_is_the_same_file() -> None:
    assert draw_invoice(INVOICE, real_renderer()) == draw_invoice(INVOICE, real_renderer())


def test_a_long_invoice_goes_on_on_further_pages() -> None:
    assert pages_of(draw_invoice(replace(INVOICE, lines=(JACKET,) * 60), real_renderer())) > 1


def test_a_credit_note_has_no_lines_and_says_what_it_is() -> None:
    note = replace(INVOICE, kind=InvoiceKind.CREDIT_NOTE, number="C2026-000007", lines=(), paid_on=None)

    assert b"C2026-000007" in draw_invoice(note, real_renderer())
