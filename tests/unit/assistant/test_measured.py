from uuid import uuid4

import pytest

from balie.assistant.errors import AssistantUnavailableError
from balie.assistant.measured import MeasuredAssistant
from balie.assistant.port import AssistantTurn
from balie.kernel.ids import ConversationId, MessageId
from balie.kernel.measures import NoMeasures
from tests.support.assistants import FakeAssistant, saying

CONVERSATION = ConversationId(uuid4())
TURN = AssistantTurn(MessageId(uuid4()), "hoi")


class Turns(NoMeasures):
    def __init__(self) -> None:
        self.taken: list[tuple[float, bool]] = []

    def turn_taken(self, seconds: float, *, failed: bool) -> None:
        self.taken.append((seconds, failed))


def measured(inner: FakeAssistant, turns: Turns) -> MeasuredAssistant:
    moments = iter([10.0, 10.5])
    return MeasuredAssistant(inner, turns, seconds=lambda: next(moments))


async def test_a_turn_is_counted_with_the_time_it_took() -> None:
    turns = Turns()

    answer = await measured(FakeAssistant(lambda _: saying("Hallo!")), turns).reply_to(CONVERSATION, TURN)

    assert [reply.text for reply in answer.replies] == ["Hallo!"]
    assert turns.taken == [(0.5, False)]


async def test_a_turn_that_failed_is_counted_and_still_fails() -> None:
    turns, inner = Turns(), FakeAssistant(is_up=False)

    with pytest.raises(AssistantUnavailableError):
        await measured(inner, turns).reply_to(CONVERSATION, TURN)

    assert turns.taken == [(0.5, True)]


async def test_everything_else_is_passed_on_uncounted() -> None:
    turns, inner = Turns(), FakeAssistant()
    assistant = measured(inner, turns)

    assert await assistant.parse("hoi") == await inner.parse("hoi")
    assert await assistant.is_ready()
    await assistant.begin_again(CONVERSATION)
    assert (inner.begun_again, turns.taken) == ([CONVERSATION], [])
