"""Personal answers: for a customer the shop knows at once, for a stranger after a little proof."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewPage
from tests.e2e.service import RunningBalie
from tests.e2e.shop import DemoShop
from tests.e2e.widget import Widget

Chat = Callable[..., Widget]
Known = Callable[[str], Widget]


@pytest.fixture
def known(new_page: NewPage) -> Known:
    """A customer who is logged in at the demo shop, with the chat open."""

    def make(language: str) -> Widget:
        page = new_page(language)
        DemoShop(page, language).log_in()
        return Widget(page, language).open()

    return make


def test_a_known_customer_is_answered_without_being_asked(known: Known) -> None:
    widget = known("en")

    widget.ask("Where is my order?", re.compile(r"\bDD\d{7}\b"))


def test_logging_out_takes_the_conversation_away(known: Known) -> None:
    widget = known("nl")
    widget.ask("Waar is mijn bestelling?", re.compile(r"\bDD\d{7}\b"))

    widget.close_button.click()
    DemoShop(widget.page, "nl").log_out()
    widget.open()

    expect(widget.said).to_have_count(0)
    assert widget.kept_in_browser()["local"] == {}


def test_a_known_customer_finds_the_conversation_again_after_a_reload(known: Known) -> None:
    widget = known("en")
    widget.ask("Where is my order?", re.compile(r"\bDD\d{7}\b"))

    widget.page.reload()
    widget.open()

    widget.expect_said("Where is my order?")


def test_a_stranger_shows_who_they_are_with_order_number_and_email(chat: Chat, balie: RunningBalie) -> None:
    order = balie.find_order_on_its_way(language="nl")
    widget = chat("nl")

    widget.ask("Waar is mijn bestelling?", re.compile("bestelnummer", re.I))
    widget.ask(order.number, re.compile("e-mailadres", re.I))
    widget.ask(order.email, order.number)

    expect(widget.answers.last).not_to_contain_text(order.email)


def test_a_stranger_with_the_wrong_proof_learns_nothing(chat: Chat, balie: RunningBalie) -> None:
    order = balie.find_order_on_its_way(language="en")
    widget = chat("en")
    widget.ask(f"Where is my order {order.number}?", re.compile("e-mail", re.I))

    widget.ask("somebody.else@example.org", re.compile("tries left|one try left", re.I))

    expect(widget.log).not_to_contain_text(order.first_name)
