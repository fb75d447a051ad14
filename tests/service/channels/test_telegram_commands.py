"""Commands in Telegram, and going on: from the website in Telegram, and the other way round."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

from balie.conversations.status import ConversationStatus
from balie.conversations.views import WEB_WIDGET
from tests.service.channels.telegram_fixtures import bot, house
from tests.support.assistants import MENU, saying
from tests.support.bot_api import Person
from tests.support.handoff_desk import ASKS
from tests.support.telegram import TelegramService

__all__ = ["bot", "house"]


async def heard(house: TelegramService, person: Person, text: str) -> list[str]:
    """What the bot says to something."""
    before = len(person.hears())
    person.says(text)
    await house.survives()
    return person.texts[before:]


async def test_start_greets_as_the_website_does_with_something_to_press(house: TelegramService) -> None:
    emma = house.bot.person("Emma", language="en")
    (greeting,) = await heard(house, emma, "/start")

    assert greeting.startswith("Hello! This is the assistant of Duin & Dal.")
    assert emma.hears()[0].buttons[0].title == "Where is my order?"
    emma.presses("Where is my order?")
    await house.survives()
    assert house.assistant.asked[-1][1].payload == "/track_order"


async def test_help_lists_the_commands(house: TelegramService) -> None:
    (words,) = await heard(house, house.bot.person(), "/HELP@duinendal_bot")

    assert re.findall(r"/(\w+)", words) == ["human", "language", "web", "privacy", "delete", "stop"]


async def test_privacy_is_asked_of_the_assistant(house: TelegramService) -> None:
    sanne = house.bot.person()
    await heard(house, sanne, "/privacy")

    assert house.assistant.asked[-1][1].payload == "/data_privacy"
    assert await house.texts(sanne) == ["Wat doen jullie met mijn gegevens?"]


async def test_an_unknown_command_is_a_question_like_any_other(house: TelegramService) -> None:
    sanne = house.bot.person()

    assert await heard(house, sanne, "/restart") == ["U zei: /restart"]
    assert house.assistant.asked[-1][1].payload is None


async def test_language_is_chosen_with_a_button(house: TelegramService) -> None:
    sanne = house.bot.person()
    await heard(house, sanne, "/language")
    assert [button.title for button in sanne.hears()[-1].buttons] == ["Nederlands", "English"]

    sanne.presses("English")
    await house.survives()
    await heard(house, sanne, "Hoi")

    assert sanne.texts[1] == "All right, I'll answer in English from now on."
    assert house.assistant.asked[-1][1].explicit_language == "en"
    assert not sanne.hears()[0].buttons


async def test_stop_is_the_last_word_until_somebody_writes_again(house: TelegramService) -> None:
    sanne = house.bot.person()
    await heard(house, sanne, "Hoi")
    house.assistant.gate.clear()
    sanne.says("Een vraag")
    await house.assistant.wait_until_running(1)
    sanne.says("/stop")
    await sanne.waits_for(2)
    house.assistant.gate.set()
    await house.survives()

    assert sanne.texts[1:] == [
        "Goed, je hoort niets meer van ons. Wil je weer verder, stuur dan gewoon een bericht."
    ]
    assert (await house.texts(sanne, "assistant"))[-1] == "U zei: Een vraag"

    assert await heard(house, sanne, "Toch nog iets") == ["U zei: Toch nog iets"]


async def test_delete_asks_and_erases_what_was_said(house: TelegramService) -> None:
    sanne = house.bot.person()
    await heard(house, sanne, "Mijn geheim")
    before = await house.conversation_of(sanne)
    await heard(house, sanne, "/delete")
    assert await house.count() == 1

    sanne.presses("Ja, wis alles")
    await house.survives()
    assert await house.count() == 0
    assert sanne.texts[-1].startswith("Ik wis dit gesprek nu bij ons.")

    assert await heard(house, sanne, "Hallo") == ["U zei: Hallo"]
    assert await house.conversation_of(sanne) != before


async def test_delete_can_be_thought_better_of(house: TelegramService) -> None:
    sanne = house.bot.person()
    await heard(house, sanne, "/delete")
    sanne.presses("Nee, bewaar het")
    await house.survives()

    assert (await house.count(), sanne.texts[-1]) == (1, "Goed, het gesprek blijft staan.")


async def test_while_a_person_has_the_conversation_it_is_not_erased(house: TelegramService) -> None:
    sanne = house.bot.person()
    await heard(house, sanne, "Hoi")
    await house.conversations.change_status(await house.conversation_of(sanne), ConversationStatus.WITH_AGENT)
    (words,) = await heard(house, sanne, "/delete")

    assert words.startswith("Een collega is nu met je bezig")


async def on_the_website(house: TelegramService, text: str = "Waar is mijn pakket?") -> tuple[object, str]:
    """A conversation on the website with one answer, and a code to go on with it in Telegram."""
    opened = await house.conversations.open_conversation(page_language="nl")
    await house.conversations.record_customer_message(opened.id, text, client_message_id=uuid4())
    house.services.turns.submit(opened.id)
    await house.services.turns.wait_until_idle()
    made = await house.services.store.handoffs.continuations.create(opened.id, "telegram")
    return opened.id, made.code


async def test_a_conversation_of_the_website_goes_on_in_telegram(house: TelegramService) -> None:
    house.script.answers["menu"] = MENU
    conversation_id, code = await on_the_website(house, "menu")
    sanne = house.bot.person()
    (recap,) = await heard(house, sanne, f"/start {code}")

    assert recap == (
        'We gaan hier verder met je gesprek van de website.\n\nJe vroeg: "menu"\n\nWat wil je doen?'
    )
    assert await house.conversation_of(sanne) == conversation_id
    sanne.presses("Volg mijn pakket")
    await house.survives()
    assert await heard(house, sanne, "Dank je") == ["U zei: Dank je"]
    assert await house.texts(sanne) == ["menu", "Volg mijn pakket", "Dank je"]
    assert await house.count() == 1


async def test_a_code_works_once_and_guessing_leads_nowhere(house: TelegramService) -> None:
    _, code = await on_the_website(house)
    sanne, thief = house.bot.person(), house.bot.person("Dief")
    await heard(house, sanne, f"/start {code}")

    refusals = [
        await heard(house, thief, f"/start {guess}") for guess in (code, "AAAAAAAAAAAAAAAAAAAAAA", "x")
    ]
    assert {words[0][:26] for words in refusals} == {"Deze link werkt niet meer."}
    for _ in range(10):
        await heard(house, thief, "/start nog-een-poging")
    _, another = await on_the_website(house)
    assert (await heard(house, thief, f"/start {another}"))[0].startswith("Deze link werkt niet meer.")
    assert await heard(house, sanne, "Hoi") == ["U zei: Hoi"]


async def test_an_old_code_is_worth_nothing(house: TelegramService) -> None:
    _, code = await on_the_website(house)
    house.clock.advance(timedelta(minutes=11))

    assert (await heard(house, house.bot.person(), f"/start {code}"))[0].startswith(
        "Deze link werkt niet meer."
    )


async def test_whoever_has_the_conversation_already_is_told_so(house: TelegramService) -> None:
    conversation_id, code = await on_the_website(house)
    sanne = house.bot.person()
    await heard(house, sanne, f"/start {code}")
    made = await house.services.store.handoffs.continuations.create(conversation_id, "telegram")

    (words,) = await heard(house, sanne, f"/start {made.code}")
    assert words == "Dit gesprek heb je hier al. Ga gewoon verder waar je was."


async def test_a_chat_that_waits_for_a_person_keeps_its_conversation_and_the_code_stays_good(
    house: TelegramService,
) -> None:
    async with house.agent():
        sanne = house.bot.person()
        await heard(house, sanne, ASKS)
        before = await house.conversation_of(sanne)
        conversation_id, code = await on_the_website(house)
        (words,) = await heard(house, sanne, f"/start {code}")

        assert words.startswith("Je hebt hier nog een gesprek met een collega lopen.")
        assert await house.conversation_of(sanne) == before
        assert await house.services.store.handoffs.continuations.look(code, "telegram") == conversation_id


async def test_a_conversation_of_telegram_goes_on_on_the_website(house: TelegramService) -> None:
    sanne = house.bot.person()
    await heard(house, sanne, "Hoi")
    (words,) = await heard(house, sanne, "/web")
    (button,) = sanne.hears()[-1].buttons

    assert words.startswith("Met deze link ga je op de website verder")
    assert button.url is not None
    page, _, code = button.url.partition("#balie=")
    assert page == "https://shop.example/"
    claimed = await house.services.store.handoffs.continuations.claim(code, WEB_WIDGET)
    assert claimed == await house.conversation_of(sanne)


async def test_what_is_said_on_the_website_is_not_repeated_in_telegram(house: TelegramService) -> None:
    sanne = house.bot.person()
    await heard(house, sanne, "Hoi")
    conversation_id = await house.conversation_of(sanne)
    await house.conversations.record_customer_message(
        conversation_id, "Nu hier", client_message_id=uuid4(), via=WEB_WIDGET
    )
    house.services.turns.submit(conversation_id)
    await house.survives()
    assert sanne.texts == ["U zei: Hoi"]

    assert await heard(house, sanne, "Weer terug") == ["U zei: Weer terug"]


async def test_killed_while_a_conversation_moves_it_moves_once(house: TelegramService) -> None:
    house.script.answers["x"] = saying("y")
    for steps in range(30):
        conversation_id, code = await on_the_website(house)
        sanne = house.bot.person()
        deaths, house.life.steps = house.deaths, steps
        sanne.starts(code)
        await house.survives()
        house.life.steps = None
        await house.survives()
        assert sanne.texts == [sanne.texts[0]], steps
        assert sanne.texts[0].startswith("We gaan hier verder"), steps
        assert await house.conversation_of(sanne) == conversation_id
        if house.deaths == deaths:
            break
    assert house.deaths >= 4
