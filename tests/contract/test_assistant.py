"""What every assistant must do, run on the fake of the tests and on the Rasa adapter over real HTTP."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from balie.assistant.errors import AssistantUnavailableError
from balie.assistant.port import (
    Assistant,
    AssistantAnswer,
    AssistantButton,
    AssistantReply,
    AssistantTurn,
)
from balie.assistant.rasa import RasaAssistant
from balie.kernel.ids import ConversationId, MessageId
from tests.support.assistants import MENU, FakeAssistant, saying
from tests.support.moods import emotion
from tests.support.rasa_stand_in import TOKEN, as_rasa_says, rasa_stand_in

CONVERSATION = ConversationId(uuid4())
TURN = AssistantTurn(MessageId(uuid4()), "waar is mijn pakket?")


class World:
    """An assistant, and how to tell it what to do next."""

    def __init__(
        self, assistant: Assistant, will_say: Callable[[AssistantAnswer], None], will_fail: Callable[[], None]
    ) -> None:
        self.assistant = assistant
        self.will_say = will_say
        self.will_fail = will_fail


@pytest.fixture(params=["fake", "rasa"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    if request.param == "fake":
        yield _fake_world()
        return
    async with (
        rasa_stand_in() as rasa,
        RasaAssistant.at(rasa.url, token=TOKEN, timeout=timedelta(seconds=5)) as assistant,
    ):

        def fail() -> None:
            rasa.status = 500

        yield World(assistant, lambda answer: rasa.will_say(as_rasa_says(answer)), fail)


def _fake_world() -> World:
    fake = FakeAssistant()

    def say(answer: AssistantAnswer) -> None:
        fake.behaviour = lambda _: answer

    def fail() -> None:
        fake.is_up = False

    return World(fake, say, fail)


@pytest.mark.parametrize(
    "answer",
    [
        saying("Hallo!"),
        saying("Hello!", language="en"),
        saying("Een.", "Twee."),
        saying("Eerste alinea.\n\nTweede alinea:\n- een\n- twee\n\nDerde alinea."),
        MENU,
        AssistantAnswer(
            (
                AssistantReply(
                    "Kies:\n\nwelke?", (AssistantButton("Deze", payload="/choose"),), "utter_a", "nl"
                ),
                AssistantReply("Of bel ons.", (), "utter_b", "nl"),
            ),
            "nl",
        ),
        saying(language="en"),
        replace(saying("Een.", "Twee."), emotion=emotion(anger=0.9)),
        replace(saying(language="en"), emotion=emotion(joy=0.6)),
        AssistantAnswer(
            (AssistantReply("Sorry.\n\nZo zit het.", (), "utter_a", "nl", "anger.nl.2", "person.nl.0"),), "nl"
        ),
    ],
    ids=[
        "text",
        "english",
        "two replies",
        "paragraphs",
        "buttons",
        "mixed",
        "silence",
        "read",
        "read, and silent",
        "words for a mood",
    ],
)
async def test_an_answer_arrives_whole(world: World, answer: AssistantAnswer) -> None:
    world.will_say(answer)

    assert await world.assistant.reply_to(CONVERSATION, TURN) == answer


async def test_a_failing_assistant_is_unavailable_and_not_silent(world: World) -> None:
    world.will_fail()

    with pytest.raises(AssistantUnavailableError):
        await world.assistant.reply_to(CONVERSATION, TURN)
    with pytest.raises(AssistantUnavailableError):
        await world.assistant.parse("hoi")
    assert not await world.assistant.is_ready()


async def test_a_working_assistant_is_ready(world: World) -> None:
    assert await world.assistant.is_ready()
