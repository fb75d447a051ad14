"""A customer asks on the website and gets the right answer."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.service import RunningBalie
from tests.e2e.widget import Widget

Chat = Callable[..., Widget]


@pytest.mark.parametrize(
    ("language", "question", "part"),
    [
        ("nl", "Hoe lang duurt de bezorging?", re.compile("werkdag", re.I)),
        ("nl", "Kan ik met iDEAL betalen?", "iDEAL"),
        ("en", "How long does delivery take?", re.compile("working day", re.I)),
        ("en", "what are the rules for sending stuff back", re.compile("30 days", re.I)),
    ],
)
def test_a_question_gets_its_answer_in_the_language_it_was_asked_in(
    chat: Chat, language: str, question: str, part: str | re.Pattern[str]
) -> None:
    widget = chat(language)

    answer = widget.ask(question, part)

    expect(answer).to_have_attribute("lang", language)
    widget.expect_said(question)


def test_the_chat_follows_the_customer_into_another_language(chat: Chat) -> None:
    widget = chat("nl")

    widget.ask("Hello, could you tell me how long delivery takes?", re.compile("working day", re.I))

    expect(Widget(widget.page, "en").field).to_be_visible()


def test_a_suggested_reply_is_one_press_away(chat: Chat) -> None:
    widget = chat("en")
    answer = widget.ask("what can you do")
    suggestion = answer.locator("xpath=..").get_by_role("button").first
    title = suggestion.inner_text()

    widget.press(title)
    widget.expect_answer()

    widget.expect_said("what can you do", title)
    expect(widget.log.get_by_role("button", name=title, exact=True)).to_have_count(0)


def test_links_open_beside_the_shop_and_know_nothing_of_it(chat: Chat) -> None:
    widget = chat("en")
    widget.ask("I want to send something back")
    link = widget.log.get_by_role("link").first

    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    expect(link).to_have_attribute("href", re.compile("^https://"))


@pytest.mark.parametrize(
    "typed",
    [
        "<img src=x onerror=alert(1)><b>bold</b>",
        "**no mark** [of](https://mine.example)",
        "'; DROP TABLE messages; --",
    ],
)
def test_what_a_customer_types_is_shown_as_typed(chat: Chat, typed: str) -> None:
    widget = chat("en")
    widget.page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))

    widget.ask(typed)

    widget.expect_said(typed)
    expect(widget.said.locator("img, b, strong, a")).to_have_count(0)


def test_a_typed_command_is_only_text(chat: Chat) -> None:
    widget = chat("en")

    widget.ask('/choose_order{"name": "value"}', "That's not something I can help with")


def test_a_message_that_is_too_long_is_held_back_with_a_hint(chat: Chat, balie: RunningBalie) -> None:
    widget = chat("en")
    too_long = "x" * 2003

    widget.send(too_long)

    expect(widget.panel).to_contain_text("3 characters too many")
    expect(widget.field).to_have_value(too_long)
    assert balie.count_messages(too_long) == 0


def test_shift_enter_begins_a_line_and_enter_sends(chat: Chat) -> None:
    widget = chat("en")

    widget.field.press_sequentially("Hello")
    widget.field.press("Shift+Enter")
    widget.field.press_sequentially("how long does delivery take?")
    widget.field.press("Enter")

    widget.expect_said("Hello\nhow long does delivery take?")
