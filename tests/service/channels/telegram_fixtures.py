"""A bot and the service behind it, for the tests of Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.bot_api import BotApi
from tests.support.telegram import TelegramService, telegram_service


@pytest.fixture
def bot() -> Iterator[BotApi]:
    """A Bot API that nobody has asked anything invalid when the test is over."""
    with BotApi() as bot:
        yield bot
        assert bot.violations == []


@pytest.fixture
async def house(tmp_path: Path, bot: BotApi) -> AsyncIterator[TelegramService]:
    """The service, which asks for updates."""
    async with telegram_service(tmp_path, bot) as house:
        yield house
