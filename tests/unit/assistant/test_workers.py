from uuid import UUID, uuid4

from balie.assistant.port import AssistantTurn
from balie.assistant.workers import AssistantWorkers
from balie.kernel.ids import ConversationId, MessageId
from tests.support.assistants import FakeAssistant, saying

TURN = AssistantTurn(MessageId(uuid4()), "hoi")


def named_workers(*names: str) -> list[FakeAssistant]:
    return [FakeAssistant(lambda _, name=name: saying(name)) for name in names]


async def test_a_conversation_stays_with_one_worker() -> None:
    workers = AssistantWorkers(named_workers("one", "two", "three"))
    conversation = ConversationId(uuid4())

    said = {(await workers.reply_to(conversation, TURN)).replies[0].text for _ in range(5)}

    assert len(said) == 1


async def test_conversations_are_shared_out_over_all_workers() -> None:
    workers = AssistantWorkers(named_workers("one", "two"))

    said = [
        (await workers.reply_to(ConversationId(UUID(int=number)), TURN)).replies[0].text
        for number in range(4)
    ]

    assert sorted(said) == ["one", "one", "two", "two"]


async def test_the_assistant_is_ready_when_every_worker_is() -> None:
    first, second = named_workers("one", "two")
    workers = AssistantWorkers([first, second])

    assert await workers.is_ready()
    second.is_up = False
    assert not await workers.is_ready()


async def test_any_worker_may_read_a_text() -> None:
    (inner,) = named_workers("one")

    assert await AssistantWorkers([inner]).parse("hoi") == await inner.parse("hoi")
