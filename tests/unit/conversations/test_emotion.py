"""What is kept of a customer's mood; runs on SQLite here and on both databases in tests/storage."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from balie.conversations.models import MessageRow
from balie.conversations.reading import LOOK_BACK
from balie.conversations.service import ConversationService
from balie.conversations.views import (
    Author,
    Conversation,
    Message,
    NewButton,
    NewReply,
    TurnOutcome,
    TurnState,
)
from balie.kernel.emotion import Emotion
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import UnitOfWork
from tests.support.moods import emotion

FUMING = emotion(anger=0.9)
PLAIN_REPLY = NewReply("Zo zit het.", (), "utter_warranty", "nl")
WARM_REPLY = NewReply("Sorry.\n\nZo zit het.", (), "utter_warranty", "nl", "anger.nl.2", "person.nl.0")


@pytest.fixture
async def moody(conversations: ConversationService) -> Conversation:
    return await conversations.open_conversation(page_language="nl")


async def take_turn(
    conversations: ConversationService,
    conversation: Conversation,
    reading: Emotion | None,
    *replies: NewReply,
    outcome: TurnState = TurnState.ANSWERED,
) -> Message:
    recorded = await conversations.record_customer_message(
        conversation.id, "dit is geheim", client_message_id=uuid4()
    )
    turn = await conversations.find_pending_turn(conversation.id)
    assert turn is not None
    await conversations.record_replies(turn, replies, TurnOutcome(outcome, "nl", reading))
    return recorded.message


async def test_a_reading_is_stored_with_its_message(
    conversations: ConversationService, moody: Conversation
) -> None:
    asked = await take_turn(conversations, moody, FUMING, PLAIN_REPLY)

    assert (await conversations.get_message(moody.id, asked.id)).emotion == FUMING
    assert [each.emotion for each in (await conversations.list_messages(moody.id)).messages] == [FUMING, None]


async def test_a_reading_is_stored_when_the_assistant_says_nothing(
    conversations: ConversationService, moody: Conversation
) -> None:
    asked = await take_turn(conversations, moody, FUMING)

    assert (await conversations.get_message(moody.id, asked.id)).emotion == FUMING


async def test_what_was_not_read_is_null_in_the_database(
    conversations: ConversationService, moody: Conversation, unit_of_work: UnitOfWork
) -> None:
    await take_turn(conversations, moody, None, PLAIN_REPLY)

    count = text("SELECT count(*) FROM messages WHERE emotion IS NULL")
    assert await unit_of_work.run_reading(lambda connection: connection.scalar(count)) == 2


async def test_a_second_answer_does_not_change_the_reading(
    conversations: ConversationService, moody: Conversation
) -> None:
    await conversations.record_customer_message(moody.id, "hoi", client_message_id=uuid4())
    turn = await conversations.find_pending_turn(moody.id)
    assert turn is not None
    for reading in (FUMING, emotion(joy=1.0)):
        await conversations.record_replies(
            turn, [PLAIN_REPLY], TurnOutcome(TurnState.ANSWERED, "nl", reading)
        )

    assert (await conversations.get_message(moody.id, turn.message_id)).emotion == FUMING


async def test_the_database_itself_refuses_to_keep_a_reading_of_anybody_else(
    conversations: ConversationService, moody: Conversation, unit_of_work: UnitOfWork
) -> None:
    asked = await take_turn(conversations, moody, FUMING)
    row = {
        "id": uuid4(),
        "conversation_id": moody.id,
        "sequence": asked.sequence + 1,
        "author": "agent",
        "text": "Ik help je.",
        "buttons": [],
        "turn_state": "none",
        "emotion": FUMING.as_document(),
        "created_at": asked.created_at,
    }

    with pytest.raises(IntegrityError):
        await unit_of_work.run_writing(lambda connection: connection.execute(insert(MessageRow), row))


async def test_the_past_says_how_messages_felt_and_were_answered(
    conversations: ConversationService, moody: Conversation
) -> None:
    asked = await take_turn(conversations, moody, FUMING, WARM_REPLY)

    customer, assistant = await conversations.list_past(moody.id)

    assert (customer.id, customer.author, customer.emotion) == (asked.id, Author.CUSTOMER, FUMING)
    assert not customer.pressed
    assert (assistant.author, assistant.response) == (Author.ASSISTANT, "utter_warranty")
    assert (assistant.opening, assistant.remark) == ("anger.nl.2", "person.nl.0")


async def test_the_past_knows_which_turns_were_buttons(
    conversations: ConversationService, moody: Conversation
) -> None:
    menu = NewReply("Kies", (NewButton("Volg", payload="/track_order"),), "utter_menu", "nl")
    await take_turn(conversations, moody, None, menu)
    shown = (await conversations.list_messages(moody.id)).messages[-1].buttons[0]
    assert shown.id is not None

    await conversations.record_button_press(moody.id, shown.id, client_message_id=uuid4())

    past = await conversations.list_past(moody.id)
    assert [each.pressed for each in past] == [False, False, True]


async def test_the_past_goes_back_a_little_and_words_for_a_mood_are_never_forgotten(
    conversations: ConversationService, moody: Conversation
) -> None:
    await take_turn(conversations, moody, FUMING, WARM_REPLY)
    for _ in range(LOOK_BACK):
        await take_turn(conversations, moody, None, PLAIN_REPLY)

    past = await conversations.list_past(moody.id)

    assert len(past) == LOOK_BACK + 1
    assert past[0].opening == "anger.nl.2"
    assert [each.sequence for each in past] == sorted(each.sequence for each in past)


async def test_a_conversation_that_is_not_there_has_no_past(conversations: ConversationService) -> None:
    assert await conversations.list_past(ConversationId(UUID(int=7))) == ()


async def test_erasing_a_conversation_erases_what_was_read(
    conversations: ConversationService, moody: Conversation, unit_of_work: UnitOfWork
) -> None:
    await take_turn(conversations, moody, FUMING, WARM_REPLY)

    await unit_of_work.run_writing(lambda connection: connection.execute(text("DELETE FROM conversations")))

    count = text("SELECT count(*) FROM messages")
    assert await unit_of_work.run_reading(lambda connection: connection.scalar(count)) == 0


@pytest.mark.parametrize(
    ("opening", "remark", "answer"),
    [
        (None, None, "Een.\n\nTwee.\n\nDrie."),
        ("anger.nl.2", None, "Twee.\n\nDrie."),
        ("anger.own", None, "Een.\n\nTwee.\n\nDrie."),
        ("anger.nl.2", "person.nl.0", "Twee."),
    ],
)
async def test_an_answer_is_repeated_without_its_words_for_a_mood(
    conversations: ConversationService,
    moody: Conversation,
    opening: str | None,
    remark: str | None,
    answer: str,
) -> None:
    reply = NewReply("Een.\n\nTwee.\n\nDrie.", (), "utter_warranty", "nl", opening, remark)
    await take_turn(conversations, moody, None, reply)

    assert (await conversations.list_messages(moody.id)).messages[-1].answer == answer
