"""Cards lead to the products' pages: the chat comes along, and the page tells what came of the card."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import expect_no_violations
from tests.e2e.conftest import NewPage
from tests.e2e.service import RunningBalie
from tests.e2e.shop import ProductPage
from tests.e2e.widget import ANSWER_WITHIN_MS, Widget

pytestmark = pytest.mark.usefixtures("_learned")

Chat = Callable[..., Widget]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
EVENTS = "**/api/v1/events"
QUESTIONS = {"nl": "welke tent raden jullie aan?", "en": "which tent do you recommend?"}
SEARCH = {"nl": ("Wat zoek je?", "regenjas"), "en": ("What are you looking for?", "rain jacket")}
ABOUT = {"nl": "Ik heb een vraag over {name}: ", "en": "I have a question about {name}: "}
GONE = {"nl": "Dit artikel verkopen we niet", "en": "We do not sell this product"}


def first_card(widget: Widget, language: str) -> Locator:
    widget.ask(QUESTIONS[language])
    cards = widget.log.locator(".card")
    expect(cards).to_have_count(3, timeout=ANSWER_WITHIN_MS)
    return cards.first


def key_of(link: Locator) -> str:
    found = re.search(r"/products/[\w-]+\?balie=([0-9a-f]{32})$", link.get_attribute("href") or "")
    assert found is not None
    return found[1]


def follow(card: Locator) -> tuple[str, str]:
    """Press the name of a card; gives the name, and the key by which it is told."""
    link = card.locator(".card-name a")
    name, key = link.inner_text(), key_of(link)
    link.click()
    return name, key


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_chat_stays_beside_the_page_which_tells_what_came_of_the_card(
    chat: Chat, balie: RunningBalie, language: str
) -> None:
    widget = chat(language)
    shown = ProductPage(widget.page, language)
    shown.tips.check()
    with widget.page.expect_response(EVENTS) as told:
        name, key = follow(first_card(widget, language))
        expect(shown.name).to_have_text(name)
    assert told.value.json()["consent"] is True
    expect(widget.panel).to_be_visible()
    expect(widget.said).to_have_text([re.compile(re.escape(QUESTIONS[language]))])
    assert "balie=" not in widget.page.url
    assert balie.list_outcomes(key) == ["click"]

    with widget.page.expect_response(EVENTS):
        shown.put_in_basket()
    expect(shown.basket).to_contain_text(name)
    assert balie.list_outcomes(key) == ["basket", "click"]


def test_without_a_yes_only_the_chat_tells_that_its_card_was_followed(
    chat: Chat, balie: RunningBalie
) -> None:
    widget = chat("en")
    told: list[str] = []
    widget.page.on("request", lambda request: told.append(request.url) if "/events" in request.url else None)
    shown = ProductPage(widget.page, "en")
    _, key = follow(first_card(widget, "en"))
    shown.put_in_basket()
    shown.basket.get_by_role("button", name="Close").click()
    balie.expect_outcomes(key, "click")
    assert told == []

    with widget.page.expect_response(EVENTS):
        shown.tips.check()
    assert balie.list_outcomes(key) == ["click"]


def test_a_card_that_is_looked_at_in_another_tab_is_followed_too(chat: Chat, balie: RunningBalie) -> None:
    widget = chat("en")
    link = first_card(widget, "en").locator(".card-name a")
    key = key_of(link)

    with widget.page.context.expect_page() as opened:
        link.click(button="middle")

    expect(ProductPage(opened.value, "en").name).to_have_text(link.inner_text())
    balie.expect_outcomes(key, "click")


def test_on_a_phone_the_chat_steps_aside_and_comes_back_with_all_that_was_said(chat: Chat) -> None:
    widget = chat("nl", **PHONE, color_scheme="dark")
    shown = ProductPage(widget.page, "nl")
    name, _ = follow(first_card(widget, "nl"))

    expect(shown.name).to_have_text(name)
    expect(widget.panel).to_be_hidden()
    expect(shown.to_basket).to_be_visible()
    widget.open()
    expect(widget.log.locator(".card")).to_have_count(3, timeout=ANSWER_WITHIN_MS)


def test_a_visitor_who_said_nothing_yet_puts_a_size_into_the_basket(new_page: NewPage) -> None:
    page = new_page("nl")
    label, words = SEARCH["nl"]
    page.get_by_role("searchbox", name=label).fill(words)
    page.keyboard.press("Enter")
    page.locator(".results").get_by_role("link").first.click()
    shown = ProductPage(page, "nl")
    expect(shown.name).to_contain_text("regenjas")
    shown.choose("L")
    expect(shown.stock).to_have_text("Online op voorraad")

    shown.put_in_basket()
    shown.put_in_basket()

    expect(shown.basket.get_by_role("listitem")).to_have_count(1)
    expect(shown.basket.get_by_role("listitem")).to_contain_text(re.compile(r"\bL\b"))
    expect(shown.basket.get_by_role("spinbutton")).to_have_value("2")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_assistant_can_be_asked_about_a_product(
    new_page: NewPage, balie: RunningBalie, language: str
) -> None:
    page = new_page(language, url=f"{balie.address}/products/DD-10001?lang={language}")
    widget, shown = Widget(page, language), ProductPage(page, language)
    name = shown.name.inner_text()
    shown.ask()

    expect(widget.field).to_have_value(ABOUT[language].format(name=name))
    expect(widget.field).to_be_focused()
    widget.close_button.click()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_not_sold_has_no_page(new_page: NewPage, balie: RunningBalie, language: str) -> None:
    page = new_page(language, url=f"{balie.address}/products/NO-SUCH?lang={language}")

    expect(page.get_by_text(GONE[language])).to_be_visible()
    expect(ProductPage(page, language).to_basket).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_the_pages_leave_nobody_out(
    new_page: NewPage, balie: RunningBalie, language: str, scheme: str, options: dict[str, Any]
) -> None:
    page = new_page(
        language,
        url=f"{balie.address}/products/DD-10110?lang={language}",
        color_scheme=scheme,
        **options,
    )
    expect(ProductPage(page, language).to_basket).to_be_visible()

    expect_no_violations(page)
    assert fits(page)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
