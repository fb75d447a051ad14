"""The real python-telegram-bot, and the stand-in that it talks to."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator

import pytest
from PIL import Image
from telegram import Bot
from telegram.request import HTTPXRequest

from tests.support.bot_api import BotApi, Person


@pytest.fixture
def server() -> Iterator[BotApi]:
    with BotApi(checks_itself=True) as started:
        yield started
    assert started.violations == []


@pytest.fixture
def sanne(server: BotApi) -> Person:
    return server.person("Sanne")


@pytest.fixture
def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (800, 600), "teal").save(written, "JPEG")
    return written.getvalue()


@pytest.fixture
async def bot(server: BotApi) -> AsyncIterator[Bot]:
    plain = {"verify": False, "trust_env": False}
    quick = HTTPXRequest(connection_pool_size=8, read_timeout=5, pool_timeout=5, httpx_kwargs=plain)
    polling = HTTPXRequest(read_timeout=5, httpx_kwargs=plain)
    made = Bot(
        server.token,
        base_url=f"{server.url}/bot",
        base_file_url=f"{server.url}/file/bot",
        request=quick,
        get_updates_request=polling,
    )
    async with made as started:
        yield started
