"""What is typed about cards, and the titles of buttons, in the widget with the real Rasa."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.widget import ANSWER_WITHIN_MS, Widget

pytestmark = pytest.mark.usefixtures("_learned")

Chat = Callable[..., Widget]
WORDS = {
    "nl": {
        "question": "welke tent raden jullie aan?",
        "list": "Artikelen",
        "other": "laat iets anders zien!",
        "others": "Wat vind je van deze?",
        "dearer": ("heb je iets beters?", "Deze zijn een stap duurder"),
        "cheaper": ("onder de 300 euro", "Tot €"),
        "why": ("waarom deze?", "Dat zit zo"),
        "none": ("niks voor mij", "Die laat ik niet meer zien"),
    },
    "en": {
        "question": "which tent do you recommend?",
        "list": "Products",
        "other": "SHOW ME SOMETHING ELSE",
        "others": "How about these?",
        "dearer": ("is there anything better?", "a step up in price"),
        "cheaper": ("under 300", "Up to €"),
        "why": ("why these?", "Here's why"),
        "none": ("don't like any of these", "I won't show you those again"),
    },
}


def names_of(widget: Widget, language: str) -> list[str]:
    cards: Locator = widget.log.get_by_role("list", name=str(WORDS[language]["list"])).last
    expect(cards.get_by_role("listitem").first).to_be_visible(timeout=ANSWER_WITHIN_MS)
    return cards.locator(".card-name").all_inner_texts()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_typed_about_cards_is_about_them(chat: Chat, language: str) -> None:
    words, widget = WORDS[language], chat(language)
    widget.ask(str(words["question"]))
    first = names_of(widget, language)
    widget.ask(str(words["other"]))
    widget.expect_answer(str(words["others"]))
    others = names_of(widget, language)
    for typed, answer in (words["cheaper"], words["dearer"], words["why"], words["none"]):
        widget.ask(typed)
        widget.expect_answer(answer)

    assert not set(first) & set(others)
    assert not set(others) & set(names_of(widget, language))
    expect(widget.log.get_by_text(re.compile("sorry|excuses|apologise|frustr", re.IGNORECASE))).to_have_count(
        0
    )
