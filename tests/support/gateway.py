"""The public app with a real store and a fake assistant, over ASGI or over a real socket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI

from balie.agents.service import AgentService
from balie.baskets.service import BasketService
from balie.baskets.terms import BasketTerms
from balie.catalogue.service import CatalogueService
from balie.conversations.bell import Bell
from balie.conversations.continuing import ContinuationService
from balie.conversations.service import ConversationService
from balie.customers.service import CustomerService
from balie.errands.links import LinkService
from balie.gateway.desk_hub import DeskHub, Pace
from balie.gateway.desk_services import SIGN_INS_PER_MINUTE, ContentTeams, DeskServices
from balie.gateway.limits import RateLimit
from balie.gateway.public_app import create_public_app
from balie.gateway.server import bind, serving
from balie.gateway.services import (
    BASKET_CHANGES_PER_MINUTE,
    CARDS_FOLLOWED_PER_MINUTE,
    GatewayServices,
    MailedLinks,
    Papers,
)
from balie.gateway.tokens import (
    AccountCodes,
    AccountLinks,
    AgentTokens,
    CustomerTokens,
    DocumentLinks,
    VisitorTokens,
)
from balie.handoff.board import DeskBoard
from balie.handoff.book import Book, Tools
from balie.handoff.hours import TeamClock
from balie.handoff.in_hand import open_in_hand
from balie.handoff.lining_up import Experience
from balie.handoff.numbers import NumbersService
from balie.handoff.sayings import Sayings
from balie.handoff.service import HandoffService
from balie.kernel.clock import DEFAULT_TIMEZONE
from balie.orders.invoice_papers import InvoicePapers
from balie.orders.return_labels import ReturnLabels
from balie.orders.terms import Terms
from balie.recommendations.events import EventService
from balie.recommendations.figures import FiguresService
from balie.recommendations.outcomes import OutcomeService
from balie.recommendations.terms import RecommendationTerms
from balie.settings import Settings
from balie.turns.runner import TurnRunner
from tests.support.agents import agent_service
from tests.support.assistants import FakeAssistant
from tests.support.clock import StillClock
from tests.support.codes import CodeBook
from tests.support.content import FakeRenderer, real_renderer
from tests.support.store import BreakableUnitOfWork, opened

VISITOR_SECRET = "visitor secret of the tests, long enough"
SHOP_SECRET = "shop secret of the tests, which is long enough"
BASE_URL = "http://balie.example"
QUICK = Pace(between=timedelta(milliseconds=5), alone=timedelta(milliseconds=5))
"""Desks and customers who wait hear of everything almost at once."""


@dataclass
class Keeping:
    """What turns and the queue's keeper do, without either."""

    unit_of_work: BreakableUnitOfWork
    tools: Tools
    clock: StillClock

    async def take(self, step: Callable[[Book], Any]) -> Any:
        """Take a step of a handoff in a transaction; nobody is told."""
        now = self.clock()
        return await self.unit_of_work.run_writing(lambda connection: step(Book(connection, self.tools, now)))


@dataclass
class Balie:
    """Everything a test of the gateway may want to touch."""

    app: FastAPI
    http: httpx.AsyncClient
    conversations: ConversationService
    turns: TurnRunner
    assistant: FakeAssistant
    unit_of_work: BreakableUnitOfWork
    visitor_tokens: VisitorTokens
    customer_tokens: CustomerTokens
    agent_tokens: AgentTokens
    document_links: DocumentLinks
    mailed_links: MailedLinks
    clock: StillClock
    seconds: list[float]
    agents: AgentService
    handoffs: HandoffService
    keeping: Keeping

    async def open(self, **body: Any) -> Customer:
        answer = await self.http.post("/api/v1/conversations", json=body)
        assert answer.status_code == 201, answer.text
        return Customer(self, answer.json()["id"], answer.json()["token"])


@dataclass
class Customer:
    """Somebody with a conversation, as their browser sees it."""

    balie: Balie
    id: str
    token: str
    headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.headers = {"Authorization": f"Bearer {self.token}"}

    @property
    def path(self) -> str:
        return f"/api/v1/conversations/{self.id}"

    async def send(self, **body: Any) -> httpx.Response:
        message = {"client_message_id": str(uuid4()), **body}
        return await self.balie.http.post(f"{self.path}/messages", json=message, headers=self.headers)

    async def say(self, text: str) -> dict[str, Any]:
        answer = await self.send(text=text)
        assert answer.status_code == 202, answer.text
        message: dict[str, Any] = answer.json()["message"]
        return message

    async def read(self, after: int = 0) -> dict[str, Any]:
        answer = await self.balie.http.get(
            f"{self.path}/messages", params={"after": after}, headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        return page

    async def texts(self) -> list[str]:
        return [message["text"] for message in (await self.read())["messages"]]


@asynccontextmanager
async def balie_with(
    database_url: str, *, static_dir: Path, pace: Pace = QUICK, **settings: Any
) -> AsyncIterator[Balie]:
    """The app over ASGI; ``settings`` overrides what the tests need otherwise."""
    clock, seconds = StillClock(), [0.0]
    chosen = Settings(**{"messages_per_minute": 1000, "conversations_per_minute": 1000, **settings})
    advice_terms = RecommendationTerms.from_shop(real_renderer().library.shop)
    async with opened(database_url, lock_wait=timedelta(milliseconds=10)) as unit_of_work:
        conversations = ConversationService(
            unit_of_work, Bell(), max_characters=chosen.message_max_characters, clock=clock
        )
        assistant = FakeAssistant()
        turns = TurnRunner(conversations, assistant, FakeRenderer())
        visitor_tokens = VisitorTokens(VISITOR_SECRET, lifetime=timedelta(days=30), clock=clock)
        customer_tokens = CustomerTokens(SHOP_SECRET, clock=clock)
        agent_tokens = AgentTokens(VISITOR_SECRET, clock=clock)
        document_links = DocumentLinks(VISITOR_SECRET, lifetime=timedelta(hours=24), clock=clock)
        mailed_links = MailedLinks(
            LinkService(unit_of_work, clock=clock),
            AccountLinks(VISITOR_SECRET, BASE_URL, lifetime=timedelta(hours=1), clock=clock),
            AccountCodes(SHOP_SECRET, clock=clock),
        )
        agents = agent_service(unit_of_work, clock)
        tools = Tools(Sayings(real_renderer()), Experience())
        clocks = {
            team.id: TeamClock(team, DEFAULT_TIMEZONE, always_open=True)
            for team in real_renderer().library.teams
        }
        handoffs = HandoffService(unit_of_work, conversations.bell, tools, clocks, clock=clock)
        board = DeskBoard(unit_of_work, tools, clocks, clock=clock)
        hub = DeskHub(board, agents, conversations.bell, pace=pace, clock=clock)
        services = GatewayServices(
            settings=chosen,
            conversations=conversations,
            continuations=ContinuationService(unit_of_work, clock, bell=conversations.bell),
            turns=turns,
            customers=CustomerService(unit_of_work),
            visitor_tokens=visitor_tokens,
            customer_tokens=customer_tokens,
            agent_tokens=agent_tokens,
            papers=Papers(
                ReturnLabels(unit_of_work, Terms.from_shop(real_renderer().library.shop)),
                InvoicePapers(unit_of_work),
                document_links,
                real_renderer(),
            ),
            mailed_links=mailed_links,
            baskets=BasketService(
                unit_of_work,
                BasketTerms.from_shop(real_renderer().library.shop),
                VISITOR_SECRET,
                clock=clock,
            ),
            basket_limit=_limit(BASKET_CHANGES_PER_MINUTE, lambda: seconds[0]),
            outcomes=OutcomeService(unit_of_work, advice_terms, clock=clock),
            card_limit=_limit(CARDS_FOLLOWED_PER_MINUTE, lambda: seconds[0]),
            clock=clock,
            message_limit=_limit(chosen.messages_per_minute, lambda: seconds[0]),
            conversation_limit=_limit(chosen.conversations_per_minute, lambda: seconds[0]),
            ready_checks={"store": conversations.is_ready, "assistant": assistant.is_ready},
            catalogue=CatalogueService(unit_of_work, clock=clock),
            events=EventService(unit_of_work, clock=clock, is_on=chosen.recommendations),
            desk=DeskServices(
                agents,
                ContentTeams(real_renderer().library.teams, DEFAULT_TIMEZONE, always_open=False),
                languages=real_renderer().library.languages,
                numbers=NumbersService(unit_of_work, clock=clock),
                figures=FiguresService(unit_of_work, advice_terms, clock=clock),
                in_hand=open_in_hand(unit_of_work, real_renderer(), post=CodeBook(), clock=clock),
                sign_in_limit=_limit(SIGN_INS_PER_MINUTE, lambda: seconds[0]),
                handoffs=handoffs,
                board=board,
                hub=hub,
            ),
        )
        app = create_public_app(services, static_dir=static_dir)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        hub.start()
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as http:
            yield Balie(
                app,
                http,
                conversations,
                turns,
                assistant,
                unit_of_work,
                visitor_tokens,
                customer_tokens,
                agent_tokens,
                document_links,
                mailed_links,
                clock,
                seconds,
                agents,
                handoffs,
                Keeping(unit_of_work, tools, clock),
            )
        await hub.stop()
        await turns.stop(timedelta())


def _limit(per_minute: int, seconds: Callable[[], float]) -> RateLimit:
    return RateLimit(per_minute, seconds=seconds)


@asynccontextmanager
async def on_a_port(balie: Balie) -> AsyncIterator[str]:
    """The same app on a real port; yields ``127.0.0.1:port``."""
    listening = bind("127.0.0.1", 0, setting="-")
    async with serving(balie.app, listening, grace=timedelta(seconds=1)):
        yield f"127.0.0.1:{listening.getsockname()[1]}"
