"""A customer changes something in the chat: shown first, done after a yes, and only then."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from balie.orders.demo.personas import DAVID, NOOR
from tests.e2e.conftest import NewPage
from tests.e2e.service import RunningBalie
from tests.e2e.shop import DemoShop
from tests.e2e.widget import Widget

Chat = Callable[..., Widget]


WORDS = {
    "nl": {
        "wish": "Ik wil mijn bestelling annuleren",
        "question": "Zal ik bestelling",
        "digression": "Kan ik met iDEAL betalen?",
        "no": "nee",
        "kept": "blijft staan",
        "yes": "ja graag",
        "done": "is geannuleerd",
    },
    "en": {
        "wish": "I want to cancel my order",
        "question": "Shall I cancel order",
        "digression": "How long does delivery take?",
        "no": "no",
        "kept": "stays as it is",
        "yes": "yes please",
        "done": "is cancelled",
    },
}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_stranger_cancels_after_showing_whose_order_it_is_a_digression_and_a_change_of_mind(
    chat: Chat, balie: RunningBalie, language: str
) -> None:
    words, order, widget = WORDS[language], balie.find_order_to_cancel(), chat(language)
    question = re.compile(f"{words['question']} {order.number}")

    widget.ask(words["wish"])
    widget.ask(order.number)
    widget.ask(order.email, question)
    widget.ask(words["digression"], order.number)
    widget.ask(words["no"], words["kept"])
    assert not balie.is_cancelled(order.number)

    widget.ask(f"{words['wish']} {order.number}", question)
    widget.ask(words["yes"], words["done"])

    assert balie.is_cancelled(order.number)


RETURN = {
    "nl": {
        "wish": "Ik wil de schoenen terugsturen, ze zijn te klein",
        "condition": "ongebruikt",
        "digression": "Wat kost terugsturen?",
        "back": "Ongebruikt",
        "method": "Opsturen met een label",
        "shown": "Zal ik deze retour aanmelden",
        "yes": "Ja, meld hem aan",
        "done": "Je retour is aangemeld",
        "label": re.compile("Label downloaden"),
    },
    "en": {
        "wish": "I want to return the swimsuit, it does not fit, too small",
        "condition": "never worn",
        "digression": "How long does a refund take?",
        "back": "Unused",
        "method": "Send it with a label",
        "shown": "Shall I register this return",
        "yes": "Yes, register it",
        "done": "Your return is registered",
        "label": re.compile("Download the label"),
    },
}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_known_customer_returns_something_and_downloads_the_label(
    new_page: NewPage, balie: RunningBalie, language: str
) -> None:
    words, page = RETURN[language], new_page(language)
    DemoShop(page, language).log_in(f"{NOOR.first_name} {NOOR.last_name}")
    widget = Widget(page, language).open()

    widget.ask(words["wish"])
    choose_order_if_asked(widget, NOOR.order_number)
    expect(widget.log.get_by_role("button", name=words["back"])).to_be_visible()
    widget.ask(words["digression"])
    widget.ask(words["condition"])
    widget.press(words["method"])
    widget.expect_answer(words["shown"])
    widget.press(words["yes"])
    widget.expect_answer(words["done"])

    link = widget.log.get_by_role("link", name=words["label"])
    label = page.request.get(link.get_attribute("href") or "")
    assert label.headers["content-type"] == "application/pdf"
    assert label.body().startswith(b"%PDF-")
    assert balie.count_returns(NOOR.order_number) >= 1


def choose_order_if_asked(widget: Widget, number: str) -> None:
    """Noor may have other orders that can come back; then the assistant asks which."""
    buttons = widget.log.get_by_role("button", name=re.compile(number))
    expect(widget.log.locator(".choices").first).to_be_visible()
    if buttons.count():
        buttons.first.click()


ADDRESS = {
    "nl": {
        "wish": "Ik wil het bezorgadres wijzigen",
        "address": "naar Kerkstraat 5-a, 1012 AB Amsterdam",
        "yes": "Ja, daarheen",
        "done": "Gedaan",
    },
    "en": {
        "wish": "I want to change the delivery address",
        "address": "to Dorpsstraat 12, 3512 AB Utrecht",
        "yes": "Yes, send it there",
        "done": "Done",
    },
}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_known_customer_sends_an_order_somewhere_else(
    new_page: NewPage, balie: RunningBalie, language: str
) -> None:
    words, page = ADDRESS[language], new_page(language)
    DemoShop(page, language).log_in(f"{DAVID.first_name} {DAVID.last_name}")
    widget = Widget(page, language).open()

    widget.ask(words["wish"])
    choose_order_if_asked(widget, DAVID.order_number)
    widget.ask(words["address"], re.compile("Kerkstraat 5-a|Dorpsstraat 12"))
    widget.press(words["yes"])
    widget.expect_answer(words["done"])

    assert balie.address_of(DAVID.order_number) in {"Kerkstraat 5-a", "Dorpsstraat 12"}
