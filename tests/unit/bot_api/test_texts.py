"""The stand-in measures texts and keyboards as Telegram does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.bot_api.forms import Params
from tests.support.bot_api.refusals import Refusal
from tests.support.bot_api.texts import caption_of, keyboard_of, text_of

YES = {"text": "Ja", "callback_data": "x"}


def params(**fields: Any) -> Params:
    return Params(fields)


def words_of(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.description.removeprefix("Bad Request: ")


@pytest.mark.parametrize("text", ["a" * 4096, "😀" * 2048, "<b>" + "a" * 4096 + "</b>"])
def test_4096_code_units_without_tags_are_taken(text: str) -> None:
    assert text_of(params(text=text, parse_mode="HTML"))["text"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
        (" \n ", "message text is empty"),
    ],
)
def test_texts_too_long_or_empty_are_refused(text: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        text_of(params(text=text))
    assert words_of(refused) == words


def test_a_caption_may_be_empty_but_not_long() -> None:
    assert caption_of(params()) == {}
    with pytest.raises(Refusal) as refused:
        caption_of(params(caption="a" * 1025))
    assert words_of(refused) == "message caption is too long"


def test_blank_space_around_a_text_goes_and_marks_move_with_it() -> None:
    body = text_of(params(text="  <b> a </b> ", parse_mode="html"))
    assert body == {"text": "a", "entities": [{"type": "bold", "offset": 0, "length": 1}]}


def test_an_unknown_way_to_mark_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        text_of(params(text="a", parse_mode="XML"))
    assert words_of(refused) == "unsupported parse_mode"


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "a", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "a"},
         "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"text": " ", "callback_data": "a"},
         'can\'t parse inline keyboard button: Field "text" must be a non-empty String'),
        ({"text": "a", "url": "tel:123"}, "inline keyboard button URL 'tel:123' is invalid: Wrong HTTP URL"),
    ],
)  # fmt: skip
def test_buttons_that_cannot_be_are_refused(button: dict[str, str], words: str) -> None:
    with pytest.raises(Refusal) as refused:
        keyboard_of(params(reply_markup=json.dumps({"inline_keyboard": [[button]]})))
    assert words_of(refused) == words


def test_a_keyboard_has_its_limits() -> None:
    assert keyboard_of(params(reply_markup={"inline_keyboard": [[YES] * 8] * 12}))
    for rows in ([[YES] * 9], [[YES]] * 101):
        with pytest.raises(Refusal):
            keyboard_of(params(reply_markup={"inline_keyboard": rows}))
