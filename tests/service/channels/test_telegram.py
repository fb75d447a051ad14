"""A customer in Telegram and the assistant: what can be said, in both ways in which updates come."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from balie.assistant.port import AssistantAnswer, AssistantButton, AssistantReply
from balie.channels.models import ChannelEventRow
from balie.channels.splitting import utf16_length
from tests.service.channels.telegram_fixtures import bot
from tests.support.assistants import MENU, saying
from tests.support.bot_api import BotApi
from tests.support.photos import phone_photo
from tests.support.telegram import PUBLIC_URL, TelegramService, telegram_service

__all__ = ["bot"]


@pytest.fixture(params=["polling", "webhook"])
async def house(
    tmp_path: Path, bot: BotApi, request: pytest.FixtureRequest
) -> AsyncIterator[TelegramService]:
    async with telegram_service(tmp_path, bot, mode=request.param) as house:
        yield house


async def test_a_question_is_answered(house: TelegramService) -> None:
    sanne = house.bot.person("Sanne")

    sanne.says("Waar is mijn pakket?")
    await sanne.waits_for(1)

    assert sanne.texts == ["U zei: Waar is mijn pakket?"]
    assert await house.texts(sanne) == ["Waar is mijn pakket?"]
    conversation = await house.conversations.get_conversation(await house.conversation_of(sanne))
    assert (conversation.channel, conversation.heard_via) == ("telegram", "telegram")


async def test_the_language_of_the_app_is_a_hint(house: TelegramService) -> None:
    emma = house.bot.person("Emma", language="en-GB")
    emma.says("Hello")
    await emma.waits_for(1)

    assert house.assistant.asked[-1][1].page_language == "en"


async def test_updates_that_come_twice_and_mixed_up_are_answered_once_and_in_order(
    house: TelegramService,
) -> None:
    house.bot.faults.updates(doubled=0.5, reordered=0.5)
    people = [house.bot.person(f"Mens{number}") for number in range(3)]
    for number in range(6):
        for person in people:
            person.says(f"Vraag {number}")
    for person in people:
        await person.waits_for(6)
    await house.is_quiet()

    for person in people:
        assert person.texts == [f"U zei: Vraag {number}" for number in range(6)]


async def test_a_button_works_once_and_is_gone_afterwards(house: TelegramService) -> None:
    house.script.answers["menu"] = MENU
    sanne = house.bot.person()
    sanne.says("menu")
    (shown,) = await sanne.waits_for(1)
    assert [button.title for button in shown.buttons] == ["Volg mijn pakket", "Winkels"]
    data = shown.buttons[0].data
    assert data is not None
    assert len(data.encode()) <= 64

    press = sanne.presses("Volg mijn pakket")
    again = sanne.presses_data(shown.id, data)
    await sanne.waits_for(2)
    await sanne.waits_until(lambda: not sanne.hears()[0].buttons)
    await house.is_quiet()

    assert await house.texts(sanne) == ["menu", "Volg mijn pakket"]
    assert sanne.texts[1:] == ["U zei: Volg mijn pakket"]
    assert press.toast == "Volg mijn pakket"
    assert again.toast == "Je had hier al gekozen."


async def test_a_button_long_gone_is_answered_in_words(house: TelegramService) -> None:
    sanne = house.bot.person()
    sanne.says("Hoi")
    (shown,) = await sanne.waits_for(1)

    press = sanne.presses_data(shown.id, "kX3vQ2p9-zLr_Wab")
    await house.is_quiet()

    assert press.toast is not None
    assert press.toast.startswith("Deze knop werkt niet meer.")
    assert await house.texts(sanne) == ["Hoi"]


async def test_an_edited_message_replaces_and_does_not_repeat(house: TelegramService) -> None:
    sanne = house.bot.person()
    said = sanne.says("Waar is mijn paket?")
    await sanne.waits_for(1)

    sanne.edits(said, "Waar is mijn pakket?")
    sanne.says("Hallo?")
    await sanne.waits_for(2)

    assert await house.texts(sanne) == ["Waar is mijn pakket?", "Hallo?"]
    assert sanne.texts == ["U zei: Waar is mijn paket?", "U zei: Hallo?"]


async def test_a_photo_is_a_message_and_its_caption_another(house: TelegramService) -> None:
    sanne = house.bot.person()
    sanne.sends_photo(phone_photo(), caption="De rits is stuk")
    await sanne.waits_for(2)

    first, second = [one for one in await house.messages(sanne) if one.author.value == "customer"]
    assert (len(first.photos), first.text, second.text) == (1, "", "De rits is stuk")
    assert (house.assistant.asked[0][1].payload or "").startswith("/send_photo")


async def test_a_photo_sent_as_a_file_is_a_photo(house: TelegramService) -> None:
    sanne = house.bot.person()
    sanne.sends_document(phone_photo(), "IMG_1.jpg", kind="image/jpeg")
    await sanne.waits_for(1)

    (first, *_) = await house.messages(sanne)
    assert len(first.photos) == 1


async def test_what_is_no_photo_or_too_large_is_told(house: TelegramService) -> None:
    sanne = house.bot.person()
    sanne.sends_document(b"\xff\xd8 no picture", "IMG_1.jpg", kind="image/jpeg")
    await sanne.waits_for(1)
    large = io.BytesIO()
    Image.effect_noise((4200, 4200), 90).convert("RGB").save(large, "PNG")
    sanne.sends_document(large.getvalue() + b"\0" * 10_000_000, "IMG_2.png", kind="image/png")
    await sanne.waits_for(2)

    assert sanne.texts[0].startswith("Deze foto kan ik niet openen.")
    assert sanne.texts[1].startswith("Deze foto is te groot voor mij.")
    assert not [one for one in await house.messages(sanne) if one.photos]


@pytest.mark.parametrize(
    ("kind", "words"), [("voice", "Luisteren"), ("location", "Een locatie"), ("unknown", "Daar")]
)
async def test_what_cannot_be_read_gets_one_polite_sentence(
    house: TelegramService, kind: str, words: str
) -> None:
    sanne = house.bot.person()
    sanne.sends(kind)
    await sanne.waits_for(1)
    await house.is_quiet()

    assert len(sanne.texts) == 1
    assert sanne.texts[0].startswith(words)
    assert house.assistant.asked == []


async def test_a_sticker_says_what_its_emoji_says(house: TelegramService) -> None:
    sanne = house.bot.person()
    sanne.sends("sticker")
    await sanne.waits_for(1)

    (text,) = await house.texts(sanne)
    assert sanne.texts == [f"U zei: {text}"]


async def test_updates_of_a_kind_that_nobody_knows_are_acknowledged_and_dropped(
    house: TelegramService,
) -> None:
    house.bot.sends_update(hologram={"id": 1})
    house.bot.sends_update(message={"message_id": "no number", "chat": None})
    sanne = house.bot.person()
    sanne.says("Hoi")
    await sanne.waits_for(1)
    await house.is_quiet()

    assert await house.count(ChannelEventRow) == 1


async def test_groups_and_channels_get_one_sentence_and_no_conversation(house: TelegramService) -> None:
    group, sanne = house.bot.group(), house.bot.person()
    group.is_joined_by_the_bot(sanne)
    group.says(sanne, "Hoi allemaal")
    group.says(sanne, "/start@duinendal_bot")
    await house.is_quiet()

    assert [one.text[:20] for one in group.hears()] == ["Ik help klanten van "]
    assert await house.count() == 0


async def test_another_bot_gets_one_sentence_and_no_conversation(house: TelegramService) -> None:
    other = house.bot.person("Robot", is_bot=True)
    other.says("Hello")
    other.says("Hello")
    await house.is_quiet()

    assert len(other.texts) == 1
    assert await house.count() == 0


async def test_a_long_answer_goes_in_parts_with_the_buttons_under_the_last(house: TelegramService) -> None:
    text = "\n\n".join(f"Alinea {number}. " + "Een zin over je pakket. " * 30 for number in range(15))
    menu = (AssistantButton("Meer", payload="/more"),)
    house.script.answers["alles"] = AssistantAnswer(
        (AssistantReply(text, menu, "utter_test", "nl"), AssistantReply("Klaar.", (), "utter_test", "nl")),
        "nl",
    )
    sanne = house.bot.person()
    sanne.says("alles")
    await sanne.waits_until(lambda: "Klaar." in sanne.texts)

    *parts, last = sanne.hears()
    assert "".join("".join(part.text for part in parts).split()) == "".join(text.split())
    assert len(parts) > 2
    assert all(utf16_length(part.text) <= 4096 for part in parts)
    assert [bool(part.buttons) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert last.text == "Klaar."


async def test_four_thousand_and_ninety_seven_emoji_are_not_torn(house: TelegramService) -> None:
    house.script.answers["feest"] = saying("🎉" * 4097)
    sanne = house.bot.person()
    sanne.says("feest")
    await sanne.waits_until(lambda: sum(map(len, sanne.texts)) >= 4097)

    assert "".join(sanne.texts) == "🎉" * 4097
    assert [set(text) for text in sanne.texts] == [{"🎉"}] * len(sanne.texts)


@pytest.mark.parametrize(
    "text", ["<b>maat M</b> & <i>L</i> &lt;", "*_[x](y)~`>#+-=|{}.!\\", "שלום, אני דנה (M)", "a\u202eb"]
)
async def test_markup_and_right_to_left_come_out_as_typed(house: TelegramService, text: str) -> None:
    dana = house.bot.person("<b>דנה</b> *_[")
    dana.says(text)
    await dana.waits_for(1)

    assert dana.texts == [f"U zei: {text}"]


async def test_marks_of_answers_are_shown_and_links_that_nobody_can_open_are_written_out(
    house: TelegramService,
) -> None:
    label = AssistantButton("Label", url="http://127.0.0.1:8080/label.pdf")
    answer = "Je hebt **14 dagen** en [alles](https://shop.example/r)."
    house.script.answers["retour"] = AssistantAnswer(
        (AssistantReply(answer, (label,), "utter_test", "nl"),), "nl"
    )
    sanne = house.bot.person()
    sanne.says("retour")
    (shown,) = await sanne.waits_for(1)

    assert shown.text == "Je hebt 14 dagen en alles.\n\nLabel: http://127.0.0.1:8080/label.pdf"
    assert ("bold", "14 dagen", "") in shown.marks
    assert ("text_link", "alles", "https://shop.example/r") in shown.marks


async def test_a_page_of_ours_opens_from_over_there(house: TelegramService) -> None:
    show = AssistantButton("Bekijk", url="/products/DD-1?balie=0a1b", card=0)
    house.script.answers["tent"] = AssistantAnswer(
        (AssistantReply("Deze.", (show,), "utter_test", "nl"),), "nl"
    )
    sanne = house.bot.person()
    sanne.says("tent")
    (shown,) = await sanne.waits_for(1)

    assert shown.text == "Deze."
    assert [(button.title, button.url) for button in shown.buttons] == [
        ("1 · Bekijk", f"{PUBLIC_URL}/products/DD-1?balie=0a1b")
    ]


async def test_what_is_too_long_is_told(house: TelegramService) -> None:
    sanne = house.bot.person()
    sanne.says("a" * 3000)
    await sanne.waits_for(1)

    (words,) = sanne.texts
    assert words.startswith("Dat is te lang om in één keer te lezen. Houd je het onder de 2000 tekens")
    assert await house.texts(sanne) == []


async def test_typing_is_shown_while_the_assistant_thinks(house: TelegramService) -> None:
    house.assistant.gate.clear()
    sanne = house.bot.person()
    sanne.says("Hoi")
    await sanne.waits_until(lambda: sanne.sees_typing)
    house.assistant.gate.set()
    await sanne.waits_for(1)


async def test_names_are_not_stored_anywhere(house: TelegramService, tmp_path: Path) -> None:
    sanne = house.bot.person("Sannelotte", last_name="Vanderquist", username="sanne_vq")
    sanne.says("Hoi")
    await sanne.waits_for(1)
    await house.is_quiet()

    stored = everything_in(tmp_path)
    assert not [name for name in (b"Sannelotte", b"Vanderquist", b"sanne_vq") if name in stored]


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("balie.db*"))
