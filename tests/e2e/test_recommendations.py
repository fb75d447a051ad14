"""Products are shown as cards, in both languages, with what can be done with them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.axe import expect_no_violations
from tests.e2e.service import RunningBalie
from tests.e2e.widget import ANSWER_WITHIN_MS, Widget

Chat = Callable[..., Widget]
PHONE: dict[str, Any] = {"viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True}
WORDS = {
    "nl": {
        "question": "welke tent raden jullie aan?",
        "list": "Artikelen",
        "tent": re.compile("tent", re.I),
        "price": re.compile(r"€\s\d+,\d\d"),
        "show": "Bekijk",
        "basket": "In mandje",
        "no": "Niet interessant",
        "other": "Laat iets anders zien",
        "thanks": "laat ik die niet meer zien",
        "help": "kun je me helpen kiezen",
        "use": "Kamperen",
        "any": "Maakt niet uit",
    },
    "en": {
        "question": "which tent do you recommend?",
        "list": "Products",
        "tent": re.compile("tent", re.I),
        "price": re.compile(r"€\d+\.\d\d"),
        "show": "View",
        "basket": "Add to basket",
        "no": "Not interested",
        "other": "Show me something else",
        "thanks": "won't show you that one again",
        "help": "can you help me choose something",
        "use": "Camping",
        "any": "I don't mind",
    },
}


@pytest.fixture(scope="session", autouse=True)
def _lists(balie: RunningBalie) -> None:
    balie.learn_to_recommend()


def cards_of(widget: Widget, language: str) -> Locator:
    return widget.log.get_by_role("list", name=str(WORDS[language]["list"])).last.get_by_role("listitem")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_products_are_shown_as_cards_and_what_is_pressed_is_done(chat: Chat, language: str) -> None:
    words, widget = WORDS[language], chat(language)
    widget.ask(str(words["question"]))
    cards = cards_of(widget, language)

    expect(cards).to_have_count(3, timeout=ANSWER_WITHIN_MS)
    for card in cards.all():
        card.scroll_into_view_if_needed()
        expect(card).to_contain_text(words["tent"])
        expect(card).to_contain_text(words["price"])
        assert card.get_by_role("img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    name = cards.first.locator(".card-name").inner_text()
    cards.first.get_by_role("button", name=f"{words['show']} {name}", exact=True).click()
    widget.expect_answer(name, words["price"])
    cards.nth(1).get_by_role("button", name=str(words["no"])).click()
    widget.expect_answer(str(words["thanks"]))
    expect(cards.first.get_by_role("button", name=str(words["basket"]))).to_be_enabled()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_who_knows_nothing_yet_is_asked_two_questions(chat: Chat, language: str) -> None:
    words, widget = WORDS[language], chat(language)
    widget.ask(str(words["help"]))
    widget.press(str(words["use"]))
    widget.expect_answer()
    widget.press(str(words["any"]))

    expect(cards_of(widget, language)).to_have_count(3, timeout=ANSWER_WITHIN_MS)
    shown = cards_of(widget, language).first.inner_text()
    widget.press(str(words["other"]))
    widget.expect_answer()
    expect(cards_of(widget, language)).to_have_count(3, timeout=ANSWER_WITHIN_MS)
    assert cards_of(widget, language).first.inner_text() != shown


@pytest.mark.parametrize(
    ("language", "options"),
    [("nl", {}), ("en", {"color_scheme": "dark"}), ("nl", {**PHONE, "color_scheme": "dark"}), ("en", PHONE)],
)
def test_cards_leave_nobody_out(chat: Chat, language: str, options: dict[str, Any]) -> None:
    widget = chat(language, **options)
    widget.ask(str(WORDS[language]["question"]))
    expect(cards_of(widget, language)).to_have_count(3, timeout=ANSWER_WITHIN_MS)

    expect_no_violations(widget.page)
