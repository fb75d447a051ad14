"""The stand-in posts updates to a webhook until they are taken."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict

from tests.support.bot_api import BotApi, Person
from tests.support.bot_api.webhooks import SECRET_HEADER

PUBLIC = "https://shop.example"
SECRET = "S3cret-of-the_tests"


class Taker:
    """The bot's side of a webhook; answers what it is told to."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.got: list[tuple[str, Mapping[str, str], Any]] = []

    async def take(self, path: str, headers: Mapping[str, str], body: bytes) -> int:
        self.got.append((path, headers, json.loads(body)))
        return self.statuses.pop(0) if self.statuses else 200

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for _, _, update in self.got]


async def none_pending(server: BotApi) -> None:
    await asyncio.to_thread(server.waits_until, lambda: server.queue.pending() == 0)


async def lead(server: BotApi, bot: Bot, taker: Taker) -> None:
    server.leads(PUBLIC, taker.take, loop=asyncio.get_running_loop())
    assert await bot.set_webhook(f"{PUBLIC}/hook/x", secret_token=SECRET, allowed_updates=["message"])


async def test_updates_come_with_the_secret_to_the_path(server: BotApi, bot: Bot, sanne: Person) -> None:
    taker = Taker()
    await lead(server, bot, taker)
    sanne.says("hoi")
    await none_pending(server)

    [(path, headers, update)] = taker.got
    assert (path, headers[SECRET_HEADER]) == ("/hook/x", SECRET)
    read = Update.de_json(update, bot)
    assert read.message is not None
    assert read.message.text == "hoi"


async def test_what_came_before_the_webhook_is_posted_too(server: BotApi, bot: Bot, sanne: Person) -> None:
    sanne.says("vroeg")
    taker = Taker()
    await lead(server, bot, taker)
    await none_pending(server)
    assert taker.texts == ["vroeg"]


async def test_updates_are_posted_until_they_are_taken(server: BotApi, bot: Bot, sanne: Person) -> None:
    taker = Taker(500, 404)
    server.postman.first_retry_s = 0.001
    await lead(server, bot, taker)
    sanne.says("een")
    sanne.says("twee")
    await none_pending(server)

    assert taker.texts == ["een", "een", "een", "twee"]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 404"
    assert [post.status for post in server.postman.posts] == [500, 404, 200, 200]


async def test_a_real_address_on_loopback_takes_them_as_well(server: BotApi, bot: Bot, sanne: Person) -> None:
    got: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        got.append(head + await reader.readexactly(length))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    service = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with service:
        port = service.sockets[0].getsockname()[1]
        server.leads(PUBLIC, f"http://127.0.0.1:{port}")
        await bot.set_webhook(f"{PUBLIC}/hook", secret_token=SECRET)
        sanne.says("hoi")
        await none_pending(server)
    [request] = got
    assert request.startswith(b"POST /hook HTTP/1.1")
    assert SECRET.encode() in request


async def test_a_service_that_is_down_is_told_in_the_info(server: BotApi, bot: Bot, sanne: Person) -> None:
    await bot.set_webhook(f"{PUBLIC}/hook")
    sanne.says("hoi")
    await asyncio.to_thread(server.waits_until, lambda: server.webhook.last_error is not None)
    info = await bot.get_webhook_info()
    assert info.pending_update_count == 1
    assert info.last_error_message == "Failed to resolve host: Name or service not known"
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_polling_and_a_webhook_do_not_go_together(server: BotApi, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.to_thread(server.waits_until, lambda: server.polls.current is not None)
    await bot.set_webhook(f"{PUBLIC}/hook")
    with pytest.raises(Conflict):
        await poll
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


@pytest.mark.parametrize(
    ("url", "secret", "words"),
    [
        ("http://shop.example/hook", None, "An HTTPS URL must be provided"),
        ("https://shop.example:8080/hook", None, "only on ports 80, 88, 443 or 8443"),
        ("https://shop.example/hook", "with space", "unallowed characters"),
    ],
)
async def test_webhooks_that_cannot_be_are_refused(
    bot: Bot, url: str, secret: str | None, words: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.set_webhook(url, secret_token=secret)
