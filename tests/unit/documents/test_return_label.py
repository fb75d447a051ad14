"""The label of a return, as its PDF says it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from balie.documents.pages import BOLD, CHINESE, PLAIN, fit, font_for, load_fonts, wrap
from balie.documents.return_label import draw_return_label
from balie.orders.return_labels import LabelledItem, ReturnLabelView
from tests.support.content import real_renderer
from tests.support.pdf import pages_of

LABEL = ReturnLabelView(
    return_number="RDD1048031-1",
    order_number="DD1048031",
    language="nl",
    sender=("Noor Visser", "Lindelaan 18", "6814KD  Arnhem"),
    sender_country="NL",
    send_by=date(2026, 12, 10),
    items=(
        LabelledItem(names={"nl": "Kustpad regenjas", "en": "Kustpad rain jacket"}, size="M", quantity=1),
    ),
)


@pytest.mark.parametrize("language", ["nl", "en", "xx", ""])
def test_a_label_is_one_page_in_the_customers_language_or_the_shops(language: str) -> None:
    pdf = draw_return_label(replace(LABEL, language=language), real_renderer())

    assert pdf.startswith(b"%PDF-")
    assert pages_of(pdf) == 1
    assert f"({'en' if language == 'en' else 'nl'})".encode() in pdf


def test_the_same_label_is_the_same_file() -> None:
    assert draw_return_label(LABEL, real_renderer()) == draw_return_label(LABEL, real_renderer())


def test_the_title_names_the_return() -> None:
    assert b"RDD1048031-1" in draw_return_label(LABEL, real_renderer())


@pytest.mark.parametrize("name", ["王小明", "Łukasz Żółć", "Ng'ang'a", "", "x" * 200])
def test_any_name_can_be_printed(name: str) -> None:
    pdf = draw_return_label(replace(LABEL, sender=(name, *LABEL.sender[1:])), real_renderer())

    assert pages_of(pdf) == 1


def test_a_parcel_full_of_items_stays_on_one_page() -> None:
    many = replace(LABEL, items=LABEL.items * 40)

    assert pages_of(draw_return_label(many, real_renderer())) == 1


def test_what_is_written_is_drawn_with_a_font_that_has_it() -> None:
    assert font_for("Regenjas") == PLAIN
    assert font_for("Regenjas", bold=True) == BOLD
    assert font_for("雨衣") == CHINESE


def test_a_line_that_is_too_wide_is_cut_and_a_text_is_wrapped() -> None:
    load_fonts()

    assert fit("kort", 10, 200) == "kort"
    assert fit("w" * 100, 10, 100).endswith("…")
    lines = wrap("een zin die niet op een regel past omdat hij lang is", 10, 100)
    assert len(lines) > 1
    assert " ".join(lines) == "een zin die niet op een regel past omdat hij lang is"
