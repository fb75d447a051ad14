"""Products are shown as cards, in both languages, with what can be done with them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.axe import expect_no_violations
from tests.e2e.widget import ANSWER_WITHIN_MS, Widget

pytestmark = pytest.mark.usefixtures("_learned")

Chat = Callable[..., Widget]
PHONE: dict[str, Any] = {"viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True}
WORDS = {
    "nl": {
        "question": "welke tent raden jullie aan?",
        "list": "Artikelen",
        "tent": re.compile("tent", re.I),
        "price": re.compile(r"€\s\d+,\d\d"),
        "show": "Bekijk",
        "basket_title": "Mandje",
        "in_basket": "Ligt in je mandje",
        "without_sizes": "welke energierepen raden jullie aan?",
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
        "basket_title": "Basket",
        "in_basket": "In your basket",
        "without_sizes": "which energy bars do you recommend?",
        "basket": "Add to basket",
        "no": "Not interested",
        "other": "Show me something else",
        "thanks": "won't show you that one again",
        "help": "can you help me choose something",
        "use": "Camping",
        "any": "I don't mind",
    },
}


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
    expect(cards.first.get_by_role("link", name=f"{words['show']} {name}", exact=True)).to_be_visible()
    cards.nth(1).get_by_role("button", name=str(words["no"])).click()
    widget.expect_answer(str(words["thanks"]))
    expect(cards.first.get_by_role("button", name=str(words["basket"]))).to_be_enabled()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_card_goes_into_the_basket_on_the_page(chat: Chat, language: str) -> None:
    words, widget = WORDS[language], chat(language)
    basket = widget.page.get_by_role("dialog", name=str(words["basket_title"]))
    opener = widget.page.get_by_role("button", name=re.compile(f"^{words['basket_title']}, "))
    widget.ask(str(words["without_sizes"]))
    cards = cards_of(widget, language)
    expect(cards).to_have_count(3, timeout=ANSWER_WITHIN_MS)
    name = cards.nth(1).locator(".card-name").inner_text()
    price = cards.nth(1).locator(".card-price").inner_text()

    cards.nth(1).get_by_role("button", name=f"{words['basket']} {name}", exact=True).click()
    widget.expect_answer(str(words["in_basket"]))
    expect(opener).to_contain_text("1", timeout=ANSWER_WITHIN_MS)
    opener.click()

    expect(basket.get_by_role("listitem")).to_have_count(1)
    expect(basket.get_by_role("listitem")).to_contain_text(name)
    expect(basket.get_by_role("listitem")).to_contain_text(price)


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


def test_on_a_phone_in_the_dark_cards_stand_under_each_other_and_everything_fits(chat: Chat) -> None:
    widget = chat("nl", **PHONE, color_scheme="dark")
    widget.ask(str(WORDS["nl"]["question"]))
    cards = cards_of(widget, "nl")
    expect(cards).to_have_count(3, timeout=ANSWER_WITHIN_MS)
    boxes = [card.bounding_box() for card in cards.all()]
    tops = [box["y"] + box["height"] for box in boxes if box]

    assert tops == sorted(set(tops))
    for card in cards.all():
        for part in card.locator("a, button, img, p").all():
            assert left_and_right(card)[0] <= left_and_right(part)[0]
            assert left_and_right(part)[1] <= left_and_right(card)[1]
        assert luminance_of(card) < DARK
    assert widget.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


DARK = 0.25


def left_and_right(part: Locator) -> tuple[float, float]:
    box = part.bounding_box()
    assert box is not None
    return box["x"], box["x"] + box["width"]


def luminance_of(card: Locator) -> float:
    """How light the ground of a card is, between 0 and 1."""
    colour = card.evaluate("card => getComputedStyle(card).backgroundColor")
    red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", colour)[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
