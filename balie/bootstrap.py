"""All wiring on one screen: which part stands behind each port.

Nothing else picks parts. Tests hand in another assistant or clock through the same functions.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine

from actions.card_follow_ups import CardFollowUps
from actions.follow_up_words import FollowUpWords
from actions.registry import ActionServices, build_actions
from actions.server import ActionServer
from balie.advice.adviser import Adviser
from balie.advice.for_agents import AgentAdviser
from balie.advice.suggesting import Suggester
from balie.advice.terms import AdviceTerms
from balie.agent_desk import DeskParts, open_desk
from balie.assistant.manners import Manners
from balie.assistant.measured import MeasuredAssistant
from balie.assistant.naming import NamingAssistant
from balie.assistant.personal_facts import PersonalFacts
from balie.assistant.port import Assistant
from balie.assistant.private_words import PrivateTexts
from balie.assistant.rasa import RasaAssistant
from balie.assistant.speech import Speaker
from balie.assistant.spoken_language import Tongue
from balie.assistant.workers import AssistantWorkers
from balie.baskets.service import BasketService
from balie.catalogue.goods_words import GoodsWords
from balie.catalogue.service import CatalogueService
from balie.channels.opening import Channels
from balie.content.library import Library, load_library
from balie.content.render import Renderer
from balie.conversations.bell import Bell
from balie.conversations.code_service import CodeService
from balie.conversations.service import ConversationService
from balie.customers.service import CustomerService
from balie.documents.printer import Printer
from balie.errand_desk import Bells, errand_chores, open_baskets, open_errand_desk
from balie.errands.service import ErrandService
from balie.gateway.desk_services import DeskServices
from balie.gateway.internal_app import InternalServices
from balie.gateway.limits import RateLimit
from balie.gateway.metrics import PrometheusMeasures
from balie.gateway.secret_store import with_secrets
from balie.gateway.services import (
    BASKET_CHANGES_PER_MINUTE,
    CARDS_FOLLOWED_PER_MINUTE,
    GatewayServices,
    MailedLinks,
    Papers,
)
from balie.gateway.tokens import AgentTokens, CustomerTokens, DocumentLinks, VisitorTokens
from balie.handoff_desk import HandoffDesk, Told, open_handoff_desk
from balie.jobs.housekeeping import Housekeeping
from balie.jobs.outside_worlds import OutsideWorlds, open_outside_worlds
from balie.kernel.clock import Clock, utc_now
from balie.kernel.measures import Measures
from balie.orders.changes import ChangeService
from balie.orders.invoice_mail import InvoiceMail
from balie.orders.invoice_papers import InvoicePapers
from balie.orders.return_labels import ReturnLabels
from balie.orders.service import OrderService
from balie.orders.terms import Terms
from balie.post.carriers import open_carrier, sender_of
from balie.post.letter_writer import LetterWriter
from balie.post.post_room import PostRoom
from balie.recommendation_desk import RecommendationDesk, open_recommendations
from balie.settings import PROJECT_ROOT, Settings
from balie.storage.engine import open_async_engine
from balie.storage.unit_of_work import UnitOfWork
from balie.turns.apology import apologise
from balie.turns.runner import Pace, TurnRunner

__all__ = ["Services", "build_services", "open_services", "with_secrets"]

LOOPBACK: Final = "127.0.0.1"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Store:
    """What we know: of conversations, of customers, of the shop."""

    conversations: ConversationService
    customers: CustomerService
    orders: OrderService
    changes: ChangeService
    papers: Papers
    catalogue: CatalogueService
    post_room: PostRoom
    invoice_mail: InvoiceMail
    outside: OutsideWorlds
    baskets: BasketService
    codes: CodeService
    errands: ErrandService
    mailed_links: MailedLinks
    housekeeping: Housekeeping
    agent_desk: DeskServices
    handoffs: HandoffDesk
    recommendations: RecommendationDesk
    adviser: Adviser

    def open_channels(self, turns: TurnRunner) -> Channels | None:
        """Everything that is somebody else's."""
        in_hand = self.agent_desk.in_hand
        return None if in_hand is None else self.handoffs.open_channels(turns, in_hand.card)


@dataclass(frozen=True, slots=True)
class Services:
    """Every part, put together; what the two apps need is in ``public`` and ``internal``."""

    renderer: Renderer
    store: Store
    turns: TurnRunner
    channels: Channels | None
    public: GatewayServices
    internal: InternalServices


@contextlib.asynccontextmanager
async def open_services(
    settings: Settings, *, assistant: Assistant | None = None, clock: Clock = utc_now
) -> AsyncIterator[Services]:
    """Everything, as long as the block lasts.

    Args:
        settings: With their secrets (:func:`with_secrets`).
        assistant: Who answers; None for the Rasa server that the settings name.
        clock: The present moment.

    Raises:
        ContentBrokenError: A content file cannot be read.
        ResponseNotFoundError: The content has no words for a turn that failed.
    """
    engine = open_async_engine(settings.resolved_database_url)
    async with contextlib.AsyncExitStack() as open_connections:
        open_connections.push_async_callback(engine.dispose)
        workers = [
            await open_connections.enter_async_context(worker) for worker in _rasa_assistants(settings)
        ]
        yield build_services(settings, engine, assistant or AssistantWorkers(workers), clock=clock)


def _rasa_assistants(settings: Settings) -> Iterator[RasaAssistant]:
    for port in settings.rasa_ports:
        yield RasaAssistant.at(
            f"http://{LOOPBACK}:{port}",
            token=settings.internal_token.get_secret_value(),
            timeout=settings.assistant_timeout,
        )


def build_services(
    settings: Settings, engine: AsyncEngine, assistant: Assistant, *, clock: Clock = utc_now
) -> Services:
    """Put everything together; opens nothing and asks nobody. See :func:`open_services`."""
    renderer = _open_content(settings)
    measures = PrometheusMeasures()
    store = _open_store(settings, engine, renderer, measures, clock)
    facts = PersonalFacts(store.conversations, store.customers, store.orders, clock=clock)
    private = PrivateTexts()
    manners = Manners(store.conversations, renderer.library) if settings.emotion else None
    turns = TurnRunner(
        store.conversations,
        MeasuredAssistant(NamingAssistant(assistant, facts, private), measures),
        renderer,
        persons=store.handoffs.persons,
        pace=Pace(settings.turns_at_once),
    )
    turns.suggest_by(Suggester(store.adviser, store.conversations, renderer))
    words = FollowUpWords(renderer.library.words_of_answers)
    turns.hear_by(CardFollowUps(store.conversations, words, manners))
    channels = store.open_channels(turns)
    public = _public_services(settings, store, turns, assistant, clock=clock)
    return Services(
        renderer=renderer,
        store=store,
        turns=turns,
        channels=channels,
        public=replace(public, measures=measures, channels=channels),
        internal=InternalServices(
            token=settings.internal_token.get_secret_value(),
            speaker=Speaker(renderer, facts, manners),
            actions=_open_actions(settings, store, Spoken(private, renderer.library, manners), clock=clock),
        ),
    )


def _open_content(settings: Settings) -> Renderer:
    renderer = Renderer(load_library(PROJECT_ROOT / "data"), emotion_is_read=settings.emotion)
    for language in renderer.library.languages:
        apologise(renderer, language)  # words that are missing are better missed now
    return renderer


def _open_store(
    settings: Settings, engine: AsyncEngine, renderer: Renderer, measures: Measures, clock: Clock
) -> Store:
    library = renderer.library
    unit_of_work = UnitOfWork(engine)
    timezone = ZoneInfo(library.shop["timezone"])
    voucher, goods = library.shop["loyalty"]["points_for_voucher"], GoodsWords.from_shop(library.shop)
    longest, terms = settings.message_max_characters, Terms.from_shop(library.shop)
    papers = Papers(
        ReturnLabels(unit_of_work, terms, timezone=timezone),
        InvoicePapers(unit_of_work, timezone=timezone),
        _document_links(settings, clock),
        renderer,
    )
    post_room = _open_post_room(settings, unit_of_work, papers, clock)
    changes = ChangeService(unit_of_work, terms, clock=clock, timezone=timezone, post=post_room)
    bell = Bell()
    bells = Bells(post_room, bell.ring_for_basket)
    desk = open_errand_desk(settings, unit_of_work, library.shop, bells, clock)
    conversations = ConversationService(unit_of_work, bell, max_characters=longest, clock=clock)
    handoffs = open_handoff_desk(settings, unit_of_work, conversations, Told(renderer, measures), clock)
    recommendations = open_recommendations(settings, unit_of_work, library.shop, clock)
    parts = DeskParts(handoffs.service, handoffs.board, bell, post_room, recommendations.figures)
    chores = {**errand_chores(unit_of_work, desk, changes, clock), **recommendations.chores}
    catalogue = CatalogueService(unit_of_work, goods=goods, clock=clock, timezone=timezone)
    adviser = Adviser(
        recommendations.service, recommendations.outcomes, catalogue, conversations, clock=clock
    )
    return Store(
        conversations=conversations,
        customers=CustomerService(unit_of_work, clock=clock, timezone=timezone, points_for_voucher=voucher),
        orders=OrderService(unit_of_work, clock=clock, timezone=timezone),
        changes=changes,
        papers=papers,
        catalogue=catalogue,
        post_room=post_room,
        invoice_mail=InvoiceMail(unit_of_work, post_room, clock=clock),
        outside=open_outside_worlds(
            settings, unit_of_work, library.shop, clock=clock, after_work=post_room.ring
        ),
        baskets=open_baskets(settings, unit_of_work, library.shop, clock),
        codes=CodeService(unit_of_work, settings.secret.get_secret_value(), post_bell=post_room, clock=clock),
        errands=desk.errands,
        mailed_links=desk.mailed_links,
        housekeeping=Housekeeping(chores, after_work=post_room.ring),
        agent_desk=open_desk(settings, unit_of_work, renderer, parts, clock),
        handoffs=handoffs,
        recommendations=recommendations,
        adviser=adviser,
    )


def _open_post_room(settings: Settings, unit_of_work: UnitOfWork, papers: Papers, clock: Clock) -> PostRoom:
    renderer = papers.renderer
    printer = Printer(papers.labels, papers.invoices, renderer)
    writer = LetterWriter(renderer, printer, sender_of(settings, renderer.library.shop))
    return PostRoom(unit_of_work, writer, open_carrier(settings), clock=clock)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What actions need to know of what is said."""

    private: PrivateTexts
    library: Library
    manners: Manners | None


def _open_actions(settings: Settings, store: Store, spoken: Spoken, *, clock: Clock) -> ActionServer:
    library = spoken.library
    services = ActionServices(
        conversations=store.conversations,
        codes=store.codes,
        customers=store.customers,
        catalogue=store.catalogue,
        orders=store.orders,
        changes=store.changes,
        errands=store.errands,
        payments=store.outside.payments,
        invoice_mail=store.invoice_mail,
        private=spoken.private,
        tongue=Tongue(library.languages, library.default_language),
        answer_words=library.words_of_answers,
        links=store.papers.links,
        country=str(library.shop["head_office"]["country"]),
        adviser=store.adviser,
        advice_terms=AdviceTerms.from_shop(library.shop, is_on=settings.recommendations),
        manners=spoken.manners,
        clock=clock,
        timezone=ZoneInfo(library.shop["timezone"]),
    )
    return ActionServer(build_actions(services), timeout=settings.action_timeout)


def _document_links(settings: Settings, clock: Clock) -> DocumentLinks:
    lifetime = timedelta(hours=settings.document_link_hours)
    return DocumentLinks(settings.secret.get_secret_value(), lifetime=lifetime, clock=clock)


def _public_services(
    settings: Settings,
    store: Store,
    turns: TurnRunner,
    assistant: Assistant,
    *,
    clock: Clock,
) -> GatewayServices:
    lifetime = timedelta(days=settings.conversation_token_days)
    return GatewayServices(
        settings=settings,
        conversations=store.conversations,
        continuations=store.handoffs.continuations,
        turns=turns,
        customers=store.customers,
        visitor_tokens=VisitorTokens(settings.secret.get_secret_value(), lifetime=lifetime, clock=clock),
        customer_tokens=CustomerTokens(settings.shop_secret.get_secret_value(), clock=clock),
        agent_tokens=AgentTokens(settings.secret.get_secret_value(), clock=clock),
        papers=store.papers,
        mailed_links=store.mailed_links,
        baskets=store.baskets,
        basket_limit=RateLimit(BASKET_CHANGES_PER_MINUTE),
        outcomes=store.recommendations.outcomes,
        card_limit=RateLimit(CARDS_FOLLOWED_PER_MINUTE),
        clock=clock,
        message_limit=RateLimit(settings.messages_per_minute),
        conversation_limit=RateLimit(settings.conversations_per_minute),
        ready_checks={"store": store.conversations.is_ready, "assistant": assistant.is_ready},
        checkout=store.outside.simulated,
        ring_outgoing=store.outside.runner.ring,
        desk=replace(
            store.agent_desk, advice=AgentAdviser(store.adviser, store.conversations, store.papers.renderer)
        ),
        catalogue=store.catalogue,
        events=store.recommendations.events,
    )
