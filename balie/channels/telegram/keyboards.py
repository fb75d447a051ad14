"""Buttons of ours as Telegram's keyboards. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from balie.conversations.views import VisibleButton

MOST_BYTES: Final = 64
"""Of what a button carries (core.telegram.org/bots/api#inlinekeyboardbutton)."""

MOST_BUTTONS: Final = 24
_SHORT: Final = 3
_HALF_A_ROW: Final = 16


def keyboard_of(buttons: Sequence[VisibleButton]) -> InlineKeyboardMarkup | None:
    """The keyboard under a message; None when there is nothing to press.

    A link stands there only when everybody can open it: Telegram refuses the whole message otherwise.
    """
    shown = [found for found in map(_button, buttons[:MOST_BUTTONS]) if found is not None]
    if not shown:
        return None
    in_a_row = _in_a_row(shown)
    rows = [shown[start : start + in_a_row] for start in range(0, len(shown), in_a_row)]
    return InlineKeyboardMarkup(rows)


def links_in_words(buttons: Sequence[VisibleButton]) -> str:
    """The links that cannot be buttons, a line each; empty when there are none.

    >>> links_in_words([VisibleButton("Label", url="http://127.0.0.1:8080/label")])
    'Label: http://127.0.0.1:8080/label'
    """
    shut = [button for button in buttons if button.url is not None and not _is_open(button.url)]
    return "\n".join(f"{button.plain_title}: {button.url}" for button in shut)


def _button(button: VisibleButton) -> InlineKeyboardButton | None:
    title = button.plain_title.strip() or "…"
    if button.url is not None:
        return InlineKeyboardButton(title, url=button.url) if _is_open(button.url) else None
    if button.id is None or len(button.id.encode()) > MOST_BYTES:
        return None
    return InlineKeyboardButton(title, callback_data=button.id)


def _is_open(url: str) -> bool:
    return url.startswith("https://")


def _in_a_row(buttons: Sequence[InlineKeyboardButton]) -> int:
    longest = max(len(button.text) for button in buttons)
    if longest <= _SHORT:
        return 5
    return 2 if longest <= _HALF_A_ROW else 1
