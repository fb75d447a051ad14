"""The network goes, Rasa goes, the page goes: nothing is lost and nothing is there twice."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.service import RunningBalie
from tests.e2e.widget import ANSWER_WITHIN_MS, Widget

Chat = Callable[..., Widget]


def test_a_reload_keeps_the_thread(chat: Chat) -> None:
    widget = chat("en")
    widget.ask("How long does delivery take?", re.compile("working day"))
    before = widget.answers.all_inner_texts()

    widget.page.reload()
    widget.open()

    widget.expect_said("How long does delivery take?")
    expect(widget.answers).to_have_count(len(before))
    assert widget.answers.all_inner_texts() == before


def test_what_is_said_without_a_network_goes_out_once_and_in_order(chat: Chat, balie: RunningBalie) -> None:
    # A number, which says nothing to the assistant; letters by chance may say anything.
    mark = uuid4().int % 90_000 + 10_000
    first, second, third = (f"how long does delivery take, {mark} {name}" for name in ("one", "two", "three"))
    widget = chat("en")
    widget.ask(first, re.compile("working day"))

    widget.page.context.set_offline(True)
    expect(widget.notice).to_contain_text("No connection")
    widget.send(second)
    widget.send(third)
    expect(widget.typing).to_be_hidden()
    widget.page.context.set_offline(False)

    expect(widget.notice).to_be_empty(timeout=ANSWER_WITHIN_MS)
    expect(widget.answers).to_have_count(3, timeout=ANSWER_WITHIN_MS)
    widget.expect_said(first, second, third)
    assert [balie.count_messages(text) for text in (first, second, third)] == [1, 1, 1]


def test_an_answer_given_while_the_network_was_gone_is_there_once(chat: Chat) -> None:
    widget = chat("en")
    widget.ask("hello")
    before = widget.answers.count()

    with widget.page.expect_response(re.compile("/messages$")):
        widget.send("How long does delivery take?")
    widget.page.context.set_offline(True)
    expect(widget.notice).to_contain_text("No connection")
    widget.page.context.set_offline(False)

    expect(widget.answers).to_have_count(before + 1, timeout=ANSWER_WITHIN_MS)
    expect(widget.answers.last).to_contain_text("working day")
    expect(widget.typing).to_be_hidden()


@pytest.mark.parametrize(
    ("language", "question", "sentence"),
    [
        ("nl", "Waar is mijn pakket?", "Er gaat bij ons even iets mis"),
        ("en", "Where's my parcel?", "on our side"),
    ],
)
def test_without_rasa_the_customer_is_told_and_loses_nothing(
    chat: Chat, balie: RunningBalie, language: str, question: str, sentence: str
) -> None:
    widget = chat(language)

    with balie.without_rasa():
        widget.send(question)
        widget.expect_answer(sentence)
        expect(widget.typing).to_be_hidden()
    widget.page.reload()
    widget.open()

    widget.expect_said(question)
    widget.ask(
        "How long does delivery take?" if language == "en" else "Hoe lang duurt de bezorging?",
        re.compile("dag|day"),
    )


def test_rasa_is_started_again_after_a_crash(chat: Chat, balie: RunningBalie) -> None:
    widget = chat("en")
    balie.kill_rasa()

    widget.send("hello")
    widget.expect_answer()
    balie.wait_until_ready(within_s=90)

    widget.ask("How long does delivery take?", "working day")


def test_two_tabs_show_one_conversation_and_every_answer_once(chat: Chat) -> None:
    here = chat("en")
    there = chat("en", beside=here.page)

    here.ask("How long does delivery take?", "working day")
    there.expect_said("How long does delivery take?")
    there.ask("Can I pay with PayPal?", "PayPal")

    for tab in (here, there):
        tab.expect_said("How long does delivery take?", "Can I pay with PayPal?")
        expect(tab.answers).to_have_count(2)


def test_a_conversation_that_is_gone_begins_anew_without_a_word(chat: Chat) -> None:
    widget = chat("en")
    widget.ask("hello")
    widget.page.evaluate("""() => {
      const [slot] = Object.keys(localStorage);
      localStorage.setItem(slot, JSON.stringify({id: crypto.randomUUID(), token: "forged"}));
    }""")

    widget.page.reload()
    widget.open()

    widget.ask("How long does delivery take?", "working day")
    widget.expect_said("How long does delivery take?")


def test_the_typing_sign_shows_within_200_ms_and_does_not_stay(chat: Chat) -> None:
    widget = chat("en")
    widget.watch_typing()

    for question in ("hello", "How long does delivery take?"):
        widget.ask(question)
        assert widget.typing_shown_after_ms() < 200

    expect(widget.typing).to_be_hidden()


def test_an_answer_to_a_closed_chat_is_counted(chat: Chat) -> None:
    widget = chat("en")
    widget.ask("hello")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    widget.page.route(re.compile("/messages$"), hold)

    with widget.page.expect_request(re.compile("/messages$")):
        widget.send("How long does delivery take?")
    widget.close_button.click()
    held[0].continue_()

    expect(widget.opener).to_have_accessible_description("1 new message", timeout=ANSWER_WITHIN_MS)
    widget.open().close_button.click()
    expect(widget.opener).to_have_accessible_description("")


def test_only_an_opaque_token_stays_in_the_browser(chat: Chat) -> None:
    widget = chat("en")
    widget.ask("My name is Sanne and I live in Utrecht. How long does delivery take?", "working day")

    kept = widget.kept_in_browser()

    assert kept["session"] == {"duin-en-dal-language": "en"}, "which the shop's page keeps, not the chat"
    assert kept["cookies"] == ""
    assert len(kept["local"]) == 1
    assert not re.search("sanne|utrecht|delivery", str(kept), re.IGNORECASE)
    parts = widget.page.evaluate("() => Object.keys(JSON.parse(Object.values(localStorage)[0])).sort()")
    assert parts == ["id", "token"]
