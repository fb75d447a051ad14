"""Bringing the bot's menu, descriptions and webhook to Telegram, and saying what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from balie.channels.telegram.client import TelegramAccess, TelegramClient
from balie.channels.telegram.setup import Remark, Wanted, check, set_up, webhook_address
from balie.channels.telegram.updates import COMMANDS
from balie.settings import Settings
from tests.service.channels.telegram_fixtures import bot
from tests.support.bot_api import BotApi
from tests.support.content import real_renderer

__all__ = ["bot"]

SECRET = "a-secret-of-enough-signs-for-telegram-42"
PUBLIC = "https://shop.example"


@pytest.fixture
async def client(bot: BotApi) -> AsyncIterator[TelegramClient]:
    client = TelegramClient(TelegramAccess(token=bot.token, url=bot.url), longest=timedelta(seconds=2))
    yield client
    await client.aclose()


def wanted(public_url: str = "") -> Wanted:
    address = webhook_address(public_url, SECRET) if public_url else ""
    return Wanted(webhook=address, secret=SECRET, words=real_renderer())


def bad(remarks: tuple[Remark, ...]) -> list[str]:
    return [remark.what for remark in remarks if remark.is_good is False]


@pytest.fixture(params=["", PUBLIC])
def way(request: pytest.FixtureRequest) -> Wanted:
    return wanted(request.param)


async def test_a_fresh_one_lacks_everything_and_then_nothing(client: TelegramClient, way: Wanted) -> None:
    assert bad(await check(client, way))[-2:] == [
        "the menu (default) is another one",
        "the description (default) is another one",
    ]

    remarks = await set_up(client, way)

    assert bad(remarks) == []
    assert remarks[0].what == "the token is of @duinendal_bot"
    assert list(await client.list_commands("nl")) == list(COMMANDS)
    assert (await client.list_commands("en"))["human"] == "Talk to a colleague"
    assert (await client.find_webhook()).url == way.webhook
    assert bad(await check(client, way)) == []


async def test_a_webhook_that_is_set_is_in_the_way_of_asking(client: TelegramClient, bot: BotApi) -> None:
    await set_up(client, wanted(PUBLIC))

    assert bad(await check(client, wanted())) == [
        "a webhook is set (shop.example), so updates cannot be asked for"
    ]
    assert bad(await set_up(client, wanted())) == []


async def test_a_webhook_that_leads_elsewhere_is_seen(client: TelegramClient) -> None:
    await set_up(client, wanted("https://old.example"))

    assert bad(await check(client, wanted(PUBLIC))) == ["the webhook leads elsewhere"]


async def test_telegrams_own_words_about_a_webhook_are_passed_on(client: TelegramClient, bot: BotApi) -> None:
    bot.leads(PUBLIC, "http://127.0.0.1:9")
    await set_up(client, wanted(PUBLIC))
    person = bot.person()
    person.says("Hoi")
    async with asyncio.timeout(5):
        while not (await client.find_webhook()).last_error:  # noqa: ASYNC110 (another thread)
            await asyncio.sleep(0.01)
    (found,) = bad(await check(client, wanted(PUBLIC)))

    assert found.startswith("Telegram says: ")
    assert found.endswith("(1 updates wait)")


async def test_a_webhook_needs_https(client: TelegramClient) -> None:
    assert "a webhook needs an address with https" in bad(await set_up(client, wanted("http://shop.example")))


async def test_a_token_that_telegram_does_not_know_is_said_so(bot: BotApi) -> None:
    client = TelegramClient(TelegramAccess(token="1:not-the-token", url=bot.url))
    (remark,) = await set_up(client, wanted())
    await client.aclose()

    assert (remark.what, remark.is_good) == ("Telegram does not know this token", False)


async def test_where_nobody_answers_it_is_the_connection() -> None:
    client = TelegramClient(TelegramAccess(token="1:token", url="http://127.0.0.1:9"))
    (remark,) = await check(client, wanted())
    await client.aclose()

    assert (remark.what, remark.is_good) == ("Telegram cannot be reached", False)


def test_what_telegram_is_told_is_short_enough() -> None:
    for language in real_renderer().languages:
        long, short = wanted().descriptions(language)
        assert len(long) <= 512
        assert len(short) <= 120
        assert all(len(words) <= 256 for words in wanted().commands(language).values())


def test_a_secret_that_telegram_would_not_take_is_refused() -> None:
    with pytest.raises(ValueError, match="telegram_secret"):
        Settings(telegram_secret="spaces are not allowed in a header, says Telegram")
