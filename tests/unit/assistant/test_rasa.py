import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest

from balie.assistant.errors import AssistantUnavailableError
from balie.assistant.port import AssistantButton, AssistantTurn, FiredKeyword
from balie.assistant.rasa import SLASH_GUARD, RasaAssistant, as_typed
from balie.kernel.ids import ConversationId, MessageId
from tests.support.rasa_stand_in import TOKEN, RasaStandIn, rasa_stand_in

CONVERSATION = ConversationId(uuid4())
MESSAGE = MessageId(uuid4())
MARK = {"custom": {"balie": {"response": "utter_greet", "language": "nl"}}}


@pytest.fixture
async def rasa() -> AsyncIterator[RasaStandIn]:
    async with rasa_stand_in() as stand_in:
        stand_in.will_say([{"text": "Hallo!"}, MARK])
        yield stand_in


@pytest.fixture
async def assistant(rasa: RasaStandIn) -> AsyncIterator[RasaAssistant]:
    async with RasaAssistant.at(rasa.url, token=TOKEN, timeout=timedelta(seconds=5)) as assistant:
        yield assistant


def turn(text: str, payload: str | None = None) -> AssistantTurn:
    return AssistantTurn(MESSAGE, text, payload)


async def test_rasa_is_asked_about_our_conversation_with_our_memory(
    rasa: RasaStandIn, assistant: RasaAssistant
) -> None:
    asked = AssistantTurn(
        MESSAGE, "hoi", explicit_language="nl", recent_languages=("en", "nl"), page_language="en"
    )

    await assistant.reply_to(CONVERSATION, asked)

    assert rasa.asked == [
        (
            "/webhooks/rest/webhook",
            {
                "sender": str(CONVERSATION),
                "message": "hoi",
                "metadata": {
                    "message_id": str(MESSAGE),
                    "language": "nl",
                    "languages": ["en", "nl"],
                    "page_language": "en",
                },
            },
        )
    ]


async def test_a_pressed_button_reaches_rasa_as_its_payload(
    rasa: RasaStandIn, assistant: RasaAssistant
) -> None:
    await assistant.reply_to(CONVERSATION, turn("Die ene", '/choose_order{"order_number": "DD1048213"}'))

    assert rasa.asked[0][1]["message"] == '/choose_order{"order_number": "DD1048213"}'


@pytest.mark.parametrize(
    "text",
    ["/restart", '/choose_order{"order_number": "DD1"}', " /restart", "\n/session_start", "\u3000/back"],
)
def test_typed_commands_are_no_commands(text: str) -> None:
    sent = as_typed(text)

    # Rasa strips the text before it looks for a slash (YAMLStoryReader.unpack_regex_message).
    assert not sent.strip().startswith("/")
    assert sent == SLASH_GUARD + text


async def test_personal_details_stay_out_of_rasa(rasa: RasaStandIn, assistant: RasaAssistant) -> None:
    await assistant.reply_to(CONVERSATION, turn("DD1048213, jan@voorbeeld.example, 06-12345678"))
    assert rasa.asked[0][1]["message"] == "DD1048213, ‹e-mail›, ‹phone›"

    rasa.will_say({"intent": {"name": "greet", "confidence": 0.9}})
    await assistant.parse("mail jan@voorbeeld.example")
    assert rasa.asked[1] == ("/model/parse", {"text": "mail ‹e-mail›"})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"[1, 2]",
        b'{"status": "failure"}',
        b"<html><body>502 Bad Gateway</body></html>",
        b'[{"text": "half',
        b'[{"text": 5}]',
        b'[{"text": "not ours"}]',
        b'[{"text": "x"}, {"custom": {"balie": {"language": "nl"}}}]',
        b'[{"text": "x"}, {"custom": {"something": "else"}}]',
        b"\xff\xfe\x00",
    ],
)
async def test_an_answer_that_is_not_ours_is_a_failure(
    rasa: RasaStandIn, assistant: RasaAssistant, body: bytes
) -> None:
    rasa.body = body

    with pytest.raises(AssistantUnavailableError):
        await assistant.reply_to(CONVERSATION, turn("hoi"))


@pytest.mark.parametrize("status", [301, 400, 401, 404, 500, 503])
async def test_an_error_of_rasa_is_a_failure_whatever_it_says(
    rasa: RasaStandIn, assistant: RasaAssistant, status: int
) -> None:
    rasa.status = status

    with pytest.raises(AssistantUnavailableError):
        await assistant.reply_to(CONVERSATION, turn("hoi"))


async def test_a_rasa_that_is_down_is_a_failure(rasa: RasaStandIn) -> None:
    async with RasaAssistant.at("http://127.0.0.1:9", token=TOKEN, timeout=timedelta(seconds=5)) as assistant:
        with pytest.raises(AssistantUnavailableError):
            await assistant.reply_to(CONVERSATION, turn("hoi"))
        assert not await assistant.is_ready()


async def test_a_rasa_that_is_too_slow_is_a_failure(rasa: RasaStandIn) -> None:
    rasa.gate.clear()
    async with RasaAssistant.at(rasa.url, token=TOKEN, timeout=timedelta(milliseconds=50)) as impatient:
        with pytest.raises(AssistantUnavailableError):
            await impatient.reply_to(CONVERSATION, turn("hoi"))


async def test_a_rasa_with_another_token_is_not_ready(rasa: RasaStandIn) -> None:
    async with RasaAssistant.at(rasa.url, token="another", timeout=timedelta(seconds=5)) as stranger:
        assert not await stranger.is_ready()


async def test_neither_the_token_nor_the_customer_stands_in_the_error(
    rasa: RasaStandIn, assistant: RasaAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    rasa.status = 500

    with caplog.at_level(logging.DEBUG, logger="balie"), pytest.raises(AssistantUnavailableError) as failed:
        await assistant.reply_to(CONVERSATION, turn("mijn geheim"))

    assert "geheim" not in str(failed.value) + caplog.text
    assert TOKEN not in str(failed.value) + caplog.text


async def test_buttons_that_do_nothing_or_two_things_are_left_out(
    rasa: RasaStandIn, assistant: RasaAssistant
) -> None:
    buttons = [
        {"title": "niets"},
        {"title": "beide", "payload": "/a", "url": "https://b.example"},
        {"title": "goed", "payload": "/c", "type": "postback"},
    ]
    rasa.will_say([{"text": "Kies", "buttons": buttons}, MARK])

    answer = await assistant.reply_to(CONVERSATION, turn("hoi"))

    assert answer.replies[0].buttons == (AssistantButton("goed", payload="/c"),)


async def test_the_language_of_the_last_mark_counts(rasa: RasaStandIn, assistant: RasaAssistant) -> None:
    english = {"custom": {"balie": {"response": "utter_b", "language": "en"}}}
    rasa.will_say([{"text": "een"}, MARK, {"text": "two"}, english])

    answer = await assistant.reply_to(CONVERSATION, turn("hoi"))

    assert answer.language == "en"
    assert [(reply.text, reply.response, reply.language) for reply in answer.replies] == [
        ("een", "utter_greet", "nl"),
        ("two", "utter_b", "en"),
    ]


async def test_a_text_that_is_read_tells_language_intent_and_keywords(
    rasa: RasaStandIn, assistant: RasaAssistant
) -> None:
    rasa.will_say(
        {
            "text": "waar is mijn pakket",
            "intent": {"name": "track_order", "confidence": 0.93},
            "intent_ranking": [],
            "entities": [],
            "language": {"code": "nl", "confidence": 0.97},
            "keywords": [{"intent": "track_order", "pattern": "waar is ...", "text": "waar is mijn"}],
        }
    )

    read = await assistant.parse("waar is mijn pakket")

    assert (read.language, read.language_confidence) == ("nl", 0.97)
    assert (read.intent, read.confidence) == ("track_order", 0.93)
    assert read.keywords == (FiredKeyword("track_order", "waar is ...", "waar is mijn"),)


async def test_a_mark_with_a_broken_reading_is_a_mark_without_one(
    rasa: RasaStandIn, assistant: RasaAssistant
) -> None:
    mark = {"response": "utter_greet", "language": "nl", "emotion": {"label": "rage"}}
    rasa.will_say([{"text": "Hallo!"}, {"custom": {"balie": mark}}])

    answer = await assistant.reply_to(CONVERSATION, turn("hoi"))

    assert answer.emotion is None
    assert [reply.text for reply in answer.replies] == ["Hallo!"]
