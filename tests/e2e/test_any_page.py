"""The widget on a page that is not ours: another origin, the strictest policy, a light shop colour."""

import re

from playwright.sync_api import expect

from tests.e2e.axe import expect_no_violations
from tests.e2e.conftest import NewPage, StrictShop
from tests.e2e.widget import Widget


def test_the_widget_works_on_another_origin_under_a_strict_policy(
    new_page: NewPage, strict_shop: StrictShop
) -> None:
    page = new_page("en", url=strict_shop.address)
    widget = Widget(page, "en").open()

    widget.ask("How long does delivery take?", re.compile("working day"))

    expect(widget.panel).to_contain_text("Another shop")
    expect_no_violations(page)


def test_the_page_can_open_the_chat_and_listen(new_page: NewPage) -> None:
    page = new_page("en")
    page.evaluate("""() => {
      window.heard = [];
      for (const name of ["open", "close", "message"]) Balie.on(name, () => window.heard.push(name));
      Balie.open();
    }""")
    widget = Widget(page, "en")
    expect(widget.panel).to_be_visible()

    widget.ask("hello")
    page.evaluate("() => Balie.close()")

    expect(widget.panel).to_be_hidden()
    assert page.evaluate("() => window.heard") == ["open", "message", "close"]


def test_a_button_of_the_page_opens_the_chat_and_leaves_a_draft_alone(new_page: NewPage) -> None:
    page = new_page("en")
    page.evaluate("""() => {
      const button = document.createElement("button");
      button.addEventListener("click", Balie.open);
      button.click();
    }""")
    widget = Widget(page, "en")
    expect(widget.field).to_be_focused()
    expect(widget.field).to_have_value("")

    page.evaluate("() => Balie.open('About the tent: ')")
    expect(widget.field).to_have_value("About the tent: ")
    widget.field.press_sequentially("is it dry?")
    page.evaluate("() => Balie.open('About the coat: ')")

    expect(widget.field).to_have_value("About the tent: is it dry?")


def test_styles_of_the_page_stay_out(new_page: NewPage) -> None:
    page = new_page("en")
    page.add_style_tag(
        content="* { font-size: 3px !important; color: red !important; } button { display: none }"
    )

    widget = Widget(page, "en").open()

    expect(widget.field).to_have_css("font-size", "16px")
    expect(widget.send_button).to_be_visible()
