"""People in Telegram: waiting for a colleague, talking with one, going away, and coming back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from balie.conversations.status import ConversationStatus
from tests.service.channels.telegram_fixtures import bot
from tests.support.bot_api import BotApi
from tests.support.handoff_desk import ASKS
from tests.support.photos import encoded, opened, phone_photo, red_left_blue_right
from tests.support.telegram import TelegramService, telegram_service

__all__ = ["bot"]


@pytest.fixture
async def house(tmp_path: Path, bot: BotApi) -> AsyncIterator[TelegramService]:
    # Agents' cookies go over plain HTTP here.
    async with telegram_service(tmp_path, bot, public_url="") as house:
        yield house


class Known:
    """A conversation as the desk's helpers want it: by its id alone."""

    def __init__(self, conversation_id: object) -> None:
        self.id = str(conversation_id)


async def test_a_customer_waits_hears_their_place_talks_with_an_agent_and_goes_back(
    house: TelegramService,
) -> None:
    async with house.agent() as agent:
        ruben, sanne = house.bot.person("Ruben"), house.bot.person("Sanne")
        ruben.says(ASKS)
        await house.survives()
        house.clock.advance(timedelta(seconds=1))
        sanne.says("/human")
        await house.survives()
        customer = Known(await house.conversation_of(sanne))
        assert "plaats 2 in de rij" in sanne.texts[-1]
        assert await house.texts(sanne) == ["Ik wil een collega spreken"]

        await agent.accept(customer)  # type: ignore[arg-type]
        await agent.write(customer, "Dag, met **Iris**. Wat is er stuk?")  # type: ignore[arg-type]
        await sanne.waits_until(lambda: sanne.texts[-1] == "Dag, met Iris. Wat is er stuk?")

        sanne.sends_photo(phone_photo(), caption="De rits.")
        sanne.sends("voice")
        await house.survives()
        page = await agent.page(customer)  # type: ignore[arg-type]
        photo, words, voice = page["messages"][-3:]
        assert (words["text"], voice["text"]) == ("De rits.", "[spraakbericht]")
        jpeg = await agent.http.get(f"/conversations/{customer.id}/photos/{photo['photos'][0]['id']}")
        assert opened(jpeg.content).size == (400, 200)

        sent = await agent.http.post(
            f"/conversations/{customer.id}/photos",
            params={"client_message_id": "6f5b3a52-58a5-4b52-8f6c-1d2a3b4c5d6e"},
            content=encoded(red_left_blue_right(300, 150)),
            headers={"Content-Type": "image/jpeg"},
        )
        assert sent.status_code == 202, sent.text
        await sanne.waits_until(lambda: sanne.hears()[-1].photos)
        assert opened(sanne.hears()[-1].photos[0]).size == (300, 150)

        assert (await agent.step(customer, "return")).status_code == 200  # type: ignore[arg-type]
        await house.survives()
        sanne.says("Dank je")
        await sanne.waits_until(lambda: sanne.texts[-1] == "U zei: Dank je")


async def test_who_blocks_us_while_waiting_waits_no_longer(house: TelegramService) -> None:
    async with house.agent() as agent:
        sanne = house.bot.person()
        sanne.says(ASKS)
        await house.survives()
        assert len(await agent.queue()) == 1
        sanne.blocks()
        await house.survives()

        assert await agent.queue() == []
        status = (await house.conversations.get_conversation(await house.conversation_of(sanne))).status
        assert status is ConversationStatus.WITH_ASSISTANT


async def test_what_an_agent_wrote_to_somebody_who_was_away_comes_when_they_are_back(
    house: TelegramService,
) -> None:
    async with house.agent() as agent:
        sanne = house.bot.person()
        sanne.says(ASKS)
        await house.survives()
        customer = Known(await house.conversation_of(sanne))
        await agent.accept(customer)  # type: ignore[arg-type]
        await house.survives()
        # Nobody tells us: we learn it by the refusal.
        sanne.chat.has_blocked = True
        before = len(sanne.texts)
        await agent.write(customer, "Ben je er nog?")  # type: ignore[arg-type]
        await house.survives()
        assert (await house.link_facts(sanne))["left"] == "blocked"
        await agent.write(customer, "Ik stuur je een nieuwe.")  # type: ignore[arg-type]
        await house.survives()
        assert len(sanne.texts) == before

        sanne.unblocks()
        await house.survives()

        assert sanne.texts[before:] == ["Ben je er nog?", "Ik stuur je een nieuwe."]


async def test_answers_to_somebody_who_has_gone_are_not_sent_later(house: TelegramService) -> None:
    sanne = house.bot.person()
    sanne.says("Hoi")
    await house.survives()
    house.assistant.gate.clear()
    sanne.says("Een vraag")
    await house.assistant.wait_until_running(1)
    sanne.blocks()
    await house.until(lambda: not house.bot.queue.pending())
    house.assistant.gate.set()
    await house.survives()
    sanne.unblocks()
    await house.survives()

    assert sanne.texts == ["U zei: Hoi"]
    sanne.says("Daar ben ik weer")
    await house.survives()
    assert sanne.texts[1:] == ["U zei: Daar ben ik weer"]


async def test_somebody_whose_account_is_gone_stops_nobody(house: TelegramService) -> None:
    house.assistant.gate.clear()
    sanne, ruben, kim = house.bot.person(), house.bot.person("Ruben"), house.bot.person("Kim")
    for person in (sanne, ruben, kim):
        person.says("Hoi")
    await house.assistant.wait_until_running(3)
    sanne.leaves_telegram()
    ruben.is_forgotten()
    house.assistant.gate.set()
    await house.survives()

    assert (sanne.texts, kim.texts) == ([], ["U zei: Hoi"])
    assert (await house.link_facts(sanne))["left"] == "blocked"


async def test_what_an_agent_wrote_and_nobody_read_on_the_website_goes_to_telegram(
    house: TelegramService,
) -> None:
    async with house.agent() as agent:
        sanne = house.bot.person()
        sanne.says(ASKS)
        await house.survives()
        conversation_id = await house.conversation_of(sanne)
        await house.conversations.record_customer_message(
            conversation_id, "Ik zit nu op de website", client_message_id=uuid4()
        )
        customer = Known(conversation_id)
        await agent.accept(customer)  # type: ignore[arg-type]
        await house.survives()
        before = len(sanne.texts)
        await agent.write(customer, "Hallo daar")  # type: ignore[arg-type]
        await house.passes(timedelta(seconds=30))
        assert len(sanne.texts) == before

        await house.passes(timedelta(seconds=31))
        await house.survives()
        assert sanne.texts[before:] == ["Hallo daar"]
