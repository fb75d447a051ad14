"""python-telegram-bot fetches updates from the stand-in by long polling."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from telegram import Bot, Update
from telegram.error import Conflict

from tests.support.bot_api import BotApi, Person


async def next_update(bot: Bot, after: int = 0) -> Update:
    [update] = await bot.get_updates(offset=after and after + 1, timeout=5)
    return update


async def test_the_bot_knows_who_it_is(bot: Bot, server: BotApi) -> None:
    me = await bot.get_me()
    assert (me.username, me.is_bot) == (server.username, True)


@pytest.mark.parametrize(("token", "status"), [("1:" + "x" * 35, 401), ("nonsense", 404)])
async def test_a_wrong_token_is_refused(server: BotApi, token: str, status: int) -> None:
    async with httpx.AsyncClient(trust_env=False, base_url=server.url) as client:
        assert (await client.get(f"/bot{token}/getMe")).status_code == status
        assert (await client.get(f"/file/bot{token}/photos/file_1.jpg")).status_code == status


async def test_what_a_person_writes_arrives_with_who_they_are(bot: Bot, sanne: Person) -> None:
    message_id = sanne.says("Waar is mijn pakket?")

    update = await next_update(bot)

    assert update.message is not None
    assert update.effective_user is not None
    assert (update.message.text, update.message.message_id) == ("Waar is mijn pakket?", message_id)
    assert (update.message.chat_id, update.effective_user.language_code) == (sanne.id, "nl")


async def test_a_command_is_marked_as_one(bot: Bot, sanne: Person) -> None:
    sanne.starts("code")
    update = await next_update(bot)
    assert update.message is not None
    assert update.message.text == "/start code"
    assert [entity.type for entity in update.message.entities] == ["bot_command"]


async def test_a_poll_waits_for_what_comes(bot: Bot, server: BotApi, sanne: Person) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.to_thread(server.waits_until, lambda: server.polls.current is not None)
    sanne.says("hoi")
    assert len(await poll) == 1


async def test_updates_come_again_until_they_are_acknowledged(bot: Bot, sanne: Person) -> None:
    sanne.says("een")
    sanne.says("twee")
    first = await bot.get_updates()
    again = await bot.get_updates()
    assert [one.update_id for one in first] == [one.update_id for one in again]
    assert len(await bot.get_updates(offset=first[0].update_id + 1)) == 1


async def test_only_one_may_poll(bot: Bot, server: BotApi, sanne: Person) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.to_thread(server.waits_until, lambda: server.polls.current is not None)
    second = asyncio.create_task(bot.get_updates(timeout=5))
    with pytest.raises(Conflict, match="terminated by other getUpdates"):
        await first
    sanne.says("hoi")
    assert len(await second) == 1


async def test_a_poller_that_was_killed_takes_nothing_along(bot: Bot, server: BotApi, sanne: Person) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.to_thread(server.waits_until, lambda: server.polls.current is not None)
    poll.cancel()
    await asyncio.gather(poll, return_exceptions=True)
    await asyncio.to_thread(server.waits_until, lambda: server.polls.current is None)
    sanne.says("hoi")
    assert (await next_update(bot)).message is not None


async def test_an_edit_a_photo_a_file_and_a_blocking_arrive(bot: Bot, sanne: Person, picture: bytes) -> None:
    said = sanne.says("hoi")
    sanne.edits(said, "hallo")
    sanne.sends_photo(picture, caption="kapot")
    sanne.sends_document(b"%PDF", "bon.pdf")
    sanne.blocks()
    sanne.unblocks()

    _, edit, photo, document, blocked, unblocked = await bot.get_updates()

    assert edit.edited_message is not None
    assert (edit.edited_message.text, edit.edited_message.message_id) == ("hallo", said)
    assert photo.message is not None
    assert photo.message.caption == "kapot"
    assert [max(size.width, size.height) for size in photo.message.photo] == [90, 320, 800]
    assert document.message is not None
    assert document.message.document is not None
    assert document.message.document.mime_type == "application/pdf"
    assert blocked.my_chat_member is not None
    assert unblocked.my_chat_member is not None
    changed = [one.my_chat_member.new_chat_member.status for one in (blocked, unblocked)]  # type: ignore[union-attr]
    assert changed == ["kicked", "member"]


@pytest.mark.parametrize(
    "kind",
    ["sticker", "voice", "audio", "video", "video_note", "animation", "document", "location", "venue",
     "contact", "poll", "dice"],
)  # fmt: skip
async def test_people_may_send_anything(bot: Bot, sanne: Person, kind: str) -> None:
    sanne.sends(kind)
    update = await next_update(bot)
    assert update.message is not None
    assert getattr(update.message, kind) is not None


async def test_kinds_that_nobody_knows_arrive_too(server: BotApi, sanne: Person) -> None:
    server.checks_itself = False
    sanne.sends("unknown")
    server.sends_update(telepathy={"thought": "hoi"})
    async with Bot(server.token, base_url=f"{server.url}/bot") as bot:
        message, telepathy = await bot.get_updates()
    assert message.message is not None
    assert message.message.api_kwargs == {"hologram": {"depth": 3}}
    assert telepathy.api_kwargs == {"telepathy": {"thought": "hoi"}}


async def test_groups_channels_and_other_bots_write_as_well(bot: Bot, server: BotApi, sanne: Person) -> None:
    group, channel = server.group("Team"), server.group("Nieuws", kind="channel")
    group.is_joined_by_the_bot(sanne)
    group.says(sanne, "hoi")
    channel.posts("nieuws")
    server.person("Robot", language=None, is_bot=True).says("piep")

    joined, said, posted, robot = await bot.get_updates()
    await bot.send_message(group.id, "dag")
    await bot.send_message(channel.id, "dag")
    await bot.leave_chat(group.id)

    assert joined.my_chat_member is not None
    assert said.message is not None
    assert said.message.chat.type == "supergroup"
    assert posted.channel_post is not None
    assert robot.effective_user is not None
    assert robot.effective_user.is_bot
    assert [one.text for one in group.hears()] == ["dag"]
    assert [one.text for one in channel.hears()] == ["dag"]


async def test_names_may_hold_anything(bot: Bot, server: BotApi) -> None:
    names: dict[str, Any] = {"last_name": "*_[`\u202e"}
    server.person("<b>Eva</b>", **names).says("hoi")
    update = await next_update(bot)
    assert update.effective_user is not None
    assert update.effective_user.full_name == "<b>Eva</b> *_[`\u202e"
