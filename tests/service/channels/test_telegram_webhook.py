"""The webhook's door: who may hand in what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from balie.channels.models import ChannelEventRow
from tests.service.channels.telegram_fixtures import bot
from tests.support.bot_api import BotApi
from tests.support.telegram import TelegramService, telegram_service

__all__ = ["bot"]

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def house(tmp_path: Path, bot: BotApi) -> AsyncIterator[TelegramService]:
    async with telegram_service(tmp_path, bot, mode="webhook") as house:
        yield house


def secret_of(house: TelegramService) -> str:
    return house.settings.telegram_secret.get_secret_value()


async def post(house: TelegramService, path: str, headers: dict[str, str], **body: Any) -> httpx.Response:
    async with httpx.AsyncClient(base_url=house.address, trust_env=False) as http:
        return await http.post(f"/api/v1/channels/telegram/{path}", headers=headers, **body)


def update(number: int = 7) -> dict[str, Any]:
    sender = {"id": 5, "is_bot": False, "first_name": "Sanne", "language_code": "nl"}
    chat = {"id": 5, "type": "private", "first_name": "Sanne"}
    message = {"message_id": 3, "date": 1, "from": sender, "chat": chat, "text": "Hoi"}
    return {"update_id": number, "message": message}


async def test_a_wrong_or_missing_secret_opens_nothing(house: TelegramService) -> None:
    secret = secret_of(house)
    wrong_path = await post(house, "x" * len(secret), {HEADER: secret}, json=update())
    no_word = await post(house, secret, {}, json=update())
    wrong_word = await post(house, secret, {HEADER: secret[:-1] + "!"}, json=update())

    assert [wrong_path.status_code, no_word.status_code, wrong_word.status_code] == [404, 401, 401]
    assert await house.count(ChannelEventRow) == 0


async def test_a_known_update_is_acknowledged_again(house: TelegramService) -> None:
    secret = secret_of(house)
    answers = [await post(house, secret, {HEADER: secret}, json=update()) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert await house.count(ChannelEventRow) == 1


async def test_what_is_no_json_or_no_update_is_refused(house: TelegramService) -> None:
    secret = secret_of(house)
    for content, code in (
        (b"{", "json_invalid"),
        (b"[]", "json_invalid"),
        (b"[" * 60_000, "json_invalid"),
        (b'{"update_id": "x"}', "desk_event_invalid"),
    ):
        answer = await post(house, secret, {HEADER: secret}, content=content)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert await house.count(ChannelEventRow) == 0


async def test_twenty_megabytes_are_refused_before_they_are_read(house: TelegramService) -> None:
    secret = secret_of(house)
    answer = await post(house, secret, {HEADER: secret}, content=b'{"a": "' + b"a" * 20_000_000 + b'"}')

    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")


async def test_while_the_database_cannot_be_used_telegram_is_asked_to_try_again(
    house: TelegramService,
) -> None:
    secret = secret_of(house)
    house.life.has_no_store = True
    answer = await post(house, secret, {HEADER: secret}, json=update())
    house.life.has_no_store = False

    assert answer.status_code == 503
    assert (await post(house, secret, {HEADER: secret}, json=update())).status_code == 200


async def test_where_updates_are_asked_for_there_is_no_such_door(tmp_path: Path, bot: BotApi) -> None:
    async with telegram_service(tmp_path, bot) as house:
        secret = secret_of(house)
        assert (await post(house, secret, {HEADER: secret}, json=update())).status_code == 404
