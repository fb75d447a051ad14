"""A customer in Chatwoot, the assistant, and the people who take over: the protocol, step by step."""

from __future__ import annotations

from datetime import timedelta

from balie.conversations.status import ConversationStatus
from tests.support.chatwoot import Conversation
from tests.support.elsewhere import Elsewhere, reply
from tests.support.photos import phone_photo

WITH_ASSISTANT = ConversationStatus.WITH_ASSISTANT
WITH_AGENT = ConversationStatus.WITH_AGENT
WAITING = ConversationStatus.WAITING_FOR_AGENT


async def asked(house: Elsewhere, text: str = "Waar is mijn pakket?") -> Conversation:
    """A conversation in which the customer has asked something and got an answer."""
    there = house.chatwoot.open()
    house.chatwoot.customer_says(there, text)
    await house.run()
    return there


async def handed_over(house: Elsewhere, **columns: str) -> Conversation:
    """A conversation that waits for people."""
    there = await asked(house)
    await house.handoffs.request(await house.of(there.id), "chatwoot", **columns)
    await house.run()
    return there


async def test_a_question_in_chatwoot_is_answered_there(house: Elsewhere) -> None:
    there = await asked(house)

    assert there.said_to_customer() == ["U zei: Waar is mijn pakket?"]
    assert await house.texts(await house.of(there.id)) == [
        ("customer", "Waar is mijn pakket?"),
        ("assistant", "U zei: Waar is mijn pakket?"),
    ]


async def test_the_language_of_the_browser_comes_along(house: Elsewhere) -> None:
    there = house.chatwoot.open(language="en_GB")
    house.chatwoot.customer_says(there, "Hello")
    await house.run()

    conversation = await house.conversations.get_conversation(await house.of(there.id))

    assert conversation.page_language == "en"


async def test_our_own_echo_is_not_taken_for_a_question(house: Elsewhere) -> None:
    there = await asked(house)
    before = await house.texts(await house.of(there.id))

    await house.chatwoot.deliver(*house.chatwoot.outbox)
    await house.run()

    assert await house.texts(await house.of(there.id)) == before


async def test_a_doubled_event_is_one_question(house: Elsewhere) -> None:
    there = house.chatwoot.open()
    event = house.chatwoot.customer_says(there, "Hoi")

    await house.chatwoot.deliver(event, event, event)
    await house.run()

    assert there.said_to_customer() == ["U zei: Hoi"]


async def test_a_handoff_goes_in_the_order_that_loses_nothing(house: Elsewhere) -> None:
    there = await asked(house)
    conversation_id = await house.of(there.id)
    house.chatwoot.calls.clear()
    house.turns.replies = (reply("Ik verbind je door met een collega."),)
    house.chatwoot.customer_says(there, "Ik wil een mens")
    await house.chatwoot.deliver()
    await house.dispatcher.make_round()
    await house.turns.answer()
    await house.handoffs.request(conversation_id, "chatwoot", mood="high", band="top")

    await house.run()

    assert [call.what for call in house.chatwoot.calls] == [
        "note",
        "custom_attributes",
        "toggle_priority",
        "assignments",
        "messages",
        "toggle_status:open",
    ]
    assert there.status == "open"
    assert there.priority == "urgent"
    assert there.team == 9
    assert there.attributes["balie_reason"] == "asked"
    assert "Overgedragen door de assistent" in there.notes()[0]
    assert await house.status(conversation_id) is WAITING


async def test_open_waits_for_what_the_assistant_is_about_to_say(house: Elsewhere) -> None:
    there = await asked(house)
    house.chatwoot.customer_says(there, "Ik wil een mens")
    await house.chatwoot.deliver()
    await house.dispatcher.make_round()
    await house.handoffs.request(await house.of(there.id), "chatwoot")

    await house.dispatcher.settle()
    too_early = there.status
    house.clock.advance(timedelta(seconds=31))
    await house.dispatcher.settle()

    assert (too_early, there.status) == ("pending", "open")


async def test_attributes_of_other_people_stay(house: Elsewhere) -> None:
    there = house.chatwoot.open()
    there.attributes = {"newsletter": "yes"}
    house.chatwoot.customer_says(there, "Hoi")
    await house.run()
    await house.handoffs.request(await house.of(there.id), "chatwoot")

    await house.run()

    assert there.attributes["newsletter"] == "yes"
    assert there.attributes["balie_team"] == "service"


async def test_the_assistant_is_silent_while_the_customer_waits_and_while_a_person_has_it(
    house: Elsewhere,
) -> None:
    there = await handed_over(house)
    before = there.said_to_customer()

    house.chatwoot.customer_says(there, "Duurt het nog lang?")
    await house.run()
    house.chatwoot.agent_takes(there)
    house.chatwoot.customer_says(there, "Hallo?")
    await house.run()

    assert there.said_to_customer() == before
    assert await house.status(await house.of(there.id)) is WITH_AGENT


async def test_what_a_person_writes_is_kept_and_not_sent_back(house: Elsewhere) -> None:
    there = await handed_over(house)
    house.chatwoot.agent_takes(there)
    house.chatwoot.agent_writes(there, "Ik kijk even voor je.")

    await house.run()

    assert ("agent", "Ik kijk even voor je.") in await house.texts(await house.of(there.id))
    assert there.said_to_customer().count("Ik kijk even voor je.") == 1


async def test_a_private_note_reaches_neither_customer_nor_assistant(house: Elsewhere) -> None:
    there = await handed_over(house)
    house.chatwoot.agent_writes(there, "Klant is boos, geef korting", private=True)

    await house.run()

    texts = await house.texts(await house.of(there.id))
    assert not [text for _, text in texts if "korting" in text]
    assert await house.status(await house.of(there.id)) is WAITING


async def test_a_person_who_writes_into_a_pending_conversation_owns_it(house: Elsewhere) -> None:
    there = await asked(house)
    house.chatwoot.agent_writes(there, "Dit doe ik zelf.")
    house.chatwoot.customer_says(there, "Fijn")

    await house.run()

    assert await house.status(await house.of(there.id)) is WITH_AGENT
    assert there.status == "open"
    assert there.said_to_customer()[-1] == "Dit doe ik zelf."


async def test_a_person_who_sets_it_pending_gives_it_back(house: Elsewhere) -> None:
    there = await handed_over(house)
    house.chatwoot.agent_takes(there)
    house.chatwoot.agent_writes(there, "Opgelost!")
    await house.run()
    house.clock.advance(timedelta(minutes=2))
    house.chatwoot.agent_gives_back(there)
    house.chatwoot.customer_says(there, "Nog een vraag")

    await house.run()

    assert await house.status(await house.of(there.id)) is WITH_ASSISTANT
    assert there.said_to_customer()[-1] == "U zei: Nog een vraag"
    assert there.status == "pending"


async def test_whoever_withdraws_gets_the_assistant_back(house: Elsewhere) -> None:
    there = await handed_over(house)
    house.clock.advance(timedelta(minutes=1))
    await house.handoffs.withdraw(await house.of(there.id), "chatwoot")

    await house.run()
    house.chatwoot.customer_says(there, "Toch jij")
    await house.run()

    assert there.status == "pending"
    assert there.said_to_customer()[-1] == "U zei: Toch jij"


async def test_whoever_withdraws_before_it_was_sent_is_never_opened(house: Elsewhere) -> None:
    there = await asked(house)
    house.chatwoot.calls.clear()
    conversation_id = await house.of(there.id)
    house.chatwoot.troubles = ["500"]
    await house.handoffs.request(conversation_id, "chatwoot")
    await house.dispatcher.make_round()
    await house.handoffs.withdraw(conversation_id, "chatwoot")
    house.clock.advance(timedelta(minutes=1))

    await house.run()

    assert "toggle_status:open" not in [call.what for call in house.chatwoot.calls]
    assert there.status == "pending"


async def test_resolved_over_there_is_resolved_here_and_the_next_message_is_the_assistants(
    house: Elsewhere,
) -> None:
    there = await handed_over(house)
    house.chatwoot.agent_takes(there)
    await house.run()
    house.chatwoot.agent_resolves(there)
    await house.run()
    conversation_id = await house.of(there.id)
    resolved = await house.status(conversation_id)
    house.chatwoot.customer_says(there, "Bedankt! Nog iets")
    await house.run()

    assert resolved is ConversationStatus.RESOLVED
    assert await house.handoffs.list_states(conversation_id) == ["resolved"]
    assert there.status == "pending"
    assert there.said_to_customer()[-1] == "U zei: Bedankt! Nog iets"


async def test_opened_by_error_is_set_pending_again(house: Elsewhere) -> None:
    there = await asked(house)
    house.chatwoot._give_up_on_bot({"conversation": {"id": there.id}})

    await house.run()
    house.chatwoot.customer_says(there, "Ben je er nog?")
    await house.run()

    assert there.status == "pending"
    assert there.said_to_customer()[-1] == "U zei: Ben je er nog?"


async def test_a_conversation_that_began_while_we_were_away_is_taken_up(house: Elsewhere) -> None:
    there = house.chatwoot.open()
    house.chatwoot.customer_says(there, "Hoi")
    house.chatwoot.lose_events()
    house.chatwoot._give_up_on_bot({"conversation": {"id": there.id}})
    house.chatwoot.lose_events()

    house.chatwoot.customer_says(there, "Iemand?")
    await house.run()

    assert there.status == "pending"
    assert there.said_to_customer() == ["U zei: Iemand?"]


async def test_what_people_are_at_is_left_alone(house: Elsewhere) -> None:
    there = house.chatwoot.open(status="open")
    there.first_reply = "2026-11-03T09:00:00Z"

    house.chatwoot.customer_says(there, "Dank je wel, Joris")
    await house.run()

    assert there.said_to_customer() == []
    assert await house.store.find_link("chatwoot", str(there.id)) is None


async def test_a_late_event_changes_no_owner(house: Elsewhere) -> None:
    there = await handed_over(house)
    late = house.chatwoot.customer_says(there, "Hallo?")
    there.assignee = {"id": 3}
    house.chatwoot._set_status(there, "open")
    await house.chatwoot.deliver(*[event for event in house.chatwoot.outbox if event is not late])
    await house.dispatcher.settle()
    house.clock.advance(timedelta(minutes=1))
    late["conversation"]["status"] = "pending"

    await house.chatwoot.deliver(late)
    await house.run()

    assert await house.status(await house.of(there.id)) is WITH_AGENT
    assert ("customer", "Hallo?") in await house.texts(await house.of(there.id))


async def test_an_event_of_before_the_handoff_does_not_take_it_back(house: Elsewhere) -> None:
    there = await asked(house)
    of_before = house.chatwoot.customer_says(there, "en snel een beetje")
    house.chatwoot.outbox.remove(of_before)
    await house.handoffs.request(await house.of(there.id), "chatwoot")
    await house.run()

    await house.chatwoot.deliver(of_before)
    await house.run()

    assert await house.status(await house.of(there.id)) is WAITING
    assert there.status == "open"


async def test_buttons_are_options_and_a_choice_is_a_button_pressed(house: Elsewhere) -> None:
    house.turns.replies = (
        reply(
            "Wat wil je doen?", ("Volg mijn pakket", "/track_order"), ("Winkels", "https://shop.example/s")
        ),
    )
    there = await asked(house, "Menu")
    shown = there.messages[-1]
    house.turns.replies = (reply("Je pakket is onderweg."),)

    [option] = shown["content_attributes"]["items"]
    house.chatwoot.customer_chooses(there, shown["id"], option["value"])
    await house.run()

    assert shown["content_type"] == "input_select"
    assert option["title"] == "Volg mijn pakket"
    assert "[Winkels](https://shop.example/s)" in shown["content"]
    assert ("customer", "Volg mijn pakket") in await house.texts(await house.of(there.id))
    assert there.said_to_customer()[-1] == "Je pakket is onderweg."


async def test_whoever_types_the_title_of_a_button_means_the_button(house: Elsewhere) -> None:
    house.turns.replies = (reply("Wat wil je doen?", ("Volg mijn pakket", "/track_order")),)
    there = await asked(house, "Menu")
    house.turns.replies = ()
    house.chatwoot.customer_says(there, "volg mijn pakket")
    await house.chatwoot.deliver()
    await house.dispatcher.make_round()

    turn = await house.conversations.find_pending_turn(await house.of(there.id))

    assert turn is not None
    assert turn.payload == "/track_order"


async def test_a_photo_comes_in_and_other_files_are_answered_too(house: Elsewhere) -> None:
    there = house.chatwoot.open()
    house.chatwoot.customer_says(there, "Kapot", files=(("image", phone_photo()), ("audio", b"...")))

    await house.run()

    page = await house.conversations.list_messages(await house.of(there.id))
    assert [len(message.photos) for message in page.messages if message.author.value == "customer"] == [
        0,
        1,
        0,
    ]
    assert "U zei: [audio]" in there.said_to_customer()


async def test_a_photo_is_only_fetched_from_chatwoot_itself(house: Elsewhere) -> None:
    there = house.chatwoot.open()
    event = house.chatwoot.customer_says(there, None, files=(("image", phone_photo()),))
    event["attachments"][0]["data_url"] = "http://169.254.169.254/latest"

    await house.run()

    assert there.said_to_customer() == ["U zei: [image]"]


async def test_a_message_that_is_too_long_is_heard_as_far_as_it_goes(house: Elsewhere) -> None:
    there = await asked(house, "a" * 9000)

    assert len((await house.texts(await house.of(there.id)))[0][1]) == 2000
    assert len(there.said_to_customer()) == 1


async def test_somebody_who_only_looks_at_the_page_begins_nothing(house: Elsewhere) -> None:
    house.chatwoot.look_at_widget()

    assert await house.chatwoot.deliver() == [200]
    assert await house.dispatcher.make_round() == 1
    assert house.chatwoot.calls == []
