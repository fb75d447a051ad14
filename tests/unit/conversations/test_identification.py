from datetime import timedelta

import pytest

from balie.conversations.errors import ConversationNotFoundError, IdentificationLimitedError
from balie.conversations.policy import ATTEMPTS_PER_ORDER
from balie.conversations.service import ConversationService
from balie.conversations.views import Proof
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock
from tests.support.store import add_customer

ORDER = "DD1048213"


async def test_five_tries_and_no_more(conversations: ConversationService) -> None:
    conversation = await conversations.open_conversation()

    left = [await conversations.count_attempt(conversation.id, ORDER) for _ in range(5)]

    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(IdentificationLimitedError):
        await conversations.count_attempt(conversation.id, ORDER)


async def test_another_order_number_gives_no_new_tries(conversations: ConversationService) -> None:
    conversation = await conversations.open_conversation()
    for number in range(5):
        await conversations.count_attempt(conversation.id, f"DD100000{number}")

    with pytest.raises(IdentificationLimitedError):
        await conversations.count_attempt(conversation.id, ORDER)


async def test_ever_new_conversations_do_not_open_one_order(conversations: ConversationService) -> None:
    for _ in range(ATTEMPTS_PER_ORDER):
        conversation = await conversations.open_conversation()
        await conversations.count_attempt(conversation.id, ORDER)

    fresh = await conversations.open_conversation()
    with pytest.raises(IdentificationLimitedError):
        await conversations.count_attempt(fresh.id, ORDER)
    assert await conversations.count_attempt(fresh.id, "DD1048214") == 4


async def test_an_order_can_be_tried_again_a_day_later(
    conversations: ConversationService, clock: StillClock
) -> None:
    for _ in range(ATTEMPTS_PER_ORDER):
        conversation = await conversations.open_conversation()
        await conversations.count_attempt(conversation.id, ORDER)
    clock.advance(timedelta(hours=25))

    fresh = await conversations.open_conversation()
    assert await conversations.count_attempt(fresh.id, ORDER) == 4


async def test_who_succeeds_is_remembered_and_the_try_is_forgiven(
    conversations: ConversationService, unit_of_work: UnitOfWork
) -> None:
    customer_id = await add_customer(unit_of_work)
    conversation = await conversations.open_conversation()
    await conversations.count_attempt(conversation.id, ORDER)
    await conversations.count_attempt(conversation.id, ORDER)

    await conversations.recognise_customer(
        conversation.id, customer_id, proof=Proof.ORDER_POSTCODE, order_number=ORDER
    )

    known = await conversations.get_conversation(conversation.id)
    assert (known.customer_id, known.proof, known.proven_order_number) == (
        customer_id,
        Proof.ORDER_POSTCODE,
        ORDER,
    )
    assert await conversations.count_attempt(conversation.id, ORDER) == 3


async def test_an_unknown_conversation_has_no_tries(conversations: ConversationService) -> None:
    conversation = await conversations.open_conversation()
    nowhere = ConversationId(type(conversation.id)(int=0))

    with pytest.raises(ConversationNotFoundError):
        await conversations.count_attempt(nowhere, ORDER)
    with pytest.raises(ConversationNotFoundError):
        await conversations.recognise_customer(nowhere, 1, proof=Proof.ORDER_EMAIL, order_number=ORDER)
