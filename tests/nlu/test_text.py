import pytest

from nlu.text import LONGEST_MESSAGE, SLASH_GUARD, clean, fold, iterate_tokens, split_words


def test_words_are_folded_and_chinese_characters_stand_alone() -> None:
    assert split_words("Één pakketje, m’n 2e! 我的订单") == [
        "een",
        "pakketje",
        "m'n",
        "2e",
        "我",
        "的",
        "订",
        "单",
    ]


def test_a_sentence_without_spaces_is_cut_into_single_characters_and_latin_words() -> None:
    assert split_words("我想退货iPhone手机") == ["我", "想", "退", "货", "iphone", "手", "机"]


def test_tokens_keep_their_place_in_the_text_as_typed() -> None:
    text = "Waar is  mijn pakje?? 😡"

    assert [(span.text, span.start) for span in iterate_tokens(text)] == [
        ("Waar", 0),
        ("is", 5),
        ("mijn", 9),
        ("pakje", 14),
        ("??", 19),
        ("😡", 22),
    ]


def test_the_guard_before_a_typed_slash_is_no_part_of_a_word() -> None:
    assert clean(f"{SLASH_GUARD}/track_order") == "/track_order"
    assert split_words(clean(f"{SLASH_GUARD}/stop")) == ["stop"]


def test_control_and_direction_characters_are_dropped() -> None:
    assert clean("waar\x00 is\u202e mijn\u200b \ufeffpakje\x1b") == "waar is mijn pakje"


def test_a_very_long_message_is_cut() -> None:
    assert len(clean("a" * 10_000)) == LONGEST_MESSAGE


@pytest.mark.parametrize("text", ["", " \n\t ", "\u2060\u2060", "\x00\x01"])
def test_nothing_visible_is_an_empty_text(text: str) -> None:
    assert clean(text) == ""
    assert split_words(clean(text)) == []


def test_accents_and_case_do_not_count() -> None:
    assert fold("CAFÉ Ĳ straße") == fold("cafe ij strasse")
