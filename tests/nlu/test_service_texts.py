from __future__ import annotations

import json
from typing import Any, AsyncIterator, Dict, List

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from jsonschema.exceptions import SchemaError, ValidationError
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

from nlu.serve import check_each_schema_once
from nlu.service_texts import ServiceTexts

DOMAIN = Domain.from_dict(
    {"version": "3.1", "slots": {"place": {"type": "text", "mappings": [{"type": "custom"}]}}}
)


class Service:
    """Answers as the service would, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: List[Dict[str, Any]] = []
        self.answer = json.dumps({"text": "Hallo", "buttons": [], "custom": {"balie": {}}})
        self.status = 200

    async def speak(self, request: web.Request) -> web.Response:
        self.asked.append(await request.json())
        return web.Response(text=self.answer, status=self.status, content_type="application/json")


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
async def texts(service: Service) -> AsyncIterator[ServiceTexts]:
    app = web.Application()
    app.router.add_post("/nlg", service.speak)
    async with TestServer(app) as server:
        texts = ServiceTexts(EndpointConfig(url=str(server.make_url("/nlg"))), DOMAIN)
        yield texts
        await texts.close()


def dialogue() -> DialogueStateTracker:
    parsed = {"intent": {"name": "ask"}, "entities": [], "metadata": {"page_language": "nl"}}
    events = [UserUttered("waar", {"name": "ask"}, [], parsed), SlotSet("place", "Utrecht")]
    return DialogueStateTracker.from_events("one", events, DOMAIN.slots)


async def test_the_service_learns_who_speaks_what_was_understood_and_what_is_remembered(
    texts: ServiceTexts, service: Service
) -> None:
    answer = await texts.generate("utter_place", dialogue(), "rest", facts={"n": 1}, domain_responses={})

    (asked,) = service.asked
    assert answer["text"] == "Hallo"
    assert asked["response"] == "utter_place"
    assert asked["arguments"] == {"facts": {"n": 1}}
    assert asked["tracker"]["sender_id"] == "one"
    assert asked["tracker"]["slots"]["place"] == "Utrecht"
    assert asked["tracker"]["latest_message"]["metadata"] == {"page_language": "nl"}


async def test_the_dialogue_itself_does_not_travel(texts: ServiceTexts, service: Service) -> None:
    await texts.generate("utter_place", dialogue(), "rest")

    assert "events" not in service.asked[0]["tracker"]


@pytest.mark.parametrize("answer", ["[]", "{}", '{"text": null}', "no json", ""])
async def test_an_answer_without_a_text_is_an_error(
    texts: ServiceTexts, service: Service, answer: str
) -> None:
    service.answer = answer

    with pytest.raises(RasaException):
        await texts.generate("utter_place", dialogue(), "rest")


async def test_a_refusal_is_an_error_that_does_not_tell_the_token(
    texts: ServiceTexts, service: Service
) -> None:
    service.status = 500

    with pytest.raises(RasaException) as raised:
        await texts.generate("utter_place", dialogue(), "rest")

    assert "nlg" not in str(raised.value)


async def test_rasa_finds_it_by_its_name_in_the_endpoints() -> None:
    endpoint = EndpointConfig(url="http://127.0.0.1:1", type="nlu.service_texts.ServiceTexts")

    assert isinstance(NaturalLanguageGenerator.create(endpoint, DOMAIN), ServiceTexts)


def test_a_schema_is_checked_once_and_answers_always(monkeypatch: pytest.MonkeyPatch) -> None:
    from jsonschema import validate
    from jsonschema.validators import Draft202012Validator

    monkeypatch.setattr(Draft202012Validator, "check_schema", Draft202012Validator.check_schema)
    check_each_schema_once()
    schema = {"type": "object", "properties": {"events": {"type": "array"}}}

    for _ in range(2):
        validate({"events": []}, schema)
        with pytest.raises(ValidationError):
            validate({"events": 1}, schema)
        with pytest.raises(SchemaError):
            validate({}, {"type": "nonsense"})
