"""One conversation by several channels: where its customer is reached, edits, notices, and erasing it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select

from balie.baskets.models import BasketRow, CodeAttemptsRow
from balie.cases.models import CaseRow
from balie.conversations.bell import Edited, Rung
from balie.conversations.errors import (
    ConversationBusyError,
    ConversationNotFoundError,
    MessageEmptyError,
)
from balie.conversations.models import (
    IdentificationAttemptRow,
    MessageButtonRow,
    MessageRow,
    OneTimeCodeRow,
    PhotoRow,
)
from balie.conversations.service import ConversationService
from balie.conversations.status import ConversationStatus
from balie.conversations.views import (
    Author,
    Conversation,
    NewButton,
    NewReply,
    PendingTurn,
    TurnOutcome,
    TurnState,
)
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock
from tests.support.photos import encoded, red_left_blue_right

SMALL = encoded(red_left_blue_right())
MENU = NewReply("Hallo!", (NewButton("Volg mijn pakket", payload="/track_order"),), "utter_menu", "nl")
DONE = TurnOutcome(TurnState.ANSWERED, language="nl")


@pytest.fixture
async def conversation(conversations: ConversationService) -> Conversation:
    return await conversations.open_conversation(page_language="nl")


async def pending(conversations: ConversationService, conversation_id: ConversationId) -> PendingTurn:
    turn = await conversations.find_pending_turn(conversation_id)
    assert turn is not None
    return turn


async def heard_via(conversations: ConversationService, conversation: Conversation) -> str:
    return (await conversations.get_conversation(conversation.id)).heard_via


async def test_a_customer_is_reached_where_they_began_until_they_write_elsewhere(
    conversations: ConversationService,
) -> None:
    opened = await conversations.open_conversation(channel="telegram")
    before = await heard_via(conversations, opened)

    await conversations.record_customer_message(opened.id, "hoi", client_message_id=uuid4())
    there = await conversations.get_conversation(opened.id)

    assert (opened.heard_via, before) == ("telegram", "telegram")
    assert (there.channel, there.heard_via) == ("telegram", "web_widget")


async def test_whatever_a_customer_does_says_where_they_are(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await conversations.record_customer_message(conversation.id, "hoi", client_message_id=uuid4(), via="a")
    first = await heard_via(conversations, conversation)
    await conversations.record_replies(await pending(conversations, conversation.id), [MENU], DONE)
    [button] = (await conversations.list_messages(conversation.id)).messages[-1].buttons
    assert button.id is not None

    await conversations.record_button_press(conversation.id, button.id, client_message_id=uuid4(), via="b")
    second = await heard_via(conversations, conversation)
    await conversations.record_photo(conversation.id, SMALL, client_message_id=uuid4(), via="c")
    third = await heard_via(conversations, conversation)
    await conversations.record_choice(
        conversation.id, "/human", "/contact_human_agent", client_message_id=uuid4(), via="d"
    )

    assert [first, second, third, await heard_via(conversations, conversation)] == ["a", "b", "c", "d"]


async def test_a_message_that_comes_again_by_another_channel_moves_nobody(
    conversations: ConversationService, conversation: Conversation
) -> None:
    same = uuid4()
    await conversations.record_customer_message(
        conversation.id, "hoi", client_message_id=same, via="telegram"
    )

    await conversations.record_customer_message(conversation.id, "hoi", client_message_id=same)

    assert await heard_via(conversations, conversation) == "telegram"


async def test_a_choice_is_stored_like_a_pressed_button_once(
    conversations: ConversationService, conversation: Conversation
) -> None:
    same = uuid4()
    for _ in range(2):
        recorded = await conversations.record_choice(
            conversation.id, "Een mens, graag", "/contact_human_agent", client_message_id=same
        )

    turn = await pending(conversations, conversation.id)
    assert recorded.duplicate
    assert (turn.text, turn.payload) == ("Een mens, graag", "/contact_human_agent")
    assert (await conversations.get_conversation(conversation.id)).last_sequence == 1


async def test_what_is_edited_before_it_is_taken_up_is_answered_as_it_reads_then(
    conversations: ConversationService, conversation: Conversation, clock: StillClock
) -> None:
    said = uuid4()
    await conversations.record_customer_message(conversation.id, "waar is DD1", client_message_id=said)

    with conversations.bell.listening(conversation.id) as listener, conversations.bell.watching() as watcher:
        edited = await conversations.replace_message(conversation.id, " waar is DD2 ", client_message_id=said)
        assert await listener.next_signal() == Edited(1)
        changes = await watcher.next_changes()

    assert edited is not None
    assert (edited.text, edited.edited_at) == ("waar is DD2", clock())
    assert (await pending(conversations, conversation.id)).text == "waar is DD2"
    assert (await conversations.get_message(conversation.id, edited.id)) == edited
    assert changes.edited == {conversation.id: frozenset({1})}
    assert conversation.id in changes.rung


async def test_what_is_edited_after_its_answer_reads_differently_and_is_not_answered_again(
    conversations: ConversationService, conversation: Conversation
) -> None:
    said = uuid4()
    await conversations.record_customer_message(conversation.id, "ja", client_message_id=said)
    await conversations.record_replies(await pending(conversations, conversation.id), [MENU], DONE)

    await conversations.replace_message(conversation.id, "nee", client_message_id=said)

    texts = [message.text for message in (await conversations.list_messages(conversation.id)).messages]
    assert texts == ["nee", "Hallo!"]
    assert await conversations.find_pending_turn(conversation.id) is None


async def test_an_answer_that_is_under_way_when_its_question_is_edited_is_given_once(
    conversations: ConversationService, conversation: Conversation
) -> None:
    said = uuid4()
    await conversations.record_customer_message(conversation.id, "ja", client_message_id=said)
    turn = await pending(conversations, conversation.id)

    await conversations.replace_message(conversation.id, "nee", client_message_id=said)
    recorded = await conversations.record_replies(turn, [MENU], DONE)
    again = await conversations.record_replies(turn, [MENU], DONE)

    assert (recorded, again) == (True, False)
    assert (await conversations.get_conversation(conversation.id)).last_sequence == 2


async def test_an_edit_that_changes_nothing_rings_for_nobody(
    conversations: ConversationService, conversation: Conversation
) -> None:
    said = uuid4()
    await conversations.record_customer_message(conversation.id, "hoi", client_message_id=said)

    with conversations.bell.listening(conversation.id) as listener:
        message = await conversations.replace_message(conversation.id, "hoi ", client_message_id=said)
        conversations.bell.ring(conversation.id)
        assert await listener.next_signal() == Rung()

    assert message is not None
    assert message.edited_at is None


async def test_only_what_the_customer_typed_can_be_edited(
    conversations: ConversationService, conversation: Conversation
) -> None:
    pressed, noticed = uuid4(), uuid4()
    await conversations.record_choice(conversation.id, "/help", "/help", client_message_id=pressed)
    await conversations.record_notice(conversation.id, MENU, notice_id=noticed)

    choice = await conversations.replace_message(conversation.id, "x", client_message_id=pressed)
    notice = await conversations.replace_message(conversation.id, "x", client_message_id=noticed)
    nothing = await conversations.replace_message(conversation.id, "x", client_message_id=uuid4())

    assert choice is not None
    assert (choice.text, notice, nothing) == ("/help", None, None)
    with pytest.raises(MessageEmptyError):
        await conversations.replace_message(conversation.id, " ", client_message_id=pressed)


async def test_a_notice_is_stored_once_whoever_has_the_conversation(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await conversations.change_status(conversation.id, ConversationStatus.WITH_AGENT)
    notice = uuid4()

    first = await conversations.record_notice(conversation.id, MENU, notice_id=notice)
    second = await conversations.record_notice(conversation.id, MENU, notice_id=notice)

    [message] = (await conversations.list_messages(conversation.id)).messages
    assert (first, second) == (True, False)
    assert (message.author, message.text, message.response) == (Author.SYSTEM, "Hallo!", "utter_menu")
    assert await conversations.find_pending_turn(conversation.id) is None
    [button] = message.buttons
    assert button.id is not None
    pressed = await conversations.record_button_press(conversation.id, button.id, client_message_id=uuid4())
    assert pressed.message.text == "Volg mijn pakket"


async def test_a_notice_needs_a_conversation(conversations: ConversationService) -> None:
    with pytest.raises(ConversationNotFoundError):
        await conversations.record_notice(ConversationId(uuid4()), MENU, notice_id=uuid4())


async def test_an_erased_conversation_leaves_nothing_of_what_was_said(
    conversations: ConversationService,
    conversation: Conversation,
    unit_of_work: UnitOfWork,
    clock: StillClock,
) -> None:
    other = await conversations.open_conversation()
    for each in (conversation, other):
        await conversations.record_customer_message(each.id, "hoi", client_message_id=uuid4())
        await conversations.record_replies(await pending(conversations, each.id), [MENU], DONE)
        await conversations.record_photo(each.id, SMALL, client_message_id=uuid4())
        await conversations.count_attempt(each.id, f"DD{each.id.hex[:7]}")
        await fill_what_names_it(unit_of_work, each.id, clock)

    with conversations.bell.listening(conversation.id) as listener:
        erased = await conversations.erase_conversation(conversation.id)
        assert await listener.next_signal() == Rung()

    assert erased
    with pytest.raises(ConversationNotFoundError):
        await conversations.get_conversation(conversation.id)
    assert await rows_left(unit_of_work) == {
        "messages": 3,
        "message_buttons": 1,
        "photos": 1,
        "identification_attempts": 1,
        "one_time_codes": 0,
        "baskets": 1,
        "code_attempts": 1,
    }
    stories = await stories_of(unit_of_work)
    assert stories[conversation.id] == {"open": "De doos was nat", "closed": None}
    assert stories[other.id] == {"open": "De doos was nat", "closed": "De doos was nat"}
    assert not await conversations.erase_conversation(conversation.id)


async def fill_what_names_it(
    unit_of_work: UnitOfWork, conversation_id: ConversationId, clock: StillClock
) -> None:
    basket = {
        "conversation_id": conversation_id, "currency": "EUR", "created_at": clock(), "changed_at": clock(),
    }  # fmt: skip
    tries = {"conversation_id": conversation_id, "began_at": clock(), "failed": 1}
    async with unit_of_work.write() as session:
        await session.execute(insert(BasketRow).values(**basket))
        await session.execute(insert(CodeAttemptsRow).values(**tries))
        for state in ("open", "closed"):
            case: dict[str, Any] = {
                "number": f"CS{state}{conversation_id.hex[:7]}", "kind": "complaint", "state": state,
                "conversation_id": conversation_id, "message_id": uuid4(), "opened_at": clock(),
                "promised_by": clock().date(), "wants_person": False, "story": "De doos was nat", "facts": {},
            }  # fmt: skip
            await session.execute(insert(CaseRow).values(**case))


async def rows_left(unit_of_work: UnitOfWork) -> dict[str, int]:
    tables = (
        MessageRow, MessageButtonRow, PhotoRow, IdentificationAttemptRow, OneTimeCodeRow, BasketRow,
        CodeAttemptsRow,
    )  # fmt: skip
    async with unit_of_work.read() as session:
        return {
            table.__tablename__: (await session.execute(select(func.count()).select_from(table))).scalar_one()
            for table in tables
        }


async def stories_of(unit_of_work: UnitOfWork) -> dict[ConversationId, dict[str, str | None]]:
    stories: dict[ConversationId, dict[str, str | None]] = {}
    async with unit_of_work.read() as session:
        for conversation_id, state, story in await session.execute(
            select(CaseRow.conversation_id, CaseRow.state, CaseRow.story)
        ):
            stories.setdefault(ConversationId(conversation_id), {})[state] = story
    return stories


async def test_a_conversation_is_not_erased_under_an_agents_hands(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await conversations.change_status(conversation.id, ConversationStatus.WITH_AGENT)

    with pytest.raises(ConversationBusyError):
        await conversations.erase_conversation(conversation.id)

    assert (await conversations.get_conversation(conversation.id)).id == conversation.id


async def test_an_answer_that_comes_after_its_conversation_was_erased_is_not_stored(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await conversations.record_customer_message(conversation.id, "hoi", client_message_id=uuid4())
    turn = await pending(conversations, conversation.id)

    await conversations.erase_conversation(conversation.id)

    assert not await conversations.record_replies(turn, [MENU], DONE)
