"""Whatever Telegram, the way to it, or our own process does wrong: everything is said once, and in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from balie.storage.errors import StoreUnavailableError
from tests.service.channels.telegram_fixtures import bot
from tests.support.assistants import MENU, saying
from tests.support.bot_api import BotApi
from tests.support.telegram import TelegramService, telegram_service

__all__ = ["bot"]

MINUTE = timedelta(minutes=1)
MOST_WRITES = 60


@pytest.fixture
async def house(tmp_path: Path, bot: BotApi) -> AsyncIterator[TelegramService]:
    async with telegram_service(tmp_path, bot, telegram_timeout=timedelta(seconds=0.4)) as house:
        yield house


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("trouble", ["fails", "hangs", "drops"])
async def test_what_may_have_arrived_is_looked_for_and_said_once(
    house: TelegramService, trouble: str, is_after: bool
) -> None:
    house.script.answers["drie"] = saying("Een.", "Twee.", "Drie.")
    sanne = house.bot.person()
    sanne.says("Hoi")
    await sanne.waits_for(1)
    for _ in range(2):
        getattr(house.bot.faults, trouble)("sendMessage", after=is_after)
    sanne.says("drie")
    for _ in range(60):
        await house.passes(timedelta(seconds=30))
        if "Drie." in sanne.texts:
            break
        await asyncio.sleep(0.05)
    await house.passes(MINUTE)

    assert sanne.texts == ["U zei: Hoi", "Een.", "Twee.", "Drie."]
    assert house.bot.faults.left() == 0


async def test_a_part_that_may_have_arrived_is_looked_for_and_the_others_follow(
    house: TelegramService,
) -> None:
    house.script.answers["lang"] = saying("\n\n".join(f"{number} " + "woord " * 600 for number in range(4)))
    sanne, ruben = house.bot.person(), house.bot.person("Ruben")
    sanne.says("Hoi")
    await sanne.waits_for(1)
    # The second part is done, and its answer lost.
    house.bot.faults.slow("sendMessage", seconds=0.0, chat=sanne.id)
    house.bot.faults.hangs("sendMessage", chat=sanne.id, after=True)
    sanne.says("lang")
    ruben.says("Ondertussen")
    await ruben.waits_for(1)
    for _ in range(20):
        await house.passes(timedelta(seconds=30))
        if len(sanne.texts) >= 5:
            break
        await asyncio.sleep(0.05)
    await house.passes(MINUTE)

    assert [text.split()[0] for text in sanne.texts] == ["U", "0", "1", "2", "3"]
    assert ruben.texts == ["U zei: Ondertussen"]


async def test_what_was_surely_not_sent_is_not_looked_for(house: TelegramService) -> None:
    sanne = house.bot.person()
    house.bot.faults.too_many("sendMessage", retry_after=1)
    sanne.says("Hoi")
    await sanne.waits_until(lambda: house.bot.faults.left() == 0)
    await house.passes(timedelta(seconds=5))
    await sanne.waits_for(1)

    assert sanne.texts == ["U zei: Hoi"]
    assert house.bot.asked("editMessageReplyMarkup") == []


async def test_a_chat_that_is_asked_to_rest_rests_and_others_do_not(house: TelegramService) -> None:
    sanne, ruben = house.bot.person(), house.bot.person("Ruben")
    house.bot.faults.too_many("sendMessage", retry_after=600, chat=sanne.id, lasting=True)
    sanne.says("Hoi")
    await house.until(lambda: house.bot.asked("sendMessage", chat=sanne.id))
    sanne.says("Nog iets")
    ruben.says("Hoi")
    await ruben.waits_for(1)
    for _ in range(3):
        await house.passes(timedelta(seconds=100))
    assert (sanne.texts, house.bot.faults.impatient) == ([], 0)

    house.bot.faults.clear()
    await house.passes(timedelta(seconds=301))
    await house.passes(MINUTE)
    await sanne.waits_for(2)

    assert sanne.texts == ["U zei: Hoi", "U zei: Nog iets"]


async def test_when_all_chats_are_asked_to_rest_nobody_is_written_to(house: TelegramService) -> None:
    crowd = [house.bot.person(f"Mens{number}") for number in range(6)]
    house.bot.faults.too_many("sendMessage", retry_after=60, lasting=True)
    for person in crowd[:3]:
        person.says("Hoi")
        await house.until(lambda chat=person.id: house.bot.asked("sendMessage", chat=chat))
    await asyncio.sleep(0.05)
    for person in crowd[3:]:
        person.says("Hoi")
    await house.is_quiet()
    # The first was told to rest; that it meant everybody, we knew after the third.
    assert house.bot.faults.impatient == 2

    house.bot.faults.clear()
    for _ in range(4):
        await house.passes(MINUTE)
    for person in crowd:
        await person.waits_for(1)
        assert person.texts == ["U zei: Hoi"]


async def test_killed_before_or_after_any_write_every_message_is_answered_once(
    house: TelegramService,
) -> None:
    house.script.answers["menu"] = MENU
    sanne = house.bot.person()
    sanne.says("Hoi")
    await sanne.waits_for(1)
    await house.survives()

    for steps in range(MOST_WRITES):
        deaths, house.life.steps = house.deaths, steps
        sanne.says(f"Vraag {steps}")
        await house.survives()
        house.life.steps = None
        await house.survives()
        if house.deaths == deaths:
            break

    assert house.deaths >= 8
    assert await house.texts(sanne) == ["Hoi", *(f"Vraag {number}" for number in range(steps + 1))]
    assert sanne.texts == ["U zei: Hoi", *(f"U zei: Vraag {number}" for number in range(steps + 1))]


async def test_what_telegram_finds_wrong_in_the_form_is_said_without_it(house: TelegramService) -> None:
    house.bot.faults.refuses("sendMessage", "can't parse entities: unsupported start tag")
    house.script.answers["vet"] = saying("Dit is **vet**.")
    sanne = house.bot.person()
    sanne.says("vet")
    await sanne.waits_for(1)

    assert sanne.texts == ["Dit is vet."]


async def test_what_is_never_taken_holds_up_nothing(house: TelegramService) -> None:
    house.bot.faults.refuses("sendMessage", "something is wrong", times=2)
    house.script.answers["twee"] = saying("Weg.", "Komt aan.")
    sanne = house.bot.person()
    sanne.says("twee")
    await sanne.waits_for(1)

    assert sanne.texts == ["Komt aan."]


async def test_updates_are_asked_for_again_until_telegram_answers(house: TelegramService) -> None:
    house.bot.faults.fails("getUpdates", times=1)
    sanne = house.bot.person()
    sanne.says("Hoi")
    await sanne.waits_for(1)

    assert sanne.texts == ["U zei: Hoi"]


async def test_what_could_not_be_stored_is_not_acknowledged(
    house: TelegramService, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = house.channels.telegram.intake
    store, failures = intake._store.store_in_order, [0]

    async def down(*_: object, **__: object) -> None:
        failures[0] += 1
        raise StoreUnavailableError("Down for a test.")

    monkeypatch.setattr(intake._store, "store_in_order", down)
    sanne = house.bot.person()
    sanne.says("Hoi")
    async with asyncio.timeout(5):
        while not failures[0]:  # noqa: ASYNC110 (the loop that polls tells nobody)
            await asyncio.sleep(0.01)
    assert house.bot.queue.pending() == 1

    monkeypatch.setattr(intake._store, "store_in_order", store)
    await sanne.waits_for(1)
    assert sanne.texts == ["U zei: Hoi"]
