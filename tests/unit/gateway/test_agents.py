"""Agents see how customers feel; customers see nothing of it, about nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from balie.assistant.port import AssistantAnswer, AssistantReply, AssistantTurn
from balie.gateway.agent_schemas import AgentMessageList, MoodShape
from balie.gateway.errors import AgentTokenInvalidError, TokenInvalidError
from balie.gateway.tokens import AGENT_AUDIENCE, AgentTokens, VisitorTokens
from balie.kernel.ids import ConversationId
from tests.support.assistants import saying
from tests.support.clock import StillClock
from tests.support.gateway import VISITOR_SECRET, Balie, Customer, on_a_port
from tests.support.moods import emotion

FUMING = emotion(anger=0.9)
OPENING = "anger.nl.2"
SECRET = VISITOR_SECRET * 2
"""Long enough for SHA-512 as well."""


def furious(turn: AssistantTurn) -> AssistantAnswer:
    reply = AssistantReply("Sorry.\n\nZo zit het.", (), "utter_warranty", "nl", OPENING, "person.nl.0")
    return AssistantAnswer((reply,), "nl", FUMING)


@pytest.fixture
async def customer(balie: Balie) -> Customer:
    """Somebody angry, twice."""
    balie.assistant.behaviour = furious
    customer = await balie.open()
    for text in ("waar blijft het", "WAAR BLIJFT HET"):
        await customer.say(text)
    await balie.turns.wait_until_idle()
    return customer


async def ask(balie: Balie, path: str, token: str | None = None) -> httpx.Response:
    token = balie.agent_tokens.issue("ana", lifetime=timedelta(hours=1)) if token is None else token
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return await balie.http.get(f"/api/v1/agent/conversations/{path}", headers=headers)


async def test_an_agent_reads_messages_with_their_emotions(balie: Balie, customer: Customer) -> None:
    answer = await ask(balie, f"{customer.id}/messages?after=1")

    assert answer.status_code == 200
    page = AgentMessageList.model_validate_json(answer.content)
    assert page.messages[0].author == "customer"
    read = [message.emotion for message in page.messages if message.author == "customer"]
    assert [each.label for each in read if each is not None] == ["anger"]
    assert all(message.emotion is None for message in page.messages if message.author != "customer")
    assert page.messages[-1].response == "utter_warranty"


async def test_an_agent_reads_the_mood_and_what_moved_it(balie: Balie, customer: Customer) -> None:
    answer = await ask(balie, f"{customer.id}/mood")

    mood = MoodShape.model_validate_json(answer.content)
    assert (mood.leading, mood.angry_turns, mood.turns_since_anger) == ("anger", 2, 0)
    assert mood.moved_by is not None
    assert mood.moved_by.text == "WAAR BLIJFT HET"
    assert (mood.stance.offers_person, mood.stance.allows_offers) == (True, False)
    assert mood.stance.priority == "high"


async def test_nothing_moved_a_calm_customer(balie: Balie) -> None:
    customer = await balie.open()

    mood = (await ask(balie, f"{customer.id}/mood")).json()

    assert (mood["leading"], mood["moved_by"], mood["stance"]["priority"]) == ("neutral", None, "normal")


@pytest.mark.parametrize("what", ["messages", "mood"])
async def test_only_agents_get_in(balie: Balie, customer: Customer, what: str) -> None:
    for token in ("", "nonsense", customer.token, balie.customer_tokens.issue("K-1001")):
        answer = await ask(balie, f"{customer.id}/{what}", token)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "agent_token_invalid"
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("what", ["messages", "mood"])
async def test_an_unknown_conversation_is_not_found(balie: Balie, what: str) -> None:
    assert (await ask(balie, f"{uuid4()}/{what}")).json()["error"]["code"] == "conversation_not_found"
    assert (await ask(balie, f"nonsense/{what}")).json()["error"]["code"] == "request_invalid"


async def test_a_customer_sees_no_mood_in_any_answer(balie: Balie, customer: Customer) -> None:
    sent = (await customer.send(text="nog steeds niets")).json()
    await balie.turns.wait_until_idle()

    for shown in (sent, await customer.read()):
        assert not {"emotion", "opening", "remark", "response"} & every_key(shown)
        assert OPENING not in str(shown)


async def test_a_customer_sees_no_mood_over_the_socket(balie: Balie, customer: Customer) -> None:
    from websockets.asyncio.client import connect

    async with on_a_port(balie) as address:
        live = f"ws://{address}{customer.path}/live?after=0"
        async with connect(live, additional_headers=customer.headers) as socket:
            events = [str(await socket.recv()) for _ in range(5)]

    assert not any(word in event for event in events for word in ("emotion", "anger", "opening", "remark"))


def test_the_customers_part_of_the_description_knows_no_emotion(balie: Balie) -> None:
    described = balie.app.openapi()["components"]["schemas"]

    assert "emotion" in described["AgentMessageShape"]["properties"]
    assert "emotion" not in described["MessageShape"]["properties"]


async def test_a_message_that_was_not_read_says_so(balie: Balie) -> None:
    balie.assistant.behaviour = lambda turn: replace(saying("Hallo"), emotion=None)
    customer = await balie.open()
    await customer.say("hoi")
    await balie.turns.wait_until_idle()

    (message, _) = (await ask(balie, f"{customer.id}/messages")).json()["messages"]

    assert message["emotion"] is None


def every_key(value: Any) -> set[str]:
    match value:
        case dict():
            return set(value).union(*map(every_key, value.values()))
        case list():
            return set().union(*map(every_key, value))
        case _:
            return set()


def test_an_agents_token_ends() -> None:
    clock = StillClock()
    tokens = AgentTokens(VISITOR_SECRET, clock=clock)
    token = tokens.issue("ana", lifetime=timedelta(hours=8))

    assert tokens.read(token) == "ana"
    clock.advance(timedelta(hours=8))
    with pytest.raises(AgentTokenInvalidError):
        tokens.read(token)


def test_tokens_of_agents_and_visitors_are_not_mixed_up() -> None:
    agents = AgentTokens(VISITOR_SECRET)
    visitors = VisitorTokens(VISITOR_SECRET, lifetime=timedelta(days=1))

    with pytest.raises(AgentTokenInvalidError):
        agents.read(visitors.issue(ConversationId(uuid4())))
    with pytest.raises(TokenInvalidError):
        visitors.read(agents.issue(str(uuid4()), lifetime=timedelta(hours=1)))


@pytest.mark.parametrize(
    ("secret", "algorithm", "claims"),
    [
        ("somebody else's secret, as long as ours is", "HS256", {}),
        (None, "none", {}),
        (SECRET, "HS512", {}),
        (SECRET, "HS256", {"aud": "balie-visitor"}),
        (SECRET, "HS256", {"exp": "tomorrow"}),
        (SECRET, "HS256", {"sub": ""}),
    ],
    ids=["forged", "unsigned", "other algorithm", "other audience", "no time", "nobody"],
)
def test_a_token_that_is_not_ours_is_refused(
    secret: str | None, algorithm: str, claims: dict[str, Any]
) -> None:
    usual = {"sub": "ana", "aud": AGENT_AUDIENCE, "exp": 4102444800}
    token = jwt.encode({**usual, **claims}, secret, algorithm=algorithm)  # type: ignore[arg-type]

    with pytest.raises(AgentTokenInvalidError):
        AgentTokens(SECRET).read(token)
