import asyncio
import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, select

from balie.conversations.errors import (
    ConversationNotFoundError,
    PhotoNotFoundError,
    PhotosLimitedError,
    PhotoUnreadableError,
)
from balie.conversations.models import ConversationRow, MessageRow, PhotoRow
from balie.conversations.policy import PHOTO_WINDOW, PHOTOS_PER_WINDOW
from balie.conversations.service import ConversationService
from balie.conversations.status import ConversationStatus, TurnMode
from balie.conversations.views import Message
from balie.kernel.ids import ConversationId, PhotoId
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock
from tests.support.photos import encoded, opened, phone_photo, red_left_blue_right

SMALL = encoded(red_left_blue_right(40, 20))


async def send(
    conversations: ConversationService, conversation_id: ConversationId, content: bytes = SMALL
) -> Message:
    recorded = await conversations.record_photo(conversation_id, content, client_message_id=uuid4())
    return recorded.message


async def count(unit_of_work: UnitOfWork, table: type) -> int:
    async with unit_of_work.read() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


async def test_a_photo_is_a_message_without_words_that_waits_for_its_answer(
    conversations: ConversationService,
) -> None:
    conversation_id = (await conversations.open_conversation()).id

    sent = await send(conversations, conversation_id, phone_photo(orientation=6))

    (mark,) = sent.photos
    assert (sent.sequence, sent.text, mark.width, mark.height) == (1, "", 200, 400)
    assert (await conversations.list_messages(conversation_id)).messages == (sent,)
    assert await conversations.get_message(conversation_id, sent.id) == sent
    assert await conversations.list_photos_of_message(conversation_id, sent.id) == (mark,)
    turn = await conversations.find_pending_turn(conversation_id)
    assert turn is not None
    assert turn.payload is not None
    intent, facts = turn.payload[: len("/send_photo")], turn.payload[len("/send_photo") :]
    assert (intent, json.loads(facts), turn.text) == ("/send_photo", {"photo": str(mark.id)}, "")


async def test_what_is_kept_is_our_own_drawing(conversations: ConversationService, clock: StillClock) -> None:
    conversation_id = (await conversations.open_conversation()).id
    sent = await send(conversations, conversation_id, phone_photo())

    photo = await conversations.get_photo(conversation_id, sent.photos[0].id)

    assert (photo.message_id, photo.created_at) == (sent.id, clock.now)
    assert opened(photo.jpeg).size == (photo.width, photo.height) == (400, 200)
    assert b"Exif" not in photo.jpeg


async def test_messages_with_and_without_photos_stand_in_order(conversations: ConversationService) -> None:
    conversation_id = (await conversations.open_conversation()).id
    for text in ("een", None, "drie", None):
        if text is None:
            await send(conversations, conversation_id)
        else:
            await conversations.record_customer_message(conversation_id, text, client_message_id=uuid4())

    page = await conversations.list_messages(conversation_id)

    seen = [(message.sequence, message.text, len(message.photos)) for message in page.messages]
    assert seen == [(1, "een", 0), (2, "", 1), (3, "drie", 0), (4, "", 1)]
    assert await conversations.list_photos_of_message(conversation_id, page.messages[0].id) == ()


async def test_the_same_photo_sent_five_times_at_once_is_stored_once(
    conversations: ConversationService, unit_of_work: UnitOfWork
) -> None:
    conversation_id = (await conversations.open_conversation()).id
    same = uuid4()

    recorded = await asyncio.gather(
        *(conversations.record_photo(conversation_id, SMALL, client_message_id=same) for _ in range(5))
    )

    assert sorted(result.duplicate for result in recorded) == [False] + [True] * 4
    assert len({result.message for result in recorded}) == 1
    assert await count(unit_of_work, PhotoRow) == 1
    assert (await conversations.list_messages(conversation_id)).last_sequence == 1


async def test_six_photos_an_hour_are_enough(
    conversations: ConversationService, unit_of_work: UnitOfWork, clock: StillClock
) -> None:
    conversation_id = (await conversations.open_conversation()).id
    other_id = (await conversations.open_conversation()).id
    first = uuid4()
    await conversations.record_photo(conversation_id, SMALL, client_message_id=first)
    clock.advance(timedelta(minutes=1))
    for _ in range(PHOTOS_PER_WINDOW - 1):
        await send(conversations, conversation_id)

    with pytest.raises(PhotosLimitedError):
        await send(conversations, conversation_id)
    again = await conversations.record_photo(conversation_id, SMALL, client_message_id=first)
    await send(conversations, other_id)

    assert again.duplicate
    assert await count(unit_of_work, PhotoRow) == PHOTOS_PER_WINDOW + 1
    clock.advance(PHOTO_WINDOW - timedelta(minutes=1))
    await send(conversations, conversation_id)
    with pytest.raises(PhotosLimitedError):
        await send(conversations, conversation_id)


async def test_photos_sent_at_once_are_not_more_than_allowed(
    conversations: ConversationService, unit_of_work: UnitOfWork
) -> None:
    conversation_id = (await conversations.open_conversation()).id

    results = await asyncio.gather(
        *(send(conversations, conversation_id) for _ in range(PHOTOS_PER_WINDOW + 4)), return_exceptions=True
    )

    assert sum(isinstance(result, PhotosLimitedError) for result in results) == 4
    assert await count(unit_of_work, PhotoRow) == PHOTOS_PER_WINDOW
    page = await conversations.list_messages(conversation_id)
    assert [message.sequence for message in page.messages] == list(range(1, PHOTOS_PER_WINDOW + 1))


async def test_what_is_refused_leaves_no_message(
    conversations: ConversationService, unit_of_work: UnitOfWork
) -> None:
    conversation_id = (await conversations.open_conversation()).id

    with pytest.raises(PhotoUnreadableError):
        await send(conversations, conversation_id, b"geen foto")
    with pytest.raises(ConversationNotFoundError):
        await send(conversations, ConversationId(uuid4()))

    assert (await conversations.list_messages(conversation_id)).last_sequence == 0
    assert await count(unit_of_work, MessageRow) == 0


async def test_a_photo_of_another_conversation_and_a_missing_one_are_the_same(
    conversations: ConversationService,
) -> None:
    conversation_id = (await conversations.open_conversation()).id
    other_id = (await conversations.open_conversation()).id
    sent = await send(conversations, conversation_id)

    for conversation, photo in (
        (other_id, sent.photos[0].id),
        (conversation_id, PhotoId(UUID(int=7))),
        (ConversationId(uuid4()), sent.photos[0].id),
    ):
        with pytest.raises(PhotoNotFoundError):
            await conversations.get_photo(conversation, photo)
    assert await conversations.list_photos_of_message(other_id, sent.id) == ()


async def test_a_photo_reopens_a_conversation_and_is_only_noted_when_a_person_has_it(
    conversations: ConversationService,
) -> None:
    resolved_id = (await conversations.open_conversation()).id
    await conversations.change_status(resolved_id, ConversationStatus.RESOLVED)
    with_agent_id = (await conversations.open_conversation()).id
    for status in (ConversationStatus.WAITING_FOR_AGENT, ConversationStatus.WITH_AGENT):
        await conversations.change_status(with_agent_id, status)

    for conversation_id in (resolved_id, with_agent_id):
        await send(conversations, conversation_id)

    found = [await conversations.find_pending_turn(each) for each in (resolved_id, with_agent_id)]
    assert [turn and turn.mode for turn in found] == [TurnMode.ANSWER, TurnMode.READ]


@pytest.mark.parametrize("erased", [ConversationRow, MessageRow])
async def test_a_photo_is_erased_with_its_conversation_and_with_its_message(
    conversations: ConversationService, unit_of_work: UnitOfWork, erased: type
) -> None:
    conversation_id = (await conversations.open_conversation()).id
    await send(conversations, conversation_id)

    async with unit_of_work.write() as session:
        await session.execute(delete(erased))

    assert await count(unit_of_work, PhotoRow) == 0
