import asyncio
from uuid import uuid4

from balie.conversations.service import ConversationService
from balie.conversations.views import NewReply, TurnOutcome, TurnState

GREETING = NewReply("Hallo!", (), "utter_greet", "nl")


async def test_numbers_have_no_gaps_when_everything_happens_at_once(
    conversations: ConversationService,
) -> None:
    conversation = await conversations.open_conversation()

    async def say(number: int) -> None:
        await conversations.record_customer_message(
            conversation.id, f"bericht {number}", client_message_id=uuid4()
        )

    async def answer() -> bool:
        turn = await conversations.find_pending_turn(conversation.id)
        if turn is None:
            return False
        return await conversations.record_replies(
            turn, [GREETING, GREETING], TurnOutcome(TurnState.ANSWERED, "nl")
        )

    steps = [step for number in range(25) for step in (say(number), answer())]
    results = await asyncio.gather(*steps)

    answered = sum(result is True for result in results)
    page = await conversations.list_messages(conversation.id)
    assert [message.sequence for message in page.messages] == list(range(1, 25 + 2 * answered + 1))


async def test_the_same_message_sent_ten_times_at_once_is_stored_once(
    conversations: ConversationService,
) -> None:
    conversation = await conversations.open_conversation()
    client_message_id = uuid4()

    recorded = await asyncio.gather(
        *(
            conversations.record_customer_message(conversation.id, "hoi", client_message_id=client_message_id)
            for _ in range(10)
        )
    )

    assert sorted(result.duplicate for result in recorded) == [False] + [True] * 9
    assert len({result.message.id for result in recorded}) == 1
    page = await conversations.list_messages(conversation.id)
    assert [message.sequence for message in page.messages] == [1]


async def test_two_workers_never_answer_one_message_twice(conversations: ConversationService) -> None:
    conversation = await conversations.open_conversation()
    await conversations.record_customer_message(conversation.id, "hoi", client_message_id=uuid4())
    turn = await conversations.find_pending_turn(conversation.id)
    assert turn is not None

    done = await asyncio.gather(
        *(
            conversations.record_replies(turn, [GREETING], TurnOutcome(TurnState.ANSWERED, "nl"))
            for _ in range(5)
        )
    )

    assert sorted(done) == [False] * 4 + [True]
    assert (await conversations.list_messages(conversation.id)).last_sequence == 2
