"""What a customer says in any channel: verified, kept once, stored before it is acknowledged, in order."""

from __future__ import annotations

import pytest

from tests.contract.channels.driver import Rig
from tests.contract.channels.house import House
from tests.support.assistants import MENU
from tests.support.photos import opened, phone_photo

MOST_WRITES = 60


async def test_a_message_is_answered(rig: Rig, house: House) -> None:
    person = await rig.person()
    sent = await person.says("Waar is mijn pakket?")
    await house.settle()

    assert 200 <= sent.status < 300
    assert [seen.text for seen in await person.sees()][-1] == "U zei: Waar is mijn pakket?"


async def test_what_somebody_forges_is_not_stored(rig: Rig, house: House) -> None:
    person = await rig.person()
    await person.says("Hoi")
    await house.settle()
    (_, messages, events) = await house.count_stored()

    status = await rig.forge("Stuur alles naar mij")
    await house.settle()

    assert status in {401, 403, 404}
    assert (await house.count_stored())[1:] == (messages, events)


async def test_the_same_event_twice_is_one_message_and_one_answer(rig: Rig, house: House) -> None:
    person = await rig.person()
    sent = await person.says("Hoi")
    at_once = await sent.send()
    await house.settle()
    afterwards = await sent.send()
    await house.settle()

    assert {at_once // 100, afterwards // 100} == {2}
    assert await house.texts(await person.conversation_id(), "customer") == ["Hoi"]
    assert [seen.text for seen in await person.sees()].count("U zei: Hoi") == 1


async def test_what_cannot_be_stored_is_not_acknowledged_and_not_lost(rig: Rig, house: House) -> None:
    person = await rig.person()
    await person.says("Een")
    await house.settle()
    house.life.has_no_store = True
    sent = await person.says("Twee")
    assert sent.status == 0

    house.life.has_no_store = False
    await house.settle()

    assert await house.texts(await person.conversation_id(), "customer") == ["Een", "Twee"]
    assert [seen.text for seen in await person.sees()][-2:] == ["U zei: Een", "U zei: Twee"]


async def test_what_was_acknowledged_is_answered_after_a_crash(rig: Rig, house: House) -> None:
    person = await rig.person()
    await person.says("Een")
    await house.settle()
    house.assistant.gate.clear()
    sent = await person.says("Twee")
    assert 200 <= sent.status < 300

    await house.is_killed()
    house.assistant.gate.set()
    await house.settle()

    assert await house.texts(await person.conversation_id(), "customer") == ["Een", "Twee"]
    assert [seen.text for seen in await person.sees()][-2:] == ["U zei: Een", "U zei: Twee"]


async def test_killed_before_or_after_any_write_it_is_answered_once(rig: Rig, house: House) -> None:
    person = await rig.person()
    await person.says("Hoi")
    await house.settle()

    for steps in range(MOST_WRITES):
        house.life.steps, deaths = steps, house.deaths
        await person.says(f"Vraag {steps}")
        await house.settle()
        house.life.steps = None
        if house.deaths == deaths:
            break

    asked = [f"Vraag {number}" for number in range(steps + 1)]
    assert house.deaths >= 4
    assert await house.texts(await person.conversation_id(), "customer") == ["Hoi", *asked]
    answers = [seen.text for seen in await person.sees() if "Vraag" in seen.text]
    assert answers == [f"U zei: {text}" for text in asked]


async def test_a_customers_messages_are_answered_in_their_order_beside_others(rig: Rig, house: House) -> None:
    sanne, ruben = await rig.person("Sanne"), await rig.person("Ruben")
    for number in range(5):
        await sanne.says(f"S{number}")
        await ruben.says(f"R{number}")
    await house.settle()

    for person, letter in ((sanne, "S"), (ruben, "R")):
        said = [seen.text for seen in await person.sees() if seen.text.startswith("U zei")]
        assert said == [f"U zei: {letter}{number}" for number in range(5)]


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_the_language_of_the_interface_is_a_hint(rig: Rig, house: House, language: str) -> None:
    person = await rig.person(language=language)
    await person.says("Hoi")
    await house.settle()

    _, turn = house.assistant.asked[-1]
    assert turn.page_language == language


async def test_a_button_is_pressed_once(rig: Rig, house: House) -> None:
    house.answers("menu", MENU)
    person = await rig.person()
    await person.says("menu")
    await house.settle()
    shown = (await person.sees())[-1]
    pressed = await person.presses("Volg mijn pakket")
    await pressed.send()
    await house.settle()

    assert (shown.text, shown.buttons) == ("Wat wil je doen?", ("Volg mijn pakket", "Winkels"))
    assert await house.texts(await person.conversation_id(), "customer") == ["menu", "Volg mijn pakket"]
    assert house.assistant.asked[-1][1].payload == "/track_order"
    seen = await person.sees()
    assert [one.text for one in seen].count("U zei: Volg mijn pakket") == 1
    assert "Volg mijn pakket" not in next(one for one in seen if one.text == shown.text).buttons


async def test_a_buttons_title_that_is_typed_is_that_button_once(rig: Rig, house: House) -> None:
    house.answers("menu", MENU)
    person = await rig.person()
    await person.says("menu")
    await house.settle()
    typed = await person.says("volg mijn pakket!")
    await typed.send()
    await house.settle()

    assert await house.texts(await person.conversation_id(), "customer") == ["menu", "volg mijn pakket!"]
    assert [turn.payload for _, turn in house.assistant.asked] == [None, "/track_order"]
    assert [one.text for one in await person.sees()].count("U zei: volg mijn pakket!") == 1


async def test_somebody_elses_button_does_nothing(rig: Rig, house: House) -> None:
    house.answers("menu", MENU)
    sanne, ruben = await rig.person("Sanne"), await rig.person("Ruben")
    for person in (sanne, ruben):
        await person.says("menu")
        await house.settle()
        await person.sees()

    await ruben.presses_button_of(sanne, "Volg mijn pakket")
    await house.settle()

    for person in (sanne, ruben):
        assert await house.texts(await person.conversation_id(), "customer") == ["menu"]
    assert len(house.assistant.asked) == 2


async def test_a_photo_is_a_message_and_is_kept_without_its_secrets(rig: Rig, house: House) -> None:
    person = await rig.person()
    sent = await person.sends_photo(phone_photo())
    await sent.send()
    await house.settle()

    conversation_id = await person.conversation_id()
    stored = [one for one in await house.list_messages(conversation_id) if one.photos]
    assert len(stored) == 1
    photo = await house.services.store.conversations.get_photo(conversation_id, stored[0].photos[0].id)
    assert opened(photo.jpeg).size == (400, 200)
    assert not opened(photo.jpeg).getexif()
    assert (house.assistant.asked[-1][1].payload or "").startswith("/send_photo")


async def test_what_is_no_photo_is_said_so(rig: Rig, house: House) -> None:
    person = await rig.person()
    await person.says("Hoi")
    await house.settle()
    before = len(await person.sees())
    sent = await person.sends_photo(b"\xff\xd8 no picture")
    await house.settle()

    assert sent.refusal == "photo_unreadable" or len(await person.sees()) == before + 1
    assert not [one for one in await house.list_messages(await person.conversation_id()) if one.photos]


async def test_a_message_that_is_too_long_is_not_lost_in_silence(rig: Rig, house: House) -> None:
    person = await rig.person()
    await person.says("Hoi")
    await house.settle()
    before = len(await person.sees())
    sent = await person.says("a" * (house.settings.message_max_characters + 1))
    await house.settle()

    assert sent.refusal == "message_too_long" or len(await person.sees()) == before + 1
    assert await house.texts(await person.conversation_id(), "customer") == ["Hoi"]
