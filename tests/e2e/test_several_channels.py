"""One conversation in several channels, as a browser sees it: the way out, and the way back by a link."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import segno
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.axe import expect_no_violations
from tests.e2e.conftest import NewPage, StrictShop
from tests.e2e.service import RunningBalie
from tests.e2e.widget import ANSWER_WITHIN_MS, Widget

Chat = Callable[..., Widget]
ONWARD = {"nl": "Verder in Telegram", "en": "Go on in Telegram"}
LINK = "https://t.me/duinendal_bot?start=3G29FT6AdWeMyRscISQ70w"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}


def test_a_conversation_goes_on_in_another_browser_by_a_link(
    chat: Chat, new_page: NewPage, balie: RunningBalie
) -> None:
    first = chat("en")
    first.ask("How long does delivery take?", re.compile("working day"))
    code = balie.make_way_back(conversation_of(first))

    page = new_page("en", url=f"{balie.address}/?lang=en#balie={code}")
    second = Widget(page, "en")

    expect(second.panel).to_be_visible(timeout=ANSWER_WITHIN_MS)
    second.expect_said("How long does delivery take?")
    expect(page).to_have_url(f"{balie.address}/?lang=en")
    second.ask("thanks")
    first.expect_said("How long does delivery take?", "thanks")
    page.reload()
    second.open().expect_said("How long does delivery take?", "thanks")


def test_a_link_that_was_used_says_so_and_leaves_ones_own_conversation(
    chat: Chat, new_page: NewPage, balie: RunningBalie
) -> None:
    other = chat("nl")
    other.ask("hallo")
    code = balie.make_way_back(conversation_of(other))
    Widget(new_page("nl", url=f"{balie.address}/?lang=nl#balie={code}"), "nl").expect_said("hallo")
    own = chat("nl")
    own.ask("goedemorgen")

    own.page.goto("about:blank")
    own.page.goto(f"{balie.address}/?lang=nl#balie={code}")

    expect(own.notice).to_contain_text("Deze link werkt niet meer", timeout=ANSWER_WITHIN_MS)
    own.expect_said("goedemorgen")
    expect(own.page).to_have_url(f"{balie.address}/?lang=nl")
    own.send("nog een vraag")
    expect(own.notice).to_have_text("")


def test_without_telegram_nobody_is_sent_there(chat: Chat) -> None:
    widget = chat("en")
    widget.ask("hello")

    expect(onward_button(widget)).to_be_hidden()


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("look", [{}, PHONE | {"color_scheme": "dark"}], ids=["wide", "dark phone"])
def test_the_way_to_telegram_is_a_small_window_that_everybody_can_use(
    new_page: NewPage, language: str, look: dict[str, Any]
) -> None:
    widget = with_telegram(new_page(language, **look), language)
    button = onward_button(widget)
    button.click()
    window = widget.page.get_by_role("dialog", name=ONWARD[language])

    link = window.get_by_role("link")
    expect(link).to_have_attribute("href", LINK)
    expect(window.get_by_role("img")).to_be_visible()
    assert drawn(window) == segno.make_qr(LINK, error="m").symbol_size(border=4)[0]
    expect_no_violations(widget.page)
    widget.page.keyboard.press("Tab")
    widget.page.keyboard.press("Escape")
    expect(window).to_be_hidden()
    expect(widget.panel).to_be_visible()
    expect(button).to_be_focused()


def test_the_qr_code_is_drawn_on_a_page_that_shows_no_pictures(
    new_page: NewPage, strict_shop: StrictShop
) -> None:
    widget = with_telegram(new_page("en", url=strict_shop.address), "en")

    onward_button(widget).click()

    expect(widget.page.get_by_role("dialog", name=ONWARD["en"]).get_by_role("img")).to_be_visible()


def with_telegram(page: Page, language: str) -> Widget:
    """A conversation on a page whose service says that it can go on in Telegram."""

    def add_telegram(route: Route) -> None:
        if route.request.method != "GET":
            return route.continue_()
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "continues_in": ["telegram"]})
        return None

    qr_svg = segno.make_qr(LINK, error="m").svg_inline(omitsize=True)
    made = {"url": LINK, "qr_svg": qr_svg, "expires_at": "2027-01-01T10:00:00+00:00", "lasts_s": 600}
    headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}
    page.route("**/conversations/*/messages*", add_telegram)
    page.route(
        "**/conversations/*/continuations",
        lambda route: route.fulfill(status=201, body=json.dumps(made), headers=headers),
    )
    widget = Widget(page, language).open()
    widget.ask("hello" if language == "en" else "hallo")
    return widget


def onward_button(widget: Widget) -> Locator:
    return widget.page.get_by_role("button", name=re.compile(f"{ONWARD['nl']}|{ONWARD['en']}"))


def conversation_of(widget: Widget) -> str:
    kept = widget.kept_in_browser()["local"]
    found: str = json.loads(kept["balie:visitor"])["id"]
    return found


def drawn(window: Locator) -> int:
    """How many modules wide the drawing is, its quiet zone included."""
    box = window.locator(".qr svg").get_attribute("viewBox") or ""
    return int(box.split()[2])
