"""Everything that goes wrong between a bot and Telegram can be played."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from tests.support.bot_api import BotApi, Person


@pytest.fixture(autouse=True)
def _wrote(sanne: Person) -> None:
    """A bot may write only to who wrote first."""
    sanne.says("hoi")


async def test_a_bot_that_is_too_fast_is_told_to_wait(bot: Bot, server: BotApi, sanne: Person) -> None:
    server.faults.too_many("sendMessage", retry_after=7)
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(sanne.id, "een")
    assert refused.value.retry_after in (7, timedelta(seconds=7))
    await bot.send_message(sanne.id, "twee")
    assert sanne.texts == ["twee"]


async def test_who_does_not_wait_is_counted(bot: Bot, server: BotApi, sanne: Person) -> None:
    server.faults.too_many(retry_after=60, chat=sanne.id, lasting=True)
    other = server.person("Bram")
    other.says("hoi")
    for _ in range(2):
        with pytest.raises(RetryAfter):
            await bot.send_message(sanne.id, "een")
    await bot.send_message(other.id, "een")
    assert server.faults.impatient == 1


async def test_the_usual_limits_can_be_kept(bot: Bot, server: BotApi, sanne: Person) -> None:
    server.faults.rates(per_second=3, per_chat_per_second=2)
    other = server.person("Bram")
    other.says("hoi")
    for chat in (sanne, sanne, other):
        await bot.send_message(chat.id, "x")
    for chat in (sanne, other):
        with pytest.raises(RetryAfter):
            await bot.send_message(chat.id, "x")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("trouble", ["fails", "hangs", "drops"])
async def test_a_request_that_fails_may_have_been_done(
    bot: Bot, server: BotApi, sanne: Person, trouble: str, after: bool
) -> None:
    getattr(server.faults, trouble)("sendMessage", after=after)
    with pytest.raises(NetworkError) as failed:
        await bot.send_message(sanne.id, "een", read_timeout=0.1)
    assert isinstance(failed.value, TimedOut) == (trouble == "hangs")
    await bot.send_message(sanne.id, "twee")
    assert sanne.texts == (["een", "twee"] if after else ["twee"])
    assert server.faults.left() == 0


async def test_any_words_of_refusal_can_be_played(bot: Bot, server: BotApi, sanne: Person) -> None:
    server.faults.refuses("sendMessage", "PEER_FLOOD")
    with pytest.raises(BadRequest, match="Peer_flood"):
        await bot.send_message(sanne.id, "een")
    assert [one.outcome for one in server.asked("sendMessage")] == ["Bad Request: PEER_FLOOD"]


async def test_an_upload_may_take_its_time(bot: Bot, server: BotApi, sanne: Person, picture: bytes) -> None:
    server.faults.slow("sendPhoto", seconds=0.2)
    with pytest.raises(TimedOut):
        await bot.send_photo(sanne.id, picture, read_timeout=0.02)
    await sanne.waits_for(1)


async def test_polling_and_downloads_fail_only_when_named(
    bot: Bot, server: BotApi, sanne: Person, picture: bytes
) -> None:
    sanne.sends_photo(picture)
    server.faults.fails(times=5)
    update = (await bot.get_updates())[-1]
    server.faults.clear()
    server.faults.fails("getUpdates", status=502)
    server.faults.fails("download")
    with pytest.raises(NetworkError):
        await bot.get_updates()
    assert update.message is not None
    file = await update.message.photo[-1].get_file()
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    assert bytes(await file.download_as_bytearray()) == picture


async def test_updates_come_twice_and_in_another_order(bot: Bot, server: BotApi, sanne: Person) -> None:
    server.faults.updates(doubled=0.2, reordered=0.2)
    for number in range(60):
        sanne.says(str(number))
    got: list[int] = []
    while server.queue.pending():
        batch = await bot.get_updates(offset=max(got, default=0) + 1, timeout=1)
        got += [one.update_id for one in batch]
    assert len(set(got)) == 61
    assert len(got) == 61 + server.queue.doubles
    assert got != sorted(got)


async def test_an_old_update_may_come_back(bot: Bot, server: BotApi, sanne: Person) -> None:
    [update] = await bot.get_updates()
    await bot.get_updates(offset=update.update_id + 1)
    assert update.message is not None
    server.repeats_update(update.update_id, message=update.message.to_dict())
    [again] = await bot.get_updates(offset=update.update_id + 1)
    assert again.update_id == update.update_id


async def test_half_a_request_of_a_killed_bot_is_no_request(server: BotApi, sanne: Person) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
    body = f'{{"chat_id": {sanne.id}, "text": "een"}}'.encode()
    head = f"POST /bot{server.token}/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    writer.write(head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body[:20])
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    async with httpx.AsyncClient(trust_env=False, base_url=f"{server.url}/bot{server.token}/") as client:
        await client.get("getMe")
    assert [one.method for one in server.requests] == ["getMe"]


async def test_the_server_comes_back_with_everything(bot: Bot, server: BotApi, sanne: Person) -> None:
    await bot.send_message(sanne.id, "een")
    await asyncio.to_thread(server.stop)
    with pytest.raises(NetworkError):
        await bot.send_message(sanne.id, "twee")
    server.start()
    await bot.send_message(sanne.id, "drie")
    assert sanne.texts == ["een", "drie"]
    assert len(await bot.get_updates()) == 1
