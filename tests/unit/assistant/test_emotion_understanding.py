"""What ``/model/parse`` says of a message's emotion, as the service understands it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from balie.assistant.rasa import RasaAssistant
from balie.kernel.emotion import EMOTIONS
from tests.support.rasa_stand_in import TOKEN, RasaStandIn, rasa_stand_in

PARSED = {"intent": {"name": "complaint", "confidence": 0.9}}
ANGRY = {
    "label": "anger",
    "probabilities": {emotion: 0.86 if emotion == "anger" else 0.02 for emotion in EMOTIONS},
    "model": "0123456789ab",
    "known": True,
}


@pytest.fixture
async def rasa() -> AsyncIterator[RasaStandIn]:
    async with rasa_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
async def assistant(rasa: RasaStandIn) -> AsyncIterator[RasaAssistant]:
    async with RasaAssistant.at(rasa.url, token=TOKEN, timeout=timedelta(seconds=5)) as assistant:
        yield assistant


async def test_a_parsed_message_tells_its_emotion(rasa: RasaStandIn, assistant: RasaAssistant) -> None:
    rasa.will_say({**PARSED, "emotion": ANGRY})

    understood = await assistant.parse("wat een bende")

    assert understood.emotion is not None
    assert understood.emotion.as_document() == ANGRY


async def test_with_emotions_switched_off_there_is_none(rasa: RasaStandIn, assistant: RasaAssistant) -> None:
    rasa.will_say(PARSED)

    assert (await assistant.parse("wat een bende")).emotion is None


@pytest.mark.parametrize("emotion", [{"label": "rage"}, {}, {**ANGRY, "probabilities": {"anger": None}}])
async def test_what_is_no_reading_is_left_out_and_the_rest_understood(
    rasa: RasaStandIn, assistant: RasaAssistant, emotion: object
) -> None:
    rasa.will_say({**PARSED, "emotion": emotion})

    understood = await assistant.parse("wat een bende")

    assert understood.emotion is None
    assert understood.intent == "complaint"
