"""Answers that are too long for a channel are cut where it hurts least, and nothing is lost."""

from __future__ import annotations

import pytest
import regex  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.channels.rendering import as_plain, as_telegram_html, as_telegram_text
from balie.channels.rich_text import RichText, as_typed, parse_marks
from balie.channels.splitting import split, telegram_length, utf16_length
from tests.support.bot_api.html import HtmlReader

TELEGRAM = 4096
FAMILY = "👨‍👩‍👧‍👦"


def shown(parts: list[RichText]) -> list[str]:
    return [as_telegram_text(part) for part in parts]


def characters(text: str) -> list[str]:
    """Visible characters, without blank space."""
    return [found for found in regex.findall(r"\X", text) if not found.isspace()]


def test_what_fits_stays_one_message() -> None:
    rich = parse_marks("a\n\n- b\n- c")
    assert split(rich, TELEGRAM) == [rich]
    assert split((), TELEGRAM) == []


def test_telegram_counts_code_units_and_no_tags() -> None:
    assert utf16_length("a😀") == 3
    assert telegram_length(parse_marks("**a** <😀>")) == 6


def test_paragraphs_stay_whole() -> None:
    parts = split(parse_marks("een twee\n\ndrie vier\n\nvijf"), 18)
    assert shown(parts) == ["een twee", "drie vier\n\nvijf"]


def test_pieces_of_one_paragraph_do_not_become_paragraphs_of_one_message() -> None:
    parts = shown(split(as_typed("Een regel.\nDat kan. En dan nog een hele lange zin"), 22))
    assert parts == ["Een regel.", "Dat kan.", "En dan nog een hele", "lange zin"]


def test_items_of_a_list_stay_whole_and_keep_their_bullet() -> None:
    parts = split(parse_marks("Kies:\n- rood\n- blauw\n- groen"), 16)
    assert shown(parts) == ["Kies:", "• rood\n• blauw", "• groen"]


def test_an_item_that_is_too_long_goes_on_without_a_second_bullet() -> None:
    assert shown(split(parse_marks("- een twee drie\n- vier"), 12)) == ["• een twee", "drie", "• vier"]


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("Eerste regel\ntweede regel hier", 20, ["Eerste regel", "tweede regel hier"]),
        ("Dat kan. Zal ik dat doen?", 14, ["Dat kan.", "Zal ik dat", "doen?"]),
        ('"Dat kan." Zal ik?', 14, ['"Dat kan."', "Zal ik?"]),
        ("Het kost 3.50 euro", 12, ["Het kost", "3.50 euro"]),
        ("您好。我们的商店今天营业。", 8, ["您好。", "我们的商店今天营", "业。"]),
        ("您好吗？我很好！谢谢", 6, ["您好吗？", "我很好！谢谢"]),
        ("één\u00a0twee drie", 10, ["één\u00a0twee", "drie"]),
        ("aaaaaaaaaa", 4, ["aaaa", "aaaa", "aa"]),
        ("شكرا لك على طلبك", 8, ["شكرا لك", "على طلبك"]),
    ],
)
def test_lines_then_sentences_then_spaces_then_characters(text: str, limit: int, parts: list[str]) -> None:
    assert shown(split(as_typed(text), limit)) == parts


def test_a_sentence_that_ends_right_at_the_beginning_is_no_place_to_cut() -> None:
    assert shown(split(as_typed("Ja. " + "woord " * 10), 30))[0] == "Ja. woord woord woord woord"


def test_4097_emoji_arrive_whole() -> None:
    parts = split(as_typed("😀" * 4097), TELEGRAM)
    assert [len(part) for part in shown(parts)] == [2048, 2048, 1]


def test_families_of_emoji_stay_together() -> None:
    parts = shown(split(as_typed(FAMILY * 1000), TELEGRAM))
    assert set("".join(parts).replace(FAMILY, "")) == set()
    assert all(part == FAMILY * (len(part) // len(FAMILY)) for part in parts)


def test_a_character_longer_than_a_message_is_cut_all_the_same() -> None:
    parts = shown(split(as_typed("a" + "\u0301" * 50), 20))
    assert "".join(parts) == "a" + "\u0301" * 50
    assert max(map(len, parts)) <= 20


def test_bold_goes_on_in_the_next_part() -> None:
    parts = [as_telegram_html(part) for part in split(parse_marks("**een twee drie**"), 9)]
    assert parts == ["<b>een twee</b>", "<b>drie</b>"]


def test_a_link_is_not_cut() -> None:
    parts = split(parse_marks("Kijk eens [op onze mooie pagina](https://x.example) daar"), 26)
    assert [as_telegram_html(part) for part in parts] == [
        "Kijk eens",
        '<a href="https://x.example/">op onze mooie pagina</a> daar',
    ]


def test_a_link_longer_than_a_message_becomes_text() -> None:
    parts = split(parse_marks(f"[{'woord ' * 5}](https://x.example/)"), 20)
    assert "".join(shown(parts)).replace(" ", "") == "woord" * 5 + "(https://x.example/)"
    assert all("<a" not in as_telegram_html(part) for part in parts)


WORDS = st.lists(
    st.sampled_from(
        [
            "a", "bcd ", ". ", "\n", "\n\n", "\n- ", "**", "😀", FAMILY, "é", "e\u0301", "。", "中文", "שלום",
            "\u202e", "[x y](https://x.example) ", "[m](mailto:m@x.example)", "&<", " ", "\u00a0", "🇳🇱",
        ]
    ),
    max_size=80,
).map("".join)  # fmt: skip


@settings(deadline=None)
@given(WORDS, st.integers(40, 70))
def test_nothing_is_lost_nothing_is_too_long_and_no_character_is_torn(text: str, limit: int) -> None:
    rich = parse_marks(text)
    parts = split(rich, limit)

    assert all(0 < telegram_length(part) <= limit for part in parts)
    assert characters_of(shown(parts)) == characters(as_telegram_text(rich))
    for part in parts:
        assert HtmlReader(as_telegram_html(part)).read()[0] == as_telegram_text(part)


@settings(deadline=None)
@given(WORDS, st.integers(40, 70))
def test_other_channels_count_in_their_own_way(text: str, limit: int) -> None:
    parts = split(parse_marks(text), limit, lambda rich: len(as_plain(rich)))
    assert all(len(as_plain(part)) <= limit for part in parts)
    assert characters_of([as_plain(part) for part in parts]) == characters(as_plain(parse_marks(text)))


@settings(deadline=None)
@given(st.text(max_size=200), st.integers(30, 60))
def test_any_text_at_all_is_split(text: str, limit: int) -> None:
    parts = shown(split(as_typed(text), limit))
    whole = as_telegram_text(as_typed(text))
    assert "".join("".join(parts).split()) == "".join(whole.split())
    assert all(utf16_length(part) <= limit for part in parts)


def characters_of(parts: list[str]) -> list[str]:
    return [found for part in parts for found in characters(part)]
