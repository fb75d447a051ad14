"""What Rasa gets back when it asks for a text."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from balie.assistant.personal_facts import PersonalFacts
from balie.assistant.private_words import FIRST_NAME_WORD
from balie.assistant.speech import NlgRequest, Speaker
from balie.assistant.spoken_language import spoken_language
from balie.content.library import Library
from balie.conversations.errors import ConversationNotFoundError
from balie.conversations.status import ConversationStatus
from balie.conversations.views import Conversation, Proof
from balie.customers.kinds import AccountType
from balie.customers.views import CustomerView, LoyaltyView
from balie.kernel.ids import ConversationId
from balie.storage.errors import StoreUnavailableError
from tests.support.clock import StillClock
from tests.support.content import real_renderer

LIBRARY: Library = real_renderer().library


@dataclass(frozen=True)
class Order:
    number: str = "DD1048213"
    placed_on: date = date(2026, 11, 1)


@dataclass
class Records:
    """Sanne's records; can be gone or slow, and counts how often they are read."""

    proof: Proof | None = Proof.SHOP_TOKEN
    order: Order | None = field(default_factory=Order)
    gone: bool = False
    unknown: bool = False
    reads: int = 0

    async def get_conversation(self, conversation_id: ConversationId) -> Conversation:
        self.reads += 1
        if self.gone:
            raise StoreUnavailableError("database is locked")
        if self.unknown:
            raise ConversationNotFoundError
        return Conversation(
            id=conversation_id,
            status=ConversationStatus.WITH_ASSISTANT,
            page_language=None,
            explicit_language=None,
            language=None,
            recent_languages=(),
            customer_id=1,
            proof=self.proof,
            proven_order_number="DD1048213",
            last_sequence=0,
            proven_at=datetime(2026, 11, 3, 10, 0, tzinfo=UTC),
            created_at=datetime(2026, 11, 3, tzinfo=UTC),
        )

    async def get_customer(self, customer_id: int) -> CustomerView:
        return CustomerView(
            customer_id, "K-1", "Sanne", "de Vries", "nl", AccountType.PERSONAL, "s•••@x.example"
        )

    async def get_loyalty(self, customer_id: int) -> LoyaltyView:
        return LoyaltyView(True, 180, 70, 0, 0, None, ())

    async def find_latest_order(self, customer_id: int) -> Any:
        return self.order


def speaker(records: Records | None = None) -> Speaker:
    known = records or Records()
    return Speaker(
        real_renderer(), PersonalFacts(known, known, known, limit=timedelta(seconds=1), clock=StillClock())
    )


def request(response: str, language: str = "nl", **arguments: Any) -> NlgRequest:
    message = {"text": "hallo", "language": {"code": language, "confidence": 0.99}, "metadata": {}}
    tracker = {"sender_id": str(uuid4()), "latest_message": message, "slots": {}}
    return NlgRequest.model_validate({"response": response, "arguments": arguments, "tracker": tracker})


async def test_an_article_is_said_in_the_customers_language_with_our_mark() -> None:
    dutch = await speaker().speak(request("utter_delivery_period", "nl"))
    english = await speaker().speak(request("utter_delivery_period", "en"))

    assert "werkdag" in dutch["text"]
    assert "working day" in english["text"]
    assert dutch["custom"] == {"balie": {"response": "utter_delivery_period", "language": "nl", "slots": {}}}
    assert english["custom"] == {
        "balie": {"response": "utter_delivery_period", "language": "en", "slots": {}}
    }


async def test_buttons_ask_for_an_intent_or_open_a_page() -> None:
    spoken = await speaker().speak(request("utter_get_refund", "en"))

    assert {"title": "Where is my refund?", "payload": "/track_refund"} in spoken["buttons"]
    assert {"title": "Start a return", "url": LIBRARY.shop["links"]["returns"]} in spoken["buttons"]


async def test_deliberate_silence_is_a_mark_without_text_and_buttons() -> None:
    spoken = await speaker().speak(request("utter_silence"))

    assert spoken["text"] == ""
    assert spoken["buttons"] == []
    assert spoken["custom"]["balie"]["response"] == "utter_silence"


async def test_the_customers_name_is_a_word_that_rasa_may_remember() -> None:
    spoken = await speaker().speak(request("utter_greet"))

    assert FIRST_NAME_WORD in spoken["text"]
    assert "Sanne" not in spoken["text"]


async def test_the_name_is_put_in_once_rasa_has_handed_the_text_back() -> None:
    records = Records()
    facts = PersonalFacts(records, records, records, clock=StillClock())

    shown = await facts.show_name(ConversationId(uuid4()), f"Hallo {FIRST_NAME_WORD}, welkom.")

    assert shown == "Hallo Sanne, welkom."


async def test_a_latest_order_is_told_where_an_article_asks_for_it() -> None:
    spoken = await speaker().speak(request("utter_contact_customer_service"))

    assert "DD1048213" in spoken["text"]


@pytest.mark.parametrize(
    "records",
    [Records(gone=True), Records(unknown=True), Records(proof=None), Records(proof=Proof.ORDER_POSTCODE)],
    ids=["store gone", "conversation unknown", "stranger", "postcode only"],
)
@pytest.mark.parametrize(
    "response", ["utter_greet", "utter_contact_customer_service", "utter_loyalty_points"]
)
async def test_without_personal_facts_the_answer_is_said_all_the_same(
    response: str, records: Records
) -> None:
    spoken = await speaker(records).speak(request(response))

    assert spoken["custom"]["balie"]["response"] == response
    assert spoken["text"]
    assert FIRST_NAME_WORD not in spoken["text"]
    assert "DD1048213" not in spoken["text"]
    assert "180" not in spoken["text"]


async def test_a_customer_without_orders_is_no_trouble() -> None:
    spoken = await speaker(Records(order=None)).speak(request("utter_contact_customer_service"))

    assert "DD1048213" not in spoken["text"]


async def test_nothing_is_looked_up_for_a_text_that_needs_nothing() -> None:
    records = Records()

    await speaker(records).speak(request("utter_delivery_period"))

    assert records.reads == 0


async def test_somebody_in_rasas_own_shell_gets_texts_too() -> None:
    asked = request("utter_greet")
    asked = asked.model_copy(update={"tracker": asked.tracker.model_copy(update={"sender_id": "default"})})

    assert (await speaker().speak(asked))["text"]


async def test_choices_of_an_action_come_first_and_are_worded_by_content() -> None:
    choices = [
        {
            "intent": "choose_order",
            "slots": {"order_number": "DD1048213"},
            "title": "title_of_order",
            "facts": {"number": "DD1048213", "placed_on": "2026-11-01"},
        },
        {"intent": "contact_human_agent"},
        {"intent": "no_such_intent"},
    ]

    spoken = await speaker().speak(request("utter_action_failed", choices=choices))

    assert spoken["buttons"] == [
        {"title": "DD1048213 van 1 november", "payload": '/choose_order{"order_number": "DD1048213"}'},
        {"title": "Met een medewerker spreken", "payload": "/contact_human_agent"},
    ]


@pytest.mark.parametrize("response", ["utter_no_such_thing", "utter_points"])
async def test_what_cannot_be_said_becomes_an_apology_and_a_line_in_the_log(
    response: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        spoken = await speaker().speak(request(response, facts={"points": "sanne@voorbeeld.example"}))

    assert spoken["custom"]["balie"]["response"] == "utter_action_failed"
    assert spoken["text"]
    assert response in caplog.text
    assert "sanne@" not in caplog.text


async def test_what_rasa_adds_to_its_call_is_not_in_the_way() -> None:
    message = {"text": None, "metadata": None, "language": None}
    call = {
        "response": "utter_greet",
        "id": None,
        "arguments": {"text": None, "buttons": [], "custom": {}, "template": "utter_greet"},
        "tracker": {"sender_id": "x", "latest_message": message, "slots": {"place": None}, "events": [{}]},
        "channel": {"name": "collector"},
    }

    spoken = await speaker().speak(NlgRequest.model_validate(call))

    assert spoken["custom"]["balie"]["language"] == LIBRARY.default_language


async def test_before_anybody_has_said_anything_there_is_no_message() -> None:
    call = {"response": "utter_greet", "tracker": {"sender_id": "x", "latest_message": None}}

    assert (await speaker().speak(NlgRequest.model_validate(call)))["text"]


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ({"metadata": {"language": "en"}, "language": {"code": "nl", "confidence": 1.0}}, "en"),
        ({"language": {"code": "en", "confidence": 0.9}}, "en"),
        ({"language": {"code": "en", "confidence": 0.2}, "metadata": {"languages": ["nl"]}}, "nl"),
        ({"metadata": {"languages": ["en", "nl"], "page_language": "en"}}, "nl"),
        ({"metadata": {"page_language": "en"}}, "en"),
        ({"language": {"code": "fr", "confidence": 0.9}, "metadata": {"page_language": "en"}}, "en"),
        ({"language": {"code": "de", "confidence": 0.9}}, None),
        ({}, None),
    ],
)
def test_the_language_follows_the_best_reason(message: dict[str, Any], language: str | None) -> None:
    assert spoken_language(message, ["nl", "en"]) == language


def every_sample() -> list[tuple[str, dict[str, Any]]]:
    return [(name, sample) for name, reply in LIBRARY.replies.items() for sample in reply.sample]


@pytest.mark.parametrize("language", LIBRARY.languages)
async def test_every_reply_can_be_said_in_every_language_with_each_of_its_samples(language: str) -> None:
    for name, sample in every_sample():
        spoken = await speaker().speak(request(name, language, facts=sample))
        assert spoken["custom"]["balie"] == {"response": name, "language": language, "slots": {}}
        assert bool(spoken["text"]) == (name != "utter_silence")
        assert "None" not in spoken["text"]
        assert "  " not in spoken["text"]
