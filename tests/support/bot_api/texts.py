"""Texts and keyboards of a request: read, measured, and refused as the real server does."""

from __future__ import annotations

import re
from typing import Any, Final

from tests.support.bot_api.forms import Params
from tests.support.bot_api.html import HtmlReader
from tests.support.bot_api.markdown import MarkdownReader
from tests.support.bot_api.refusals import bad_request
from tests.support.bot_api.utf16 import Entity, units

Json = dict[str, Any]

LONGEST_TEXT: Final = 4096
LONGEST_CAPTION: Final = 1024
MOST_BUTTONS: Final = 100
MOST_IN_A_ROW: Final = 8
LONGEST_DATA: Final = 64
_BUTTON_DOES: Final = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip
_BUTTON_URL: Final = re.compile(r"(?:https?|tg)://[^\s/?#]+\S*", re.IGNORECASE)


def text_of(params: Params) -> Json:
    """``text`` and ``entities`` of a message.

    Raises:
        Refusal: No text, too long, bad markup.
    """
    text, entities = _parsed(params, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if units(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return {"text": text, **({"entities": entities} if entities else {})}


def caption_of(params: Params) -> Json:
    """``caption`` and ``caption_entities`` of a message; empty without a caption."""
    text, entities = _parsed(params, "caption", "caption_entities")
    if units(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    found: Json = {"caption": text} if text else {}
    return {**found, "caption_entities": entities} if entities else found


def _parsed(params: Params, name: str, entities_name: str) -> tuple[str, list[Json]]:
    markup, mode = params.text(name), params.text("parse_mode").lower()
    entities: list[Entity] = []
    if mode == "html":
        text, entities = HtmlReader(markup).read()
    elif mode == "markdownv2":
        text, entities = MarkdownReader(markup).read()
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        given = params.value(entities_name) or []
        text, entities = markup, [_entity(one) for one in given]
    return _trimmed(text, entities)


def _entity(given: Json) -> Entity:
    argument = given.get("url") or given.get("language") or given.get("custom_emoji_id") or ""
    return Entity(given["type"], given["offset"], given["length"], argument)


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Json]]:
    """Blank space around a text is not sent; entities move with it."""
    text = text.replace("\r", "").replace("\0", " ")
    short = text.strip()
    left, length = units(text[: len(text) - len(text.lstrip())]), units(short)
    kept: list[Json] = []
    for one in entities:
        begin = max(0, one.offset - left)
        end = min(length, one.offset - left + one.length)
        if end > begin:
            kept.append(Entity(one.type, begin, end - begin, one.argument).to_json())
    return short, kept


def keyboard_of(params: Params) -> Json | None:
    """The checked ``reply_markup`` of a request; None without one.

    Raises:
        Refusal: A button that the real server would not take.
    """
    markup = params.value("reply_markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is not None:
        _check_rows(rows)
        return {"inline_keyboard": [row for row in rows if row]}
    return markup


def _check_rows(rows: Any) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if sum(len(row) for row in rows) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    for row in rows:
        if len(row) > MOST_IN_A_ROW:
            raise bad_request("BUTTON_ROW_TOO_LONG")
        for button in row:
            _check_button(button)


def _check_button(button: Json) -> None:
    if not str(button.get("text", "")).strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be a non-empty String')
    does = [name for name in _BUTTON_DOES if name in button]
    if len(does) != 1:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not _BUTTON_URL.fullmatch(url):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
