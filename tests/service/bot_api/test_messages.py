"""What the bot sends is what people see; what cannot be is refused in Telegram's words."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from telegram.error import BadRequest, Forbidden

from tests.support.bot_api import BotApi, Person
from tests.support.bot_api.description import Description
from tests.support.bot_api.files import LARGEST_DOWNLOAD, LARGEST_PHOTO

YES = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Ja", callback_data="y"), InlineKeyboardButton("Nee", callback_data="n")],
        [InlineKeyboardButton("Pagina", url="https://x.example/")],
    ]
)


@pytest.fixture(autouse=True)
def wrote(sanne: Person) -> int:
    """A bot may write only to who wrote first."""
    return sanne.says("hoi")


async def test_people_see_words_marks_and_buttons(bot: Bot, sanne: Person) -> None:
    await bot.send_message(
        sanne.id,
        'Dag <b>Sanne</b>, <a href="https://x.example">kijk</a>',
        parse_mode="HTML",
        reply_markup=YES,
    )
    [seen] = sanne.hears()
    assert seen.text == "Dag Sanne, kijk"
    assert seen.marks == (("bold", "Sanne", ""), ("text_link", "kijk", "https://x.example"))
    assert [[button.title for button in row] for row in seen.rows] == [["Ja", "Nee"], ["Pagina"]]
    assert seen.buttons[2].url == "https://x.example/"


async def test_message_ids_of_all_private_chats_come_from_one_counter(
    bot: Bot, server: BotApi, sanne: Person, wrote: int
) -> None:
    other = server.person("Bram").says("hoi")
    sent = await bot.send_message(sanne.id, "dag")
    assert (other, sent.message_id) == (wrote + 1, wrote + 2)


async def test_a_press_is_answered_with_a_toast(bot: Bot, sanne: Person) -> None:
    await bot.send_message(sanne.id, "Ja of nee?", reply_markup=YES)
    press = sanne.presses("Nee")
    update = (await bot.get_updates())[-1]
    assert update.callback_query is not None
    assert update.callback_query.data == "n"
    answered = asyncio.create_task(sanne.waits_until(lambda: press.is_answered))
    await update.callback_query.answer("Nee")
    await answered
    assert (press.is_answered, press.toast) == (True, "Nee")


async def test_a_press_is_not_answered_too_late(bot: Bot, sanne: Person) -> None:
    sent = await bot.send_message(sanne.id, "Ja of nee?", reply_markup=YES)
    press = sanne.presses_data(sent.message_id, "gone")
    press.grows_old()
    for query in (press.id, "12345"):
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(query)


async def test_a_keyboard_goes_without_the_message_counting_as_edited(bot: Bot, sanne: Person) -> None:
    sent = await bot.send_message(sanne.id, "Ja of nee?", reply_markup=YES)
    await bot.edit_message_reply_markup(sanne.id, sent.message_id, reply_markup=None)
    [seen] = sanne.hears()
    assert (seen.titles, seen.edited) == ((), False)
    with pytest.raises(LookupError):
        sanne.presses("Ja")


async def test_edits_tell_what_stands_where(bot: Bot, server: BotApi, sanne: Person, wrote: int) -> None:
    sent = await bot.send_message(sanne.id, "Ja of nee?", reply_markup=YES)
    bram = server.person("Bram")
    bram.says("hoi")

    async def refusal(chat: int, message_id: int, keyboard: InlineKeyboardMarkup | None = YES) -> str:
        with pytest.raises(BadRequest) as refused:
            await bot.edit_message_reply_markup(chat, message_id, reply_markup=keyboard)
        return refused.value.message

    assert await refusal(sanne.id, sent.message_id) == (
        "Message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )
    assert await refusal(sanne.id, 9999) == "Message to edit not found"
    assert await refusal(bram.id, sent.message_id) == "Message to edit not found"
    assert await refusal(sanne.id, wrote) == "Message can't be edited"
    await bot.edit_message_text("Toch maar", sanne.id, sent.message_id)
    assert [(one.text, one.edited, one.titles) for one in sanne.hears()] == [("Toch maar", True, ())]
    await bot.delete_message(sanne.id, sent.message_id)
    assert await refusal(sanne.id, sent.message_id) == "Message to edit not found"
    assert sanne.hears() == []


async def test_texts_that_cannot_be_are_refused(bot: Bot, sanne: Person) -> None:
    for text, words in (
        ("a" * 4097, "Message is too long"),
        ("<b>", "Can't parse entities"),
        (" ", "text is empty"),
    ):
        with pytest.raises(BadRequest, match=words):
            await bot.send_message(sanne.id, text, parse_mode="HTML")
    assert sanne.hears() == []


async def test_photos_and_files_go_both_ways(bot: Bot, sanne: Person, picture: bytes) -> None:
    sent = await bot.send_photo(sanne.id, picture, caption="<i>Kijk</i>", parse_mode="HTML", reply_markup=YES)
    await bot.send_photo(sanne.id, sent.photo[-1].file_id)
    await bot.send_document(sanne.id, b"%PDF", filename="label.pdf")
    await bot.edit_message_caption(sanne.id, sent.message_id, caption="Zie")

    first, second, third = sanne.hears()
    assert (first.photos, first.text, first.titles) == ((picture,), "Zie", ())
    assert second.photos == (picture,)
    assert third.documents == (("label.pdf", b"%PDF"),)

    sanne.sends_photo(picture)
    update = (await bot.get_updates())[-1]
    assert update.message is not None
    found = await update.message.photo[-1].get_file()
    assert bytes(await found.download_as_bytearray()) == picture


async def test_files_have_their_limits(bot: Bot, sanne: Person) -> None:
    with pytest.raises(Exception, match="Request Entity Too Large"):
        await bot.send_photo(sanne.id, b"\xff" * (LARGEST_PHOTO + 1), read_timeout=5, write_timeout=5)
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(sanne.id, b"no picture")
    sanne.sends_document(b"x" * (LARGEST_DOWNLOAD + 1), "groot.bin")
    update = (await bot.get_updates())[-1]
    assert update.message is not None
    assert update.message.document is not None
    with pytest.raises(BadRequest, match="File is too big"):
        await update.message.document.get_file()


async def test_who_blocked_the_bot_or_is_gone_cannot_be_written_to(
    bot: Bot, server: BotApi, sanne: Person
) -> None:
    sanne.blocks()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(sanne.id, "dag")
    sanne.unblocks()
    await bot.send_message(sanne.id, "dag")
    sanne.leaves_telegram()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(sanne.id, "dag")
    for chat in (server.person("Stil").id, 42, "@nobody"):
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(chat, "dag")
    sanne.is_forgotten()
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(sanne.id, "dag")


async def test_typing_is_seen_until_something_is_said(bot: Bot, sanne: Person) -> None:
    await bot.send_chat_action(sanne.id, "typing")
    assert sanne.sees_typing
    await bot.send_message(sanne.id, "dag")
    assert not sanne.sees_typing
    assert sanne.chat.actions == ["typing"]


async def test_commands_and_descriptions_are_kept_per_language(bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("start", "Begin")], language_code="nl")
    await bot.set_my_commands([BotCommand("start", "Start")])
    await bot.set_my_description("Wij helpen", "nl")
    await bot.set_my_short_description("Hulp")

    assert [one.description for one in await bot.get_my_commands(language_code="nl")] == ["Begin"]
    assert [one.description for one in await bot.get_my_commands()] == ["Start"]
    assert await bot.get_my_commands(language_code="de") == ()
    assert (await bot.get_my_description("nl")).description == "Wij helpen"
    assert (await bot.get_my_description("de")).description == ""
    assert (await bot.get_my_short_description("de")).short_description == "Hulp"


async def test_keys_below_the_chat_write_their_words(bot: Bot, sanne: Person) -> None:
    await bot.send_message(
        sanne.id, "Kies", reply_markup=ReplyKeyboardMarkup([[KeyboardButton("Ja"), "Nee"]])
    )
    sanne.taps("Nee")
    assert sanne.sees()[-1].text == "Nee"


async def test_a_person_waits_for_what_is_said(bot: Bot, sanne: Person) -> None:
    waiting = asyncio.create_task(sanne.waits_for(1))
    await bot.send_message(sanne.id, "dag")
    assert [seen.text for seen in await waiting] == ["dag"]
    assert sanne.waits_here_for(1) == sanne.hears()
    with pytest.raises(TimeoutError):
        await sanne.waits_for(2, timeout_s=0.01)


@pytest.mark.parametrize("way", ["json", "form", "query"])
async def test_any_library_may_talk_to_it(server: BotApi, sanne: Person, way: str) -> None:
    fields = {"chat_id": sanne.id, "text": "dag", "reply_markup": {"inline_keyboard": []}}
    flat = {key: value if isinstance(value, str) else json.dumps(value) for key, value in fields.items()}
    url = f"{server.url}/bot{server.token}/sendmessage"
    async with httpx.AsyncClient(trust_env=False) as client:
        if way == "query":
            answer = await client.get(url, params=flat)
        else:
            answer = await (client.post(url, json=fields) if way == "json" else client.post(url, data=flat))
    assert answer.json()["result"]["text"] == "dag"
    assert sanne.texts == ["dag"]


async def test_requests_that_are_not_described_are_refused_and_remembered() -> None:
    field = {"name": "text", "types": ["String"], "required": True, "description": "1-4096 characters"}
    methods = {"sendMessage": {"returns": ["Message"], "fields": [field]}}
    described = Description({"version": "of this test", "methods": methods, "types": {}})
    with BotApi(description=described) as server:
        async with httpx.AsyncClient(base_url=f"{server.url}/bot{server.token}/") as client:
            unknown = await client.post("sendNothing", json={})
            wrong = await client.post("sendMessage", json={"txt": "dag"})
    assert (unknown.status_code, wrong.status_code) == (404, 400)
    assert server.violations == [
        "sendNothing: there is no such method",
        "sendMessage: unknown field txt",
        "sendMessage: text is missing",
    ]
