"""A house with channels that are somebody else's: the real store, conversations, dispatcher and adapters."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy import select, update
from starlette.middleware import Middleware

from balie.channels.chatwoot.client import ChatwootClient
from balie.channels.dispatcher import Dispatcher
from balie.channels.opening import Channels, House, chatwoot_access, open_with, webhook_access
from balie.channels.signed_webhooks.client import WebhookClient
from balie.channels.store import ChannelStore
from balie.conversations.bell import Bell
from balie.conversations.continuing import ContinuationService
from balie.conversations.models import ConversationRow
from balie.conversations.repository import ConversationRepository
from balie.conversations.rows import Placed
from balie.conversations.service import ConversationService
from balie.conversations.status import ConversationStatus
from balie.conversations.views import (
    Author,
    NewButton,
    NewReply,
    TurnOutcome,
    TurnState,
)
from balie.gateway import chatwoot_routes, webhook_desk_routes
from balie.gateway.middleware import BodyLimit, SecurityHeaders
from balie.gateway.translation import translate_errors
from balie.handoff.card_views import (
    Card,
    CardReader,
    CardReason,
    History,
    Quote,
    SpokenLanguages,
    Wants,
)
from balie.handoff.kinds import HandoffState, Reason
from balie.handoff.models import HandoffRow
from balie.handoff.states import OPEN, OWNER
from balie.handoff.suggestions import Action, Suggestion
from balie.kernel.ids import ConversationId
from balie.settings import Settings
from balie.storage.unit_of_work import UnitOfWork
from tests.support.chatwoot import ACCOUNT, AGENT_TOKEN, BOT_TOKEN, URL, StandInChatwoot
from tests.support.clock import StillClock
from tests.support.content import real_renderer
from tests.support.store import BreakableUnitOfWork, opened

PATH_SECRET = "a-path-that-nobody-guesses-0123456789"
DESK_SECRET = "a secret that the desk and Balie share, long"
DESK_URL = "http://desk.example/balie"


@dataclass
class StandInTurns:
    """The assistant's turns, taken when a test says so."""

    conversations: ConversationService
    waiting: list[ConversationId] = field(default_factory=list)
    replies: tuple[NewReply, ...] = ()
    submitted: asyncio.Event = field(default_factory=asyncio.Event)

    def submit(self, conversation_id: ConversationId) -> None:
        self.waiting.append(conversation_id)
        self.submitted.set()

    async def answer(self) -> int:
        """Take every turn that waits; only read what is a person's. Answers how many got an answer."""
        answered = 0
        waiting, self.waiting = self.waiting, []
        for conversation_id in dict.fromkeys(waiting):
            while (turn := await self.conversations.find_pending_turn(conversation_id)) is not None:
                speaks = turn.mode.value == "answer"
                said = self.replies or (reply(f"U zei: {turn.text}"),)
                outcome = TurnOutcome(TurnState.ANSWERED, "nl")
                await self.conversations.record_replies(turn, said if speaks else (), outcome)
                answered += speaks
        return answered


def reply(text: str, *buttons: tuple[str, str]) -> NewReply:
    """Something the assistant says; buttons by title and payload, or title and address."""
    shown = tuple(
        NewButton(title, url=meant) if meant.startswith("http") else NewButton(title, payload=meant)
        for title, meant in buttons
    )
    return NewReply(text, shown, "utter_test", "nl")


class StandInHandoffs:
    """Handoffs in the real table, moved as ``HandoffService`` moves them, for desks elsewhere only."""

    def __init__(self, unit_of_work: UnitOfWork, clock: StillClock) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self.notes: dict[UUID, str] = {}

    async def request(self, conversation_id: ConversationId, desk: str, **columns: Any) -> UUID:
        """A person is needed."""
        handoff_id = uuid4()
        row = {
            "id": handoff_id,
            "conversation_id": conversation_id,
            "state": HandoffState.QUEUED.value,
            "reason": Reason.ASKED.value,
            "facts": {},
            "desk": desk,
            "team": "service",
            "language": "nl",
            "band": "new",
            "mood": "normal",
            "requested_at": self._clock(),
            "queued_at": self._clock(),
            **columns,
        }
        async with self._unit_of_work.write() as session:
            session.add(HandoffRow(**row))
            await self._own(session, conversation_id, HandoffState.QUEUED)
        return handoff_id

    async def withdraw(self, conversation_id: ConversationId, desk: str) -> None:
        """By the customer."""
        await self._move(conversation_id, desk, HandoffState.WITHDRAWN)

    async def promise(self, conversation_id: ConversationId, desk: str, contact: str) -> None:
        """The customer does not wait."""
        await self._move(conversation_id, desk, HandoffState.PROMISED, wish="call", contact=contact)

    async def take_elsewhere(self, conversation_id: ConversationId, desk: str) -> None:
        if not await self._move(conversation_id, desk, HandoffState.ACCEPTED):
            await self.request(conversation_id, desk)
            await self._move(conversation_id, desk, HandoffState.ACCEPTED)

    async def record_elsewhere(
        self, conversation_id: ConversationId, desk: str, text: str, *, message_id: UUID
    ) -> None:
        def store(connection: Any) -> None:
            records = ConversationRepository(connection)
            if records.find_by_client_message_id(conversation_id, message_id) is not None:
                return
            taken = records.take_sequence_numbers(conversation_id, 1, self._clock())
            assert taken is not None
            placed = Placed(
                conversation_id,
                taken.last_sequence,
                self._clock(),
                Author.AGENT,
                client_message_id=message_id,
            )
            records.insert_line(placed, NewReply(text, (), None, None))

        await self._unit_of_work.run_writing(store)

    async def note_elsewhere(
        self, conversation_id: ConversationId, desk: str, text: str, *, note_id: UUID
    ) -> None:
        self.notes[note_id] = text

    async def resolve_elsewhere(
        self, conversation_id: ConversationId, desk: str, *, code: str | None, note: str | None
    ) -> None:
        await self._move(conversation_id, desk, HandoffState.RESOLVED)

    async def return_elsewhere(self, conversation_id: ConversationId, desk: str, *, note: str | None) -> None:
        await self._move(conversation_id, desk, HandoffState.RETURNED)

    async def list_states(self, conversation_id: ConversationId) -> list[str]:
        async with self._unit_of_work.read() as session:
            found = await session.scalars(
                select(HandoffRow.state).where(HandoffRow.conversation_id == conversation_id)
            )
            return list(found)

    async def _move(
        self, conversation_id: ConversationId, desk: str, state: HandoffState, **columns: Any
    ) -> bool:
        ended = None if state in OPEN else self._clock()
        async with self._unit_of_work.write() as session:
            moved = await session.execute(
                update(HandoffRow)
                .where(
                    HandoffRow.conversation_id == conversation_id,
                    HandoffRow.desk == desk,
                    HandoffRow.state.in_([one.value for one in OPEN]),
                )
                .values(state=state.value, ended_at=ended, **columns)
                .returning(HandoffRow.id)
            )
            if moved.first() is None:
                return False
            await self._own(session, conversation_id, state)
        return True

    async def _own(self, session: Any, conversation_id: ConversationId, state: HandoffState) -> None:
        await session.execute(
            update(ConversationRow)
            .where(ConversationRow.id == conversation_id)
            .values(status=OWNER[state].value, handoff_number=ConversationRow.handoff_number + 1)
        )


class StandInCards:
    """The same short card for everybody."""

    async def build(self, conversation_id: ConversationId, reader: CardReader) -> Card:
        quote = Quote(1, "Waar is mijn pakket?", StillClock().now)
        return Card(
            conversation_id=conversation_id,
            customer=None,
            wants=Wants(),
            quotes=(quote,),
            mood=None,
            tried=(),
            reason=CardReason(Reason.ASKED, {}),
            suggestion=Suggestion(Action.TAKE_UP, ()),
            replies=(),
            languages=SpokenLanguages("nl", "nl"),
            notes=(),
            history=History(),
            built_ms=0.1,
        )


@dataclass
class Elsewhere:
    """Everything that a test of channels may want to touch."""

    settings: Settings
    breakable: BreakableUnitOfWork
    app: FastAPI
    http: httpx.AsyncClient
    chatwoot: StandInChatwoot
    turns: StandInTurns
    handoffs: StandInHandoffs
    store: ChannelStore
    channels: Channels
    clock: StillClock
    desk: StandInDesk
    mortal: MortalUnitOfWork
    conversations: ConversationService
    house: House

    @property
    def unit_of_work(self) -> UnitOfWork:
        return cast("UnitOfWork", self.mortal)

    @property
    def dispatcher(self) -> Dispatcher:
        return self.channels.dispatcher

    def chatwoot_client(self, **other: Any) -> ChatwootClient:
        """The way to the stand-in, for whoever wants to look at it; with other access if wanted."""
        access = chatwoot_access(self.settings)
        assert access is not None
        return ChatwootClient(replace(access, **other), _leading_to(self.chatwoot))

    def with_desk(self, client: WebhookClient) -> Channels:
        """The same house with another way to its webhook desk."""
        return open_with(self.unit_of_work, self.house, webhook_desk=client)

    async def run(self, rounds: int = 16) -> None:
        """Events to us, turns, calls out, and their echoes, until nothing moves."""
        for _ in range(rounds):
            moved = len(self.chatwoot.outbox)
            self.mortal.is_armed = True
            try:
                await self.chatwoot.deliver()
                moved += await self.dispatcher.make_round()
                moved += await self.turns.answer()
            except Died:
                await self.restart()
                continue
            finally:
                self.mortal.is_armed = False
            if not moved:
                return
        raise AssertionError("It never comes to rest.")

    async def of(self, external_id: int) -> ConversationId:
        """Our conversation."""
        link = await self.store.find_link("chatwoot", str(external_id))
        assert link is not None
        return link.conversation_id

    async def texts(self, conversation_id: ConversationId) -> list[tuple[str, str]]:
        page = await self.conversations.list_messages(conversation_id)
        return [(message.author.value, message.text) for message in page.messages]

    async def status(self, conversation_id: ConversationId) -> ConversationStatus:
        return (await self.conversations.get_conversation(conversation_id)).status

    async def restart(self) -> None:
        """Another process takes over; what was claimed stays so until its claim has run out."""
        for _ in range(20):  # the dead process's other tasks die too
            await asyncio.sleep(0)
        self.mortal.revive()
        self.clock.advance(timedelta(seconds=21))
        self.turns.waiting += await self.conversations.list_conversations_with_pending_turns()


@dataclass
class StandInDesk:
    """Somebody else's desk: keeps what it was sent, answers what a test wants."""

    got: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            event = await receive()
            body += event.get("body", b"")
            if not event.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        status = self.statuses.pop(0) if self.statuses else 200
        self.got.append((json.loads(body), headers["x-balie-signature"]))
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for event, _ in self.got]

    @property
    def kinds(self) -> list[str]:
        return [event["type"] for event in self.events]


class Died(BaseException):
    """The process was killed; nothing may catch that."""


class MortalUnitOfWork:
    """The real thing, until the process dies at a write; nothing more is read or written then.

    Attributes:
        steps_left: So many beginnings and ends of writes are survived; None: all of them.
        is_armed: Whether steps are counted just now; what a test does itself is not killed.
        deaths: How often the process died.
    """

    def __init__(self, inner: UnitOfWork) -> None:
        self._inner = inner
        self._is_dead = False
        self.steps_left: int | None = None
        self.is_armed = False
        self.deaths = 0

    def revive(self) -> None:
        """Another process takes over."""
        self._is_dead, self.steps_left = False, None

    def _step(self) -> None:
        if self.is_armed and self.steps_left is not None and not self._is_dead:
            self.steps_left -= 1
            self._is_dead = self.steps_left < 0
            self.deaths += self._is_dead
        self._check()

    def _check(self) -> None:
        if self._is_dead:
            raise Died

    async def run_reading(self, work: Any) -> Any:
        self._check()
        return await self._inner.run_reading(work)

    async def run_writing(self, work: Any) -> Any:
        self._step()
        result = await self._inner.run_writing(work)
        self._step()
        return result

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Any]:
        self._check()
        async with self._inner.read() as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Any]:
        self._step()
        async with self._inner.write() as session:
            yield session
        self._step()


@asynccontextmanager
async def elsewhere(
    database_url: str, *, webhook_desk: bool = False, **more: Any
) -> AsyncIterator[Elsewhere]:
    """The house; with a stand-in Chatwoot, and a webhook desk if wanted."""
    given: dict[str, Any] = {
        "chatwoot_url": URL,
        "chatwoot_account": ACCOUNT,
        "chatwoot_token": BOT_TOKEN,
        "chatwoot_read_token": AGENT_TOKEN,
        "chatwoot_secret": PATH_SECRET,
        "chatwoot_teams": {"service": 9},
        **more,
    }
    if webhook_desk:
        given |= {"webhook_desk_url": DESK_URL, "webhook_desk_secret": DESK_SECRET}
    settings, clock = Settings(**given), StillClock()
    chatwoot, desk = StandInChatwoot(), StandInDesk()
    async with opened(database_url, lock_wait=timedelta(milliseconds=500)) as breakable:
        mortal = MortalUnitOfWork(breakable)
        unit_of_work = cast("UnitOfWork", mortal)
        bell = Bell()
        conversations = ConversationService(unit_of_work, bell, clock=clock)
        turns = StandInTurns(conversations)
        handoffs = StandInHandoffs(unit_of_work, clock)
        house = House(
            conversations=conversations,
            continuations=ContinuationService(unit_of_work, clock, bell=bell),
            bell=bell,
            turns=turns,
            handoffs=handoffs,
            cards=StandInCards(),
            words=real_renderer(),
            clock=clock,
            public_url=settings.resolved_public_url,
        )
        channels = open_stand_ins(settings, unit_of_work, house, chatwoot=chatwoot, desk=desk)
        app = app_with(settings, channels)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://balie.example") as http:
            chatwoot.hand_in = _hand_in(http, mortal)
            yield Elsewhere(
                settings=settings,
                breakable=breakable,
                app=app,
                http=http,
                chatwoot=chatwoot,
                turns=turns,
                handoffs=handoffs,
                store=ChannelStore(unit_of_work, clock=clock),
                channels=channels,
                clock=clock,
                desk=desk,
                mortal=mortal,
                conversations=conversations,
                house=house,
            )
        await channels.dispatcher.stop(timedelta())


def app_with(settings: Settings, channels: Channels) -> FastAPI:
    """The two doors of the public app, behind the layers that protect them there."""
    limit = Middleware(BodyLimit, photo_megabytes=settings.photo_max_megabytes)
    app = FastAPI(middleware=[Middleware(SecurityHeaders), limit])
    app.state.services = SimpleNamespace(settings=settings, channels=channels)
    translate_errors(app)
    app.include_router(chatwoot_routes.router)
    app.include_router(webhook_desk_routes.router)
    return app


def open_stand_ins(
    settings: Settings, unit_of_work: UnitOfWork, house: House, *, chatwoot: Any, desk: Any
) -> Channels:
    """The real adapters, whose connections lead to stand-ins."""
    access, known = chatwoot_access(settings), webhook_access(settings)
    client = None if access is None else ChatwootClient(access, _leading_to(chatwoot))
    hook = None if known is None else WebhookClient(known, _leading_to(desk), clock=house.clock)
    return open_with(unit_of_work, house, chatwoot=client, webhook_desk=hook)


def _leading_to(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app))


def _hand_in(http: httpx.AsyncClient, mortal: MortalUnitOfWork) -> Any:
    async def hand_in(event: dict[str, Any]) -> int:
        try:
            return (await http.post(f"/hooks/chatwoot/{PATH_SECRET}", json=event)).status_code
        except Died:
            mortal.revive()
            return 500

    return hand_in
