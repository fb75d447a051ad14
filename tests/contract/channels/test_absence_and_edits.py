"""Customers who block us or close the page, and customers who change what they wrote."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.channels.driver import Rig
from tests.contract.channels.house import House, Known
from tests.contract.channels.rigs import CAN_BE_LEFT, CAN_EDIT
from tests.support.handoff_desk import ASKS

only_where_customers_can_leave = pytest.mark.parametrize("channel", CAN_BE_LEFT, indirect=True)
only_where_customers_can_edit = pytest.mark.parametrize("channel", CAN_EDIT, indirect=True)


def test_the_rigs_say_what_their_channels_say(rig: Rig) -> None:
    assert rig.limits.can_edit is (rig.channel in CAN_EDIT)
    assert rig.limits.can_be_left is (rig.channel in CAN_BE_LEFT)


async def test_somebody_who_is_away_holds_up_nobody_and_goes_on_when_they_are_back(
    rig: Rig, house: House
) -> None:
    sanne, ruben = await rig.person("Sanne"), await rig.person("Ruben")
    for person in (sanne, ruben):
        await person.says("Hoi")
        await house.settle()
        await person.sees()
    house.assistant.gate.clear()
    await sanne.says("Een")
    await sanne.leaves()
    house.assistant.gate.set()
    await house.settle()
    await house.wait(timedelta(minutes=10))
    await ruben.says("Twee")
    await house.settle()
    assert (await ruben.sees())[-1].text == "U zei: Twee"

    await sanne.returns()
    await house.settle()
    await sanne.says("Drie")
    await house.settle()

    heard = [seen.text for seen in await sanne.sees() if seen.text.startswith("U zei")]
    while_away = [] if rig.limits.can_be_left else ["U zei: Een"]
    assert heard == ["U zei: Hoi", *while_away, "U zei: Drie"]
    assert await house.texts(await sanne.conversation_id(), "customer") == ["Hoi", "Een", "Drie"]


@only_where_customers_can_leave
async def test_whoever_leaves_does_not_wait_for_a_person_any_more(rig: Rig, house: House) -> None:
    async with house.agent() as agent:
        person = await rig.person()
        await person.says(ASKS)
        await house.settle()
        assert await agent.queue() == [str(await person.conversation_id())]

        await person.leaves()
        await house.settle()

        assert await agent.queue() == []


@only_where_customers_can_leave
async def test_of_whoever_leaves_silently_we_hear_when_we_write(rig: Rig, house: House) -> None:
    async with house.agent() as agent:
        person = await rig.person()
        await person.says("Hoi")
        await house.settle()
        await person.says(ASKS)
        await person.leaves(silently=True)
        await house.settle()

        assert await agent.queue() == []
        assert len(await person.sees()) == 1


@pytest.mark.parametrize("silently", [False, True])
@only_where_customers_can_leave
async def test_what_an_agent_wrote_meanwhile_is_there_when_they_are_back(
    rig: Rig, house: House, silently: bool
) -> None:
    async with house.agent() as agent:
        person = await rig.person()
        await person.says(ASKS)
        await house.settle()
        customer = Known(await person.conversation_id())
        await agent.accept(customer)  # type: ignore[arg-type]
        await house.settle()
        await person.leaves(silently=silently)
        await house.settle()
        before = len(await person.sees())

        await agent.write(customer, "Je jas ligt klaar.")  # type: ignore[arg-type]
        await house.settle()
        await house.wait(timedelta(minutes=10))
        assert len(await person.sees()) == before
        notes = (await agent.page(customer))["notes"]  # type: ignore[arg-type]
        assert len(notes) == 1

        await person.returns()
        await person.says("Ik ben er weer")
        await house.settle()
        await house.wait(timedelta(minutes=10))

        heard = [seen.text for seen in await person.sees()][before:]
        assert heard.count("Je jas ligt klaar.") == 1


@only_where_customers_can_edit
async def test_what_is_changed_before_its_turn_is_answered_as_it_reads_then(rig: Rig, house: House) -> None:
    person = await rig.person()
    await person.says("Hoi")
    await house.settle()
    house.assistant.gate.clear()
    await person.says("Een")
    sent = await person.says("Twe")
    await house.assistant.wait_until_running(1)
    await person.edits(sent, "Twee")
    await house.deliver()
    house.assistant.gate.set()
    await house.settle()

    assert await house.texts(await person.conversation_id(), "customer") == ["Hoi", "Een", "Twee"]
    assert [seen.text for seen in await person.sees()][-2:] == ["U zei: Een", "U zei: Twee"]


@only_where_customers_can_edit
async def test_what_is_changed_afterwards_is_replaced_and_not_answered_again(rig: Rig, house: House) -> None:
    person = await rig.person()
    sent = await person.says("Ik zoek een rode jas")
    await house.settle()
    before = await person.sees()
    edited = await person.edits(sent, "Ik zoek een blauwe jas")
    await edited.send()
    await house.settle()

    conversation_id = await person.conversation_id()
    assert await house.texts(conversation_id, "customer") == ["Ik zoek een blauwe jas"]
    assert await person.sees() == before
    (message,) = [one for one in await house.list_messages(conversation_id) if one.author.value == "customer"]
    assert message.edited_at == house.clock()
