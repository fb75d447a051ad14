"""Answers are read with the same marks everywhere, and written as each channel wants them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.channels.rendering import as_plain, as_telegram_html, as_telegram_text
from balie.channels.rich_text import Paragraph, Text, as_typed, parse_marks, to_json
from balie.channels.web_address import safe_address
from balie.settings import PROJECT_ROOT
from tests.support.bot_api.html import HtmlReader

CASES = json.loads((PROJECT_ROOT / "tests" / "fixtures" / "marks.json").read_text(encoding="utf-8"))

EVERYTHING = (
    "Hoi **Sanne & [co](https://duinendal.example/?a=1&b=2)**,\nkies:\n- <rood>\n- **blauw**\n\n"
    "Mail [ons](mailto:hulp@duinendal.example), bel [033 123 45 67](tel:0331234567)."
)


@pytest.mark.parametrize("case", CASES["marks"], ids=lambda case: repr(case["text"]))
def test_the_service_reads_marks_as_the_widget_does(case: dict[str, Any]) -> None:
    assert to_json(parse_marks(case["text"])) == case["blocks"]


@pytest.mark.parametrize("case", CASES["addresses"], ids=lambda case: case["address"])
def test_addresses_are_safe_and_written_as_in_a_browser(case: dict[str, Any]) -> None:
    assert safe_address(case["address"]) == case["safe"]


@pytest.mark.parametrize(
    "odd", ["https://sh%6fp.example", "https://[::1]/", "https://0x7f.1", "https://1", "https://😀.example"]
)
def test_a_host_written_in_an_odd_way_is_no_link_outside_browsers(odd: str) -> None:
    assert safe_address(odd) is None


@pytest.mark.parametrize("typed", ["**a** [b](https://c.example)", "- a\n- b", "<b>*_[`~", "שלום **x**"])
def test_what_somebody_typed_stays_as_typed(typed: str) -> None:
    assert as_plain(as_typed(typed)) == typed
    assert HtmlReader(as_telegram_html(as_typed(typed))).read() == (typed, [])


def test_blank_lines_of_what_was_typed_part_paragraphs() -> None:
    assert as_typed("a\n\n\nb") == (Paragraph((Text("a"),)), Paragraph((Text("b"),)))


def test_plain_text_tells_where_links_lead() -> None:
    assert as_plain(parse_marks(EVERYTHING)) == (
        "Hoi Sanne & co (https://duinendal.example/?a=1&b=2),\nkies:\n- <rood>\n- blauw\n\n"
        "Mail ons (hulp@duinendal.example), bel 033 123 45 67."
    )


def test_plain_text_does_not_say_an_address_twice() -> None:
    assert as_plain(parse_marks("[duinendal.example](https://duinendal.example/)")) == "duinendal.example"
    assert as_plain(parse_marks("[a@b.example](mailto:a@b.example)")) == "a@b.example"


def test_telegram_gets_tags_for_marks_and_escapes_for_everything_else() -> None:
    assert as_telegram_html(parse_marks(EVERYTHING)) == (
        'Hoi <b>Sanne &amp; <a href="https://duinendal.example/?a=1&amp;b=2">co</a></b>,\nkies:\n'
        "• &lt;rood&gt;\n• <b>blauw</b>\n\n"
        "Mail ons (hulp@duinendal.example), bel 033 123 45 67."
    )


MARKED = st.text(alphabet=st.sampled_from("ab **[]()<>&\"'/:.\n- \u00a0é😀") | st.characters(codec="utf-8"))


@settings(deadline=None)
@given(MARKED)
def test_whatever_is_said_telegram_can_read_it_and_shows_what_we_count(text: str) -> None:
    rich = parse_marks(text)
    shown, _ = HtmlReader(as_telegram_html(rich)).read()
    assert shown == as_telegram_text(rich)
