"""The whole service on a real port, with an assistant that says what a test wants, and a sudden death."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy import Connection, func, select
from starlette.types import ASGIApp, Receive, Scope, Send

from balie import bootstrap
from balie.agents.kinds import Presence
from balie.assistant.port import AssistantAnswer
from balie.bootstrap import Services, build_services, with_secrets
from balie.channels.models import ChannelEventRow
from balie.conversations.models import ConversationRow, MessageRow
from balie.conversations.views import Message
from balie.gateway.public_app import create_public_app
from balie.gateway.server import bind, serving
from balie.gateway.services import GatewayServices
from balie.kernel.ids import ConversationId
from balie.settings import Settings
from balie.storage.engine import open_async_engine
from balie.storage.errors import StoreUnavailableError
from balie.storage.unit_of_work import Result, Session, UnitOfWork
from tests.contract.channels.driver import Rig
from tests.support.agents import PASSWORD, add_agent
from tests.support.assistants import FakeAssistant
from tests.support.clock import StillClock
from tests.support.content import real_renderer
from tests.support.desk import DESK, AtDesk
from tests.support.handoff_desk import Script

CLAIMS_RUN_OUT = timedelta(seconds=21)
"""What a dead process was at is anybody's after that."""

MOST_ROUNDS = 60


class Died(BaseException):
    """The process was killed; nothing may catch that."""


@dataclass
class Life:
    """How long a process has to live.

    Attributes:
        steps: So many beginnings and ends of writes are survived; None: all of them.
        has_no_store: Whether the database cannot be used.
    """

    steps: int | None = None
    is_over: bool = False
    has_no_store: bool = False

    def step(self) -> None:
        """A write begins, or has ended."""
        if self.steps is not None:
            self.steps -= 1
            self.is_over = self.is_over or self.steps < 0
        self.check()

    def check(self) -> None:
        """Whether it still lives."""
        if self.is_over:
            raise Died
        if self.has_no_store:
            raise StoreUnavailableError("Down for a test.")


class MortalUnitOfWork(UnitOfWork):
    """The real thing, until the process dies before or after a write."""

    def __init__(self, engine: Any, life: Life) -> None:
        super().__init__(engine)
        self._life = life

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        self._life.check()
        async with super().read() as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        self._life.step()
        async with super().write() as session:
            yield session
        self._life.step()

    async def run_reading(self, work: Callable[[Connection], Result]) -> Result:
        self._life.check()
        return await super().run_reading(work)

    async def run_writing(self, work: Callable[[Connection], Result]) -> Result:
        self._life.step()
        result = await super().run_writing(work)
        self._life.step()
        return result


class Front:
    """The port: whoever lives behind it answers; a death breaks off everything that was under way."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self._under_way: set[asyncio.Task[Any]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        task = asyncio.create_task(self.app(scope, receive, send))  # type: ignore[arg-type]
        self._under_way.add(task)
        try:
            await task
        except (Died, asyncio.CancelledError):
            if scope["type"] == "http":
                await send({"type": "http.response.start", "status": 502, "headers": []})
                await send({"type": "http.response.body", "body": b""})
            else:
                await send({"type": "websocket.close", "code": 1011})
        finally:
            self._under_way.discard(task)

    async def break_off(self) -> None:
        """Let nothing go on."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)


@dataclass
class House:
    """Everything that a test of the contract may want to touch on our side."""

    settings: Settings
    address: str
    front: Front = field(default_factory=Front)
    clock: StillClock = field(default_factory=StillClock)
    script: Script = field(default_factory=Script)
    assistant: FakeAssistant = field(init=False)
    life: Life = field(default_factory=Life)
    deaths: int = 0
    rigs: list[Rig] = field(default_factory=list)
    _services: Services | None = None
    _engine: Any = None

    def __post_init__(self) -> None:
        self.assistant = FakeAssistant(behaviour=self.script.answer, reading=self.script.read)

    @property
    def services(self) -> Services:
        assert self._services is not None
        return self._services

    @property
    def base_url(self) -> str:
        return f"http://{self.address}"

    def answers(self, text: str, answer: AssistantAnswer) -> None:
        """What the assistant says to these words; to others it says what they were."""
        self.script.answers[text] = answer

    async def begin(self) -> None:
        """A process starts."""
        self.life = life = Life()
        self._engine = open_async_engine(self.settings.resolved_database_url)
        renderer = real_renderer()
        with (
            patch.object(bootstrap, "UnitOfWork", lambda engine: MortalUnitOfWork(engine, life)),
            patch.object(bootstrap, "_open_content", lambda _settings: renderer),
        ):
            self._services = build_services(self.settings, self._engine, self.assistant, clock=self.clock)
        self.front.app = _app_of(self.services.public)
        if self.services.channels is not None and self.services.channels.typing is not None:
            self.services.channels.typing.start()
        await self.services.turns.resume_pending()

    async def end(self) -> None:
        """The process dies: what is not stored is lost."""
        self.life.is_over = True
        await self.front.break_off()
        await self.services.turns.stop(timedelta())
        if self.services.channels is not None:
            await self.services.channels.stop(timedelta())
        await self._engine.dispose()

    async def is_killed(self) -> None:
        """The process dies, and another one takes over."""
        self.deaths += 1
        await self.end()
        self.clock.advance(CLAIMS_RUN_OUT)
        await self.begin()

    async def settle(self) -> None:
        """Both sides do what they have to, until nobody has anything left that is due."""
        for _ in range(MOST_ROUNDS):
            try:
                moved = sum([await rig.carry() for rig in self.rigs]) + await self._work()
            except Died:
                moved = 1
            if self.life.is_over:
                await self.is_killed()
                moved = 1
            if not moved:
                return
        raise AssertionError("It never comes to rest.")

    async def deliver(self) -> None:
        """Take up what came in, and send what there is to say; leave the assistant alone."""
        channels = self.services.channels
        assert channels is not None
        while sum([await rig.carry() for rig in self.rigs]) + await channels.dispatcher.make_round():
            pass

    async def wait(self, time: timedelta) -> None:
        """Let time pass."""
        self.clock.advance(time)
        await self.settle()

    async def _work(self) -> int:
        channels = self.services.channels
        moved = 0 if channels is None else await channels.dispatcher.make_round()
        busy = bool(self.services.turns._workers)
        await self.services.turns.wait_until_idle()
        return moved + busy

    async def list_messages(self, conversation_id: ConversationId) -> Sequence[Message]:
        """What is stored, oldest first."""
        return (await self.services.store.conversations.list_messages(conversation_id)).messages

    async def texts(self, conversation_id: ConversationId, author: str) -> list[str]:
        """What one of them said."""
        found = await self.list_messages(conversation_id)
        return [message.text for message in found if message.author.value == author]

    async def count_stored(self) -> tuple[int, int, int]:
        """Conversations, messages and events that there are."""

        def count(connection: Connection) -> tuple[int, int, int]:
            tables = (ConversationRow, MessageRow, ChannelEventRow)
            first, second, third = (
                connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
            )
            return first, second, third

        return await UnitOfWork(self._engine).run_reading(count)

    @asynccontextmanager
    async def agent(self, name: str = "Iris") -> AsyncIterator[AtDesk]:
        """An agent of the service team, signed in at the desk and online."""
        agents = self.services.store.agent_desk.agents
        added = await add_agent(agents, name)
        await agents.set_presence(added.id, Presence.ONLINE)
        headers = {"X-Balie-Desk": "1", "Origin": self.base_url}
        url = f"{self.base_url}{DESK}"
        async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as http:
            answer = await http.post("/session", json={"email": added.email, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            yield AtDesk(added, http)


_apps: dict[bool, FastAPI] = {}


def _app_of(services: GatewayServices) -> FastAPI:
    """The public app before these services; its routes are made once, which takes longer than a test."""
    has_channels = services.channels is not None
    if has_channels not in _apps:
        _apps[has_channels] = create_public_app(services)
    app = _apps[has_channels]
    app.state.services = services
    return app


@dataclass(frozen=True)
class Known:
    """A conversation as the desk's helpers want it: by its id alone."""

    conversation_id: UUID

    @property
    def id(self) -> str:
        return str(self.conversation_id)


@asynccontextmanager
async def house_with(settings: Settings) -> AsyncIterator[House]:
    """The service on a port of its own."""
    listening = bind("127.0.0.1", 0, setting="-")
    address = f"127.0.0.1:{listening.getsockname()[1]}"
    async with AsyncExitStack() as stack:
        house = House(with_secrets(settings), address)
        await house.begin()
        stack.push_async_callback(house.end)
        await stack.enter_async_context(serving(house.front, listening, grace=timedelta(seconds=1)))
        yield house
