"""Codes by which a conversation is gone on with elsewhere: once, for ten minutes, in one direction."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from balie.conversations.bell import Rung
from balie.conversations.continuing import LASTS, ContinuationService
from balie.conversations.errors import ContinuationInvalidError, ConversationNotFoundError
from balie.conversations.models import ContinuationRow
from balie.conversations.service import ConversationService
from balie.conversations.views import Conversation
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock


@pytest.fixture
def continuations(
    unit_of_work: UnitOfWork, conversations: ConversationService, clock: StillClock
) -> ContinuationService:
    return ContinuationService(unit_of_work, clock, bell=conversations.bell)


@pytest.fixture
async def conversation(conversations: ConversationService) -> Conversation:
    return await conversations.open_conversation(page_language="nl")


async def test_a_code_opens_its_conversation_once(
    continuations: ContinuationService, conversation: Conversation, clock: StillClock
) -> None:
    made = await continuations.create(conversation.id, "telegram")

    claimed = await continuations.claim(made.code, "telegram")

    assert claimed == conversation.id
    assert made.expires_at == clock() + LASTS
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", made.code)
    with pytest.raises(ContinuationInvalidError):
        await continuations.claim(made.code, "telegram")


async def test_whoever_went_on_elsewhere_is_reached_there(
    continuations: ContinuationService, conversations: ConversationService, conversation: Conversation
) -> None:
    made = await continuations.create(conversation.id, "telegram")

    with conversations.bell.listening(conversation.id) as listener:
        await continuations.claim(made.code, "telegram")
        assert await listener.next_signal() == Rung()

    assert (await conversations.get_conversation(conversation.id)).heard_via == "telegram"


async def test_a_look_uses_nothing_up(continuations: ContinuationService, conversation: Conversation) -> None:
    made = await continuations.create(conversation.id, "telegram")

    looks = [await continuations.look(made.code, "telegram") for _ in range(2)]
    elsewhere = await continuations.look(made.code, "web_widget")
    await continuations.claim(made.code, "telegram")

    assert looks == [conversation.id, conversation.id]
    assert elsewhere is None
    assert await continuations.look(made.code, "telegram") is None


async def test_every_code_that_does_not_work_is_refused_alike(
    continuations: ContinuationService, conversation: Conversation, clock: StillClock
) -> None:
    made = await continuations.create(conversation.id, "telegram")
    elsewhere = await refusal(continuations, made.code, "web_widget")
    unknown = await refusal(continuations, "A" * 22, "telegram")
    unreadable = await refusal(continuations, "\ud800 '; --", "telegram")
    clock.advance(LASTS)
    late = await refusal(continuations, made.code, "telegram")

    assert elsewhere == unknown == unreadable == late


async def refusal(continuations: ContinuationService, code: str, towards: str) -> str:
    with pytest.raises(ContinuationInvalidError) as refused:
        await continuations.claim(code, towards)
    return str(refused.value)


async def test_the_last_second_of_a_code_counts(
    continuations: ContinuationService, conversation: Conversation, clock: StillClock
) -> None:
    made = await continuations.create(conversation.id, "telegram")

    clock.advance(LASTS - timedelta(seconds=1))

    assert await continuations.claim(made.code, "telegram") == conversation.id


async def test_a_second_code_voids_the_first_in_its_direction(
    continuations: ContinuationService, conversations: ConversationService, conversation: Conversation
) -> None:
    other = await conversations.open_conversation()
    first = await continuations.create(conversation.id, "telegram")
    back = await continuations.create(conversation.id, "web_widget")
    others = await continuations.create(other.id, "telegram")

    second = await continuations.create(conversation.id, "telegram")

    assert await continuations.look(first.code, "telegram") is None
    assert await continuations.look(second.code, "telegram") == conversation.id
    assert await continuations.look(back.code, "web_widget") == conversation.id
    assert await continuations.look(others.code, "telegram") == other.id


async def test_of_many_who_use_a_code_at_once_one_can(
    continuations: ContinuationService, conversation: Conversation
) -> None:
    made = await continuations.create(conversation.id, "telegram")

    tries = await asyncio.gather(
        *(continuations.claim(made.code, "telegram") for _ in range(8)), return_exceptions=True
    )

    assert [each for each in tries if not isinstance(each, ContinuationInvalidError)] == [conversation.id]


async def test_of_many_codes_made_at_once_one_works(
    continuations: ContinuationService, conversation: Conversation
) -> None:
    made = await asyncio.gather(*(continuations.create(conversation.id, "telegram") for _ in range(6)))

    found = [await continuations.look(each.code, "telegram") for each in made]

    assert sorted(found, key=str) == sorted([conversation.id, *([None] * 5)], key=str)


async def test_a_code_is_kept_as_a_digest_and_no_longer_than_it_works(
    continuations: ContinuationService,
    conversations: ConversationService,
    conversation: Conversation,
    unit_of_work: UnitOfWork,
    clock: StillClock,
) -> None:
    made = await continuations.create(conversation.id, "telegram")
    kept = await hashes(unit_of_work)
    clock.advance(LASTS)
    other = await conversations.open_conversation()

    await continuations.create(other.id, "telegram")

    assert made.code not in repr(kept)
    assert len(kept) == 1
    assert len(await hashes(unit_of_work)) == 1
    assert await hashes(unit_of_work) != kept


async def test_codes_go_with_their_conversation(
    continuations: ContinuationService,
    conversations: ConversationService,
    conversation: Conversation,
    unit_of_work: UnitOfWork,
) -> None:
    made = await continuations.create(conversation.id, "telegram")

    await conversations.erase_conversation(conversation.id)

    assert await hashes(unit_of_work) == []
    assert await continuations.look(made.code, "telegram") is None


async def hashes(unit_of_work: UnitOfWork) -> list[str]:
    async with unit_of_work.read() as session:
        return list(await session.scalars(select(ContinuationRow.code_hash)))


async def test_only_a_conversation_that_is_there_can_be_gone_on_with(
    continuations: ContinuationService,
) -> None:
    with pytest.raises(ConversationNotFoundError):
        await continuations.create(ConversationId(uuid4()), "telegram")
