from datetime import timedelta
from uuid import uuid4

import pytest

from balie.conversations.bell import Bell, Rung
from balie.conversations.errors import (
    ButtonNotFoundError,
    ConversationNotFoundError,
    MessageEmptyError,
    MessageNotFoundError,
    StatusChangeRefusedError,
)
from balie.conversations.service import ConversationService
from balie.conversations.status import ConversationStatus, TurnMode
from balie.conversations.views import (
    Author,
    Conversation,
    Message,
    NewButton,
    NewReply,
    PendingTurn,
    Proof,
    TurnOutcome,
    TurnState,
)
from balie.kernel.ids import ConversationId, MessageId
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock
from tests.support.store import add_customer

GREETING = NewReply("Hallo!", (), "utter_greet", "nl")
WITH_BUTTONS = NewReply(
    "Wat wil je doen?",
    (
        NewButton("Volg mijn pakket", payload="/track_order"),
        NewButton("Winkels", url="https://shop.example/stores"),
    ),
    "utter_menu",
    "nl",
)


@pytest.fixture
async def conversation(conversations: ConversationService) -> Conversation:
    return await conversations.open_conversation(page_language="nl")


async def say(conversations: ConversationService, conversation: Conversation, text: str) -> Message:
    recorded = await conversations.record_customer_message(conversation.id, text, client_message_id=uuid4())
    return recorded.message


async def pending(conversations: ConversationService, conversation: Conversation) -> PendingTurn:
    turn = await conversations.find_pending_turn(conversation.id)
    assert turn is not None
    return turn


async def answer(
    conversations: ConversationService,
    conversation: Conversation,
    *replies: NewReply,
    language: str | None = "nl",
) -> bool:
    turn = await pending(conversations, conversation)
    return await conversations.record_replies(turn, replies, TurnOutcome(TurnState.ANSWERED, language))


async def test_a_new_conversation_is_with_the_assistant(
    conversations: ConversationService, clock: StillClock
) -> None:
    opened = await conversations.open_conversation(page_language="nl")

    assert await conversations.get_conversation(opened.id) == opened
    assert opened.status is ConversationStatus.WITH_ASSISTANT
    assert (opened.language, opened.customer_id, opened.proof) == ("nl", None, None)
    assert opened.created_at == clock.now


async def test_a_conversation_of_a_logged_in_customer_is_theirs(
    conversations: ConversationService, unit_of_work: UnitOfWork
) -> None:
    customer_id = await add_customer(unit_of_work)

    opened = await conversations.open_conversation(customer_id=customer_id)

    assert (opened.customer_id, opened.proof) == (customer_id, Proof.SHOP_TOKEN)


async def test_messages_and_replies_are_numbered_in_order(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await say(conversations, conversation, "hoi")
    await answer(conversations, conversation, GREETING, WITH_BUTTONS)
    await say(conversations, conversation, "dank je")

    page = await conversations.list_messages(conversation.id)
    assert [(message.sequence, message.author, message.text) for message in page.messages] == [
        (1, Author.CUSTOMER, "hoi"),
        (2, Author.ASSISTANT, "Hallo!"),
        (3, Author.ASSISTANT, "Wat wil je doen?"),
        (4, Author.CUSTOMER, "dank je"),
    ]
    assert page.last_sequence == 4


async def test_only_what_is_new_is_listed(
    conversations: ConversationService, conversation: Conversation
) -> None:
    for text in ("een", "twee", "drie"):
        await say(conversations, conversation, text)

    page = await conversations.list_messages(conversation.id, after=2)
    assert [message.text for message in page.messages] == ["drie"]
    assert (await conversations.list_messages(conversation.id, after=3)).messages == ()
    assert (await conversations.list_messages(conversation.id, after=99)).last_sequence == 3


async def test_a_repeated_message_is_the_first_one_again(
    conversations: ConversationService, conversation: Conversation
) -> None:
    client_message_id = uuid4()
    first = await conversations.record_customer_message(
        conversation.id, "hoi", client_message_id=client_message_id
    )

    again = await conversations.record_customer_message(
        conversation.id, "iets anders", client_message_id=client_message_id
    )

    assert (first.duplicate, again.duplicate) == (False, True)
    assert again.message == first.message
    assert (await conversations.list_messages(conversation.id)).last_sequence == 1


async def test_the_same_client_message_id_in_another_conversation_is_another_message(
    conversations: ConversationService, conversation: Conversation
) -> None:
    other = await conversations.open_conversation()
    client_message_id = uuid4()
    await conversations.record_customer_message(conversation.id, "hoi", client_message_id=client_message_id)

    recorded = await conversations.record_customer_message(
        other.id, "hoi", client_message_id=client_message_id
    )

    assert not recorded.duplicate


async def test_an_empty_message_takes_no_number(
    conversations: ConversationService, conversation: Conversation
) -> None:
    with pytest.raises(MessageEmptyError):
        await say(conversations, conversation, " \x00 ")

    assert (await conversations.list_messages(conversation.id)).last_sequence == 0


async def test_text_that_looks_like_sql_or_html_is_only_text(
    conversations: ConversationService, conversation: Conversation
) -> None:
    texts = ["'; DROP TABLE messages; --", "<img src=x onerror=alert(1)>", "{{ 7 * 7 }}", "%s %(x)s ?1 :a"]
    for text in texts:
        await say(conversations, conversation, text)

    page = await conversations.list_messages(conversation.id)
    assert [message.text for message in page.messages] == texts


async def test_a_conversation_that_does_not_exist_has_nothing(conversations: ConversationService) -> None:
    nowhere = ConversationId(uuid4())

    with pytest.raises(ConversationNotFoundError):
        await conversations.get_conversation(nowhere)
    with pytest.raises(ConversationNotFoundError):
        await conversations.list_messages(nowhere)
    with pytest.raises(ConversationNotFoundError):
        await conversations.record_customer_message(nowhere, "hoi", client_message_id=uuid4())
    with pytest.raises(ConversationNotFoundError):
        await conversations.remember_language(nowhere, "en")
    with pytest.raises(ConversationNotFoundError):
        await conversations.change_status(nowhere, ConversationStatus.RESOLVED)
    assert await conversations.find_pending_turn(nowhere) is None


async def test_a_message_is_found_in_its_own_conversation_only(
    conversations: ConversationService, conversation: Conversation
) -> None:
    other = await conversations.open_conversation()
    message = await say(conversations, conversation, "jan@voorbeeld.example")

    assert await conversations.get_message(conversation.id, message.id) == message
    with pytest.raises(MessageNotFoundError):
        await conversations.get_message(other.id, message.id)
    with pytest.raises(MessageNotFoundError):
        await conversations.get_message(conversation.id, MessageId(uuid4()))


async def test_buttons_show_an_opaque_id_and_keep_their_payload(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await say(conversations, conversation, "menu")
    await answer(conversations, conversation, WITH_BUTTONS)

    button, link = (await conversations.list_messages(conversation.id, after=1)).messages[0].buttons
    assert (link.id, link.url, link.title) == (None, "https://shop.example/stores", "Winkels")
    assert (button.url, button.title) == (None, "Volg mijn pakket")
    assert button.id is not None
    assert "track_order" not in button.id

    pressed = await conversations.record_button_press(conversation.id, button.id, client_message_id=uuid4())
    turn = await pending(conversations, conversation)
    assert pressed.message.text == "Volg mijn pakket"
    assert (turn.message_id, turn.payload) == (pressed.message.id, "/track_order")


async def test_a_button_of_somebody_else_and_an_unknown_one_are_the_same(
    conversations: ConversationService, conversation: Conversation
) -> None:
    other = await conversations.open_conversation()
    await say(conversations, other, "menu")
    await answer(conversations, other, WITH_BUTTONS)
    theirs = (await conversations.list_messages(other.id, after=1)).messages[0].buttons[0].id
    assert theirs is not None

    for button_id in (theirs, "unknown", "/restart", ""):
        with pytest.raises(ButtonNotFoundError):
            await conversations.record_button_press(conversation.id, button_id, client_message_id=uuid4())
    assert (await conversations.list_messages(conversation.id)).last_sequence == 0


async def test_a_turn_is_answered_once(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await say(conversations, conversation, "hoi")
    turn = await pending(conversations, conversation)

    first = await conversations.record_replies(turn, [GREETING], TurnOutcome(TurnState.ANSWERED, "nl"))
    second = await conversations.record_replies(turn, [GREETING], TurnOutcome(TurnState.FAILED))

    assert (first, second) == (True, False)
    assert (await conversations.list_messages(conversation.id)).last_sequence == 2


async def test_silence_closes_the_turn_without_a_message(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await say(conversations, conversation, "...")
    await answer(conversations, conversation)

    assert await conversations.find_pending_turn(conversation.id) is None
    assert (await conversations.list_messages(conversation.id)).last_sequence == 1


async def test_the_oldest_message_waits_first(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await say(conversations, conversation, "een")
    await say(conversations, conversation, "twee")

    assert (await pending(conversations, conversation)).text == "een"
    await answer(conversations, conversation, GREETING)
    assert (await pending(conversations, conversation)).text == "twee"


async def test_conversations_with_waiting_messages_are_listed_longest_waiting_first(
    conversations: ConversationService, clock: StillClock
) -> None:
    opened = [await conversations.open_conversation() for _ in range(3)]
    for conversation in (opened[2], opened[0], opened[0]):
        await say(conversations, conversation, "hoi")
        clock.advance(timedelta(seconds=1))

    assert await conversations.list_conversations_with_pending_turns() == (opened[2].id, opened[0].id)


async def test_the_language_of_the_answer_is_noted_everywhere(
    conversations: ConversationService, conversation: Conversation
) -> None:
    message = await say(conversations, conversation, "where is my parcel")
    await answer(
        conversations, conversation, NewReply("On its way.", (), "utter_track_order", "en"), language="en"
    )

    now = await conversations.get_conversation(conversation.id)
    assert (now.language, now.recent_languages, now.explicit_language) == ("en", ("en",), None)
    assert (await conversations.get_message(conversation.id, message.id)).language == "en"
    assert (await conversations.list_messages(conversation.id, after=1)).messages[0].language == "en"


async def test_a_pressed_button_is_no_evidence_of_a_language(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await say(conversations, conversation, "menu")
    await answer(conversations, conversation, WITH_BUTTONS)
    button_id = (await conversations.list_messages(conversation.id, after=1)).messages[0].buttons[0].id
    assert button_id is not None
    await conversations.record_button_press(conversation.id, button_id, client_message_id=uuid4())

    await answer(conversations, conversation, GREETING)

    assert (await conversations.get_conversation(conversation.id)).recent_languages == ("nl",)


async def test_an_explicit_language_is_kept_and_handed_to_the_next_turn(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await conversations.remember_language(conversation.id, "en")
    await say(conversations, conversation, "ok")

    turn = await pending(conversations, conversation)
    assert (turn.explicit_language, turn.likely_language, turn.page_language) == ("en", "en", "nl")


async def test_the_likely_language_is_the_last_spoken_then_the_pages(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await say(conversations, conversation, "hello")
    assert (await pending(conversations, conversation)).likely_language == "nl"

    await answer(conversations, conversation, language="en")
    await say(conversations, conversation, "ok")
    assert (await pending(conversations, conversation)).likely_language == "en"


async def test_the_status_follows_its_table(
    conversations: ConversationService, conversation: Conversation
) -> None:
    changed = await conversations.change_status(conversation.id, ConversationStatus.WAITING_FOR_AGENT)
    assert changed.status is ConversationStatus.WAITING_FOR_AGENT

    with pytest.raises(StatusChangeRefusedError):
        await conversations.change_status(conversation.id, ConversationStatus.WAITING_FOR_AGENT)
    assert (
        await conversations.get_conversation(conversation.id)
    ).status is ConversationStatus.WAITING_FOR_AGENT


async def test_a_message_to_an_agent_is_read_but_not_answered(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await conversations.change_status(conversation.id, ConversationStatus.WAITING_FOR_AGENT)
    await conversations.change_status(conversation.id, ConversationStatus.WITH_AGENT)
    await say(conversations, conversation, "bent u er nog?")

    turn = await conversations.find_pending_turn(conversation.id)
    assert turn is not None
    assert turn.mode is TurnMode.READ


async def test_what_the_assistant_has_to_say_comes_too_late_when_an_agent_has_the_conversation(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await say(conversations, conversation, "waar blijft mijn pakket?")
    turn = await conversations.find_pending_turn(conversation.id)
    assert turn is not None
    await conversations.change_status(conversation.id, ConversationStatus.WITH_AGENT)

    assert await conversations.record_replies(turn, [GREETING], TurnOutcome(TurnState.ANSWERED, "nl"))

    page = await conversations.list_messages(conversation.id)
    assert [message.author for message in page.messages] == [Author.CUSTOMER]
    assert page.last_sequence == 1
    assert await conversations.find_pending_turn(conversation.id) is None


async def test_a_message_that_was_only_read_is_answered_when_the_customer_is_back_with_the_assistant(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await conversations.change_status(conversation.id, ConversationStatus.WAITING_FOR_AGENT)
    await say(conversations, conversation, "laat maar")
    turn = await conversations.find_pending_turn(conversation.id)
    assert turn is not None
    await conversations.change_status(conversation.id, ConversationStatus.WITH_ASSISTANT)

    assert not await conversations.record_replies(turn, [], TurnOutcome(TurnState.ANSWERED, "nl"))

    again = await conversations.find_pending_turn(conversation.id)
    assert again is not None
    assert again.mode is TurnMode.ANSWER


async def test_who_writes_after_the_end_is_helped_again(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await conversations.change_status(conversation.id, ConversationStatus.RESOLVED)
    await say(conversations, conversation, "toch nog een vraag")

    assert (await conversations.get_conversation(conversation.id)).status is ConversationStatus.WITH_ASSISTANT
    assert await conversations.find_pending_turn(conversation.id) is not None


async def test_every_change_rings_the_bell(unit_of_work: UnitOfWork) -> None:
    bell = Bell()
    conversations = ConversationService(unit_of_work, bell)
    conversation = await conversations.open_conversation()

    with bell.listening(conversation.id) as listener:
        await say(conversations, conversation, "hoi")
        assert await listener.next_signal() == Rung()
        await answer(conversations, conversation, GREETING)
        assert await listener.next_signal() == Rung()
        await conversations.remember_language(conversation.id, "en")
        assert await listener.next_signal() == Rung()
        await conversations.change_status(conversation.id, ConversationStatus.RESOLVED)
        assert await listener.next_signal() == Rung()
