"""A conversation that begins on the website, goes on in Telegram, is taken by an agent, and comes back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewPage, StrictShop
from tests.e2e.desk import WITHIN_MS, Desk
from tests.e2e.service import RunningBalie
from tests.e2e.widget import Widget
from tests.support.bot_api import BotApi, Person
from tests.support.photos import phone_photo

SAYS = {
    "nl": {
        "asked": "Hoe lang duurt de levering?",
        "onward": "Verder in Telegram",
        "again": "en hoe stuur ik iets terug?",
        "place": "als eerste aan de beurt",
        "hello": "Goedemiddag, ik kijk even mee.",
        "answer": "dank, hier is een foto",
        "assistant_again": "Je praat weer met mij",
    },
    "en": {
        "asked": "How long does delivery take?",
        "onward": "Go on in Telegram",
        "again": "and how do i return something?",
        "place": "next in line",
        "hello": "Good afternoon, let me have a look.",
        "answer": "thanks, here is a photo",
        "assistant_again": "You are talking to me again",
    },
}


@pytest.fixture(scope="module")
def bot() -> Iterator[BotApi]:
    """Telegram, as far as this machine has it."""
    with BotApi() as server:
        yield server


@pytest.fixture(scope="module")
def balie(
    tmp_path_factory: pytest.TempPathFactory, strict_shop: StrictShop, bot: BotApi
) -> Iterator[RunningBalie]:
    """A Balie that has a bot."""
    settings = {"BALIE_TELEGRAM_TOKEN": bot.token, "BALIE_TELEGRAM_API_URL": bot.url}
    folder = tmp_path_factory.mktemp("balie_with_bot")
    running = RunningBalie(folder, allowed_origin=strict_shop.address, more=settings)
    try:
        running.start()
        yield running
    finally:
        running.stop()


def code_in(widget: Widget, says: dict[str, str]) -> str:
    """The code in the link to Telegram that the widget shows."""
    widget.page.get_by_role("button", name=says["onward"]).click()
    window = widget.page.get_by_role("dialog", name=says["onward"])
    address = window.get_by_role("link").get_attribute("href", timeout=WITHIN_MS) or ""
    widget.page.keyboard.press("Escape")
    return parse_qs(urlsplit(address).query)["start"][0]


def last_words(person: Person, after: int) -> str:
    """What the bot has said last, once it has said more than so much."""
    person.waits_here_for(after + 1)
    return person.texts[-1]


def ways_back(person: Person) -> list[str]:
    """Links to the website; Telegram takes none to this machine on a button, so they stand in the words."""
    return re.findall(r"http://127\.0\.0\.1:\d+/#balie=[\w-]{22}$", "\n".join(person.texts), re.MULTILINE)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_one_conversation_on_the_website_in_telegram_and_at_the_desk(  # noqa: PLR0917 (fixtures)
    language: str,
    bot: BotApi,
    balie: RunningBalie,
    chat: Callable[..., Widget],
    desk: Callable[..., Desk],
    new_page: NewPage,
) -> None:
    says = SAYS[language]
    widget = chat(language)
    widget.ask(says["asked"])
    person = bot.person("Noor", language=language)

    person.starts(code_in(widget, says))
    assert says["asked"] in last_words(person, 0)
    heard = len(person.texts)
    person.says(says["again"])
    last_words(person, heard)
    widget.expect_said(says["asked"], says["again"])

    agent = desk("Sanne Kuipers", language)
    heard = len(person.texts)
    person.says("/human")
    assert says["place"] in last_words(person, heard)
    agent.accept("")
    agent.expect_said(says["asked"])
    agent.expect_said(says["again"])
    expect(agent.column.get_by_text("Telegram").first).to_be_visible()
    agent.write(says["hello"])
    bot.waits_until(lambda: says["hello"] in "\n".join(person.texts))

    person.says(says["answer"])
    person.sends_photo(phone_photo())
    agent.expect_said(says["answer"])
    expect(agent.thread.locator(".row.customer img")).to_be_visible(timeout=WITHIN_MS)
    agent.send_photo(phone_photo())
    bot.waits_until(lambda: any(seen.photos for seen in person.hears()))

    agent.step("return")
    bot.waits_until(lambda: says["assistant_again"] in "\n".join(person.texts))
    person.says("/web")
    bot.waits_until(lambda: bool(ways_back(person)))
    [link] = ways_back(person)
    back = Widget(new_page(language, url=link), language)
    for words in (says["asked"], says["again"], says["hello"], says["answer"]):
        expect(back.log).to_contain_text(words, timeout=WITHIN_MS)
    assert bot.violations == []
