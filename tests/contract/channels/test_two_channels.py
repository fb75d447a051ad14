"""One customer, several channels: a conversation goes on elsewhere with all it knows, as one thread."""

from __future__ import annotations

from datetime import timedelta

import pytest

from balie.gateway.tokens import CustomerTokens
from tests.contract.channels.driver import Person, Rig
from tests.contract.channels.house import House, Known
from tests.contract.channels.rigs import ELSEWHERE
from tests.contract.channels.widget import Browser, WidgetRig
from tests.support.handoff_desk import ASKS
from tests.support.store import add_customer

only_elsewhere = pytest.mark.parametrize("channel", ELSEWHERE, indirect=True)


async def known_browser(house: House, website: WidgetRig) -> Browser:
    """A customer whom the shop vouches for, who has asked something on the website."""
    await add_customer(house.services.store.customers._unit_of_work)
    secret = house.settings.shop_secret.get_secret_value()
    token = CustomerTokens(secret, clock=house.clock).issue("K-1001")
    browser = await website.person(customer_token=token)
    await browser.says("Waar is mijn pakket?")
    await house.settle()
    await browser.sees()
    return browser


async def code_of(house: House, rig: Rig, person: Person) -> str:
    """A code by which a conversation goes on in a channel."""
    continuations = house.services.store.handoffs.continuations
    return (await continuations.create(await person.conversation_id(), rig.channel)).code


@only_elsewhere
async def test_a_conversation_of_the_website_goes_on_elsewhere_with_its_customer(
    rig: Rig, house: House, website: WidgetRig
) -> None:
    browser = await known_browser(house, website)
    there = await rig.person()
    await there.continues(await code_of(house, rig, browser))
    await house.settle()
    await there.says("En wanneer komt het?")
    await house.settle()

    assert await there.conversation_id() == await browser.conversation_id()
    conversation = await house.services.store.conversations.get_conversation(await there.conversation_id())
    assert conversation.customer_id is not None
    seen = [one.text for one in await there.sees()]
    assert seen[-1] == "U zei: En wanneer komt het?"
    # They are told what they go on with, and nothing is said again.
    assert "Waar is mijn pakket?" in seen[0]
    assert len(seen) == 2


@only_elsewhere
async def test_a_code_works_once_and_a_guess_does_not(rig: Rig, house: House, website: WidgetRig) -> None:
    browser = await known_browser(house, website)
    code = await code_of(house, rig, browser)
    sanne, thief = await rig.person("Sanne"), await rig.person("Mallory")
    await sanne.continues(code)
    await house.settle()
    told = []
    for guess in (code, "A" * 22):
        await thief.continues(guess)
        await house.settle()
        told.append((await thief.sees())[-1].text)

    assert told[0] == told[1]
    assert await sanne.conversation_id() == await browser.conversation_id()
    assert await thief.conversation_id() != await browser.conversation_id()
    assert "pakket" not in told[0]


@only_elsewhere
async def test_a_code_runs_out(rig: Rig, house: House, website: WidgetRig) -> None:
    browser = await known_browser(house, website)
    code = await code_of(house, rig, browser)
    await house.wait(timedelta(minutes=10, seconds=1))
    there = await rig.person()
    await there.continues(code)
    await house.settle()

    assert await there.conversation_id() != await browser.conversation_id()


@only_elsewhere
async def test_the_other_way_round_the_website_shows_the_whole_thread(
    rig: Rig, house: House, website: WidgetRig
) -> None:
    there = await rig.person()
    await there.says("Hoi daar")
    await house.settle()
    browser = await website.person()
    assert (await browser.continues(await code_of(house, website, there))).status == 200

    assert await browser.conversation_id() == await there.conversation_id()
    assert [seen.text for seen in await browser.sees()] == ["U zei: Hoi daar"]
    await browser.says("Nu hier")
    await house.settle()
    assert (await browser.sees())[-1].text == "U zei: Nu hier"
    # They are reached where they said something last, and not in both places.
    assert [seen.text for seen in await there.sees()] == ["U zei: Hoi daar"]


async def test_a_code_for_the_website_works_once_there(rig: Rig, house: House, website: WidgetRig) -> None:
    there = await rig.person()
    await there.says("Hoi daar")
    await house.settle()
    code = await code_of(house, website, there)
    statuses = [(await (await website.person()).continues(code)).status for _ in range(2)]

    assert statuses == [200, 404]


@only_elsewhere
async def test_an_agent_sees_one_thread_and_reaches_the_customer_where_they_are(
    rig: Rig, house: House, website: WidgetRig
) -> None:
    async with house.agent() as agent:
        browser = await known_browser(house, website)
        there = await rig.person()
        await there.continues(await code_of(house, rig, browser))
        await house.settle()
        await there.says(ASKS)
        await house.settle()
        customer = Known(await there.conversation_id())
        page = await agent.page(customer)  # type: ignore[arg-type]
        said = [one["text"] for one in page["messages"] if one["author"] == "customer"]
        assert said == ["Waar is mijn pakket?", ASKS]

        await agent.accept(customer)  # type: ignore[arg-type]
        await agent.write(customer, "Hier ben ik.")  # type: ignore[arg-type]
        await house.settle()
        assert (await there.sees())[-1].text == "Hier ben ik."

        await browser.says("Ik zit weer achter de computer")
        await house.settle()
        before = len(await there.sees())
        await agent.write(customer, "Dan schrijf ik je daar.")  # type: ignore[arg-type]
        await house.settle()

        assert (await browser.sees())[-1].text == "Dan schrijf ik je daar."
        assert len(await there.sees()) == before
