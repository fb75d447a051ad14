"""A person takes over in any channel: the customer waits, hears their place, talks, and goes back."""

from __future__ import annotations

from datetime import timedelta

from balie.conversations.views import Author
from tests.contract.channels.driver import Rig
from tests.contract.channels.house import House, Known
from tests.support.handoff_desk import ASKS
from tests.support.photos import encoded, opened, phone_photo, red_left_blue_right


async def test_a_customer_waits_talks_with_an_agent_and_goes_back(rig: Rig, house: House) -> None:
    async with house.agent() as agent:
        other = await rig.person("Ruben")
        await other.says(ASKS)
        await house.settle()
        house.clock.advance(timedelta(seconds=1))
        person = await rig.person()
        await person.says(ASKS)
        await house.settle()
        customer = Known(await person.conversation_id())

        assert "plaats 2" in (await person.sees())[-1].text
        assert await agent.queue() == [Known(await other.conversation_id()).id, customer.id]

        await agent.accept(customer)  # type: ignore[arg-type]
        await agent.write(customer, "Dag, met **Iris**. Wat is er stuk?")  # type: ignore[arg-type]
        await house.settle()
        assert (await person.sees())[-1].text == "Dag, met Iris. Wat is er stuk?"

        await person.says("De rits.")
        await person.sends_photo(phone_photo())
        await house.settle()
        page = await agent.page(customer)  # type: ignore[arg-type]
        assert page["messages"][-2]["text"] == "De rits."
        (photo,) = page["messages"][-1]["photos"]
        jpeg = await agent.http.get(f"/conversations/{customer.id}/photos/{photo['id']}")
        assert opened(jpeg.content).size == (400, 200)

        picture = encoded(red_left_blue_right(300, 150))
        sent = await agent.http.post(
            f"/conversations/{customer.id}/photos",
            params={"client_message_id": "6f5b3a52-58a5-4b52-8f6c-1d2a3b4c5d6e"},
            content=picture,
            headers={"Content-Type": "image/jpeg"},
        )
        assert sent.status_code == 202, sent.text
        await house.settle()
        (shown,) = (await person.sees())[-1].photos
        assert opened(shown).size == (300, 150)
        assert not [text for text in house.assistant.texts if "rits" in text]

        assert (await agent.step(customer, "return")).status_code == 200  # type: ignore[arg-type]
        await house.settle()
        await person.says("Dank je")
        await house.settle()
        assert (await person.sees())[-1].text == "U zei: Dank je"


async def test_it_is_shown_that_an_agent_writes(rig: Rig, house: House) -> None:
    async with house.agent() as agent:
        person = await rig.person()
        await person.says(ASKS)
        await house.settle()
        customer = Known(await person.conversation_id())
        await agent.accept(customer)  # type: ignore[arg-type]
        await house.settle()

        conversation_id = await person.conversation_id()
        house.services.store.conversations.bell.show_typing(conversation_id, active=True, author=Author.AGENT)

        await person.sees_typing()
