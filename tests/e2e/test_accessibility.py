"""Everybody can use it: with a keyboard alone, with a screen reader, on a phone, in the dark."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import expect_no_violations
from tests.e2e.conftest import NewPage
from tests.e2e.widget import Widget

Chat = Callable[..., Widget]
PHONE: dict[str, Any] = {"viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True}
QUESTIONS = {"nl": "Ik wil iets terugsturen", "en": "I want to send something back"}
MOST_TABS = 60


def tab_to(page: Page, target: Any) -> None:
    """Press Tab until the keyboard is there."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element.getRootNode().activeElement === element"):
            return
    pytest.fail("The keyboard never gets there.")


def test_a_keyboard_is_enough(new_page: NewPage) -> None:
    page = new_page("en")
    widget = Widget(page, "en")

    tab_to(page, widget.opener)
    page.keyboard.press("Enter")
    expect(widget.field).to_be_focused()
    page.keyboard.type("How long does delivery take?")
    page.keyboard.press("Enter")
    expect(widget.answers.last).to_contain_text("working day", timeout=20_000)
    expect(widget.field).to_be_focused()
    page.keyboard.press("Escape")

    expect(widget.panel).to_be_hidden()
    expect(widget.opener).to_be_focused()


def test_the_keyboard_stays_in_the_open_panel(chat: Chat) -> None:
    widget = chat("en")

    for key in ("Tab", "Shift+Tab"):
        seen = set()
        for _ in range(12):
            widget.page.keyboard.press(key)
            seen.add(widget.page.evaluate("() => document.activeElement.localName"))
        assert seen == {"balie-widget"}


def test_escape_outside_the_chat_is_not_the_chats(chat: Chat) -> None:
    widget = chat("en")
    widget.page.get_by_role("link", name="Skip to the content").focus()

    widget.page.keyboard.press("Escape")

    expect(widget.panel).to_be_visible()


def test_every_message_says_its_language_and_the_log_is_read_out_politely(chat: Chat) -> None:
    widget = chat("nl")
    widget.ask("Hoe lang duurt de bezorging?", "werkdag")
    widget.ask("and how can I pay?")

    expect(widget.answers.first).to_have_attribute("lang", "nl")
    expect(widget.answers.last).to_have_attribute("lang", "en")
    expect(widget.log).to_have_attribute("aria-live", "polite")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing(new_page: NewPage, language: str, scheme: str, options: dict[str, Any]) -> None:
    page = new_page(language, color_scheme=scheme, **options)
    expect_no_violations(page)

    widget = Widget(page, language).open()
    expect_no_violations(page)

    widget.ask(QUESTIONS[language])
    expect_no_violations(page)


def test_axe_finds_nothing_when_things_go_wrong(chat: Chat) -> None:
    widget = chat("en")
    widget.ask("hello")
    widget.page.route(re.compile("/messages$"), lambda route: route.fulfill(status=429, json=TOO_MANY))

    widget.send("again and again")
    expect(widget.log.get_by_role("button", name="Try again")).to_be_visible()
    widget.page.context.set_offline(True)
    expect(widget.notice).to_contain_text("No connection")
    widget.field.fill("x" * 2010)

    expect_no_violations(widget.page)


TOO_MANY = {"error": {"code": "too_many_messages", "message": "Too many in a short time."}}


def test_a_refused_message_can_be_sent_again(chat: Chat) -> None:
    widget = chat("en")
    widget.ask("hello")
    refuse = re.compile("/messages$")
    widget.page.route(refuse, lambda route: route.fulfill(status=429, json=TOO_MANY))
    widget.send("How long does delivery take?")
    again = widget.log.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    widget.page.unroute(refuse)

    again.click()

    widget.expect_answer("working day")
    widget.expect_said("hello", "How long does delivery take?")


def test_on_a_phone_the_chat_is_the_page_and_nothing_zooms(chat: Chat) -> None:
    widget = chat("nl", **PHONE)

    box = widget.panel.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 375, 740)
    expect(widget.panel).to_have_attribute("aria-modal", "true")
    expect(widget.field).to_have_css("font-size", "16px")


def test_everything_to_press_is_big_enough(chat: Chat) -> None:
    widget = chat("en")
    widget.ask("what can you do")

    for target in widget.panel.get_by_role("button").all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, target.inner_text()


def test_nothing_moves_for_those_who_asked_for_that(chat: Chat) -> None:
    widget = chat("en")

    expect(widget.panel).to_have_css("animation-name", "none")
