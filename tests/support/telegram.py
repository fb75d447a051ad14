"""The whole service with a bot in Telegram: real store and channels, a stand-in Bot API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from sqlalchemy import Connection, func, select

from balie import bootstrap
from balie.agents.kinds import Presence
from balie.bootstrap import Services, build_services, with_secrets
from balie.channels.models import ChannelCallRow, ChannelEventRow, ChannelLinkRow
from balie.conversations.models import ConversationRow
from balie.conversations.views import Message
from balie.gateway.public_app import create_public_app
from balie.gateway.server import bind, serving
from balie.kernel.ids import ConversationId
from balie.settings import Settings
from balie.storage.engine import open_async_engine
from balie.storage.unit_of_work import UnitOfWork
from tests.contract.channels.house import Life, MortalUnitOfWork
from tests.support.agents import PASSWORD, add_agent
from tests.support.assistants import FakeAssistant
from tests.support.bot_api import BotApi, Person
from tests.support.content import real_renderer
from tests.support.desk import DESK, AtDesk
from tests.support.handoff_desk import Script
from tests.support.store import copy_database

PUBLIC_URL = "https://shop.example"
PATIENCE_S = 10.0


class MovingClock:
    """The real time, which a test may move on."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, by: timedelta) -> None:
        self._ahead += by


@dataclass
class TelegramService:
    """Our side, and the bot's server."""

    settings: Settings
    bot: BotApi
    port: int
    clock: MovingClock = field(default_factory=MovingClock)
    script: Script = field(default_factory=Script)
    life: Life = field(default_factory=Life)
    deaths: int = 0
    app: Any = None
    _services: Services | None = None
    _engine: Any = None

    def __post_init__(self) -> None:
        self.assistant = FakeAssistant(behaviour=self.script.answer, reading=self.script.read)

    @property
    def services(self) -> Services:
        assert self._services is not None
        return self._services

    @property
    def channels(self) -> Any:
        return self.services.channels

    @property
    def conversations(self) -> Any:
        return self.services.store.conversations

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def begin(self) -> None:
        """A process starts."""
        self._engine = open_async_engine(self.settings.resolved_database_url)
        self.life = life = Life()
        with (
            patch.object(bootstrap, "UnitOfWork", lambda engine: MortalUnitOfWork(engine, life)),
            patch.object(bootstrap, "_open_content", lambda _settings: real_renderer()),
        ):
            self._services = build_services(self.settings, self._engine, self.assistant, clock=self.clock)
        self.app = create_public_app(self.services.public)
        self.channels.start()
        self.services.store.handoffs.rounds.start()
        await self.services.turns.resume_pending()

    async def end(self) -> None:
        """It stops at once: what it was at is broken off."""
        self.life.is_over = True
        self.channels.dispatcher.express._stopping = True
        await self.services.turns.stop(timedelta())
        await self.channels.stop(timedelta())
        await self.services.store.handoffs.rounds.stop(timedelta())
        await self._engine.dispose()

    async def is_killed(self) -> None:
        """It dies, and another one takes over when its claims have run out."""
        self.deaths += 1
        await self.end()
        self.clock.advance(timedelta(seconds=21))
        await self.begin()

    async def passes(self, time: timedelta) -> None:
        """Let time pass, and what is due by then be done."""
        self.clock.advance(time)
        await self.channels.dispatcher.make_round()

    async def conversation_of(self, person: Person) -> ConversationId:
        """Our conversation with somebody."""
        links = await self._select(
            select(ChannelLinkRow.conversation_id).where(ChannelLinkRow.external_id == str(person.id))
        )
        return ConversationId(links[0])

    async def link_facts(self, person: Person) -> dict[str, Any]:
        """What the link of somebody remembers."""
        found: dict[str, Any] = (
            await self._select(
                select(ChannelLinkRow.facts).where(ChannelLinkRow.external_id == str(person.id))
            )
        )[0]
        return found

    async def messages(self, person: Person) -> list[Message]:
        """What is stored of the conversation with somebody."""
        page = await self.conversations.list_messages(await self.conversation_of(person))
        return list(page.messages)

    async def texts(self, person: Person, author: str = "customer") -> list[str]:
        """What one of them said in it."""
        return [one.text for one in await self.messages(person) if one.author.value == author]

    async def count(self, table: Any = ConversationRow) -> int:
        """How many rows a table has."""
        return int((await self._select(select(func.count()).select_from(table)))[0])

    async def until(self, is_so: Callable[[], Any]) -> None:
        """Wait until something is so over there."""
        async with asyncio.timeout(PATIENCE_S):
            while not is_so():  # noqa: ASYNC110 (another thread)
                await asyncio.sleep(0.005)

    async def survives(self) -> None:
        """Wait until nothing is left to do; whoever dies meanwhile is followed by another process."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                if self.life.is_over:
                    await self.is_killed()
                elif not self.bot.queue.pending() and not await self._is_busy() and not await self._unsent():
                    return
                await asyncio.sleep(0.005)

    async def _unsent(self) -> int:
        unsent = select(func.count()).select_from(ChannelCallRow)
        return int((await self._select(unsent.where(ChannelCallRow.state.in_(("waiting", "sending")))))[0])

    async def is_quiet(self) -> None:
        """Wait until everything that came in is dealt with and everything that has to go out is sent."""
        async with asyncio.timeout(PATIENCE_S):
            while self.bot.queue.pending() or await self._is_busy():  # noqa: ASYNC110 (another thread)
                await asyncio.sleep(0.01)

    async def _is_busy(self) -> bool:
        waiting = select(func.count()).select_from(ChannelEventRow).where(ChannelEventRow.state == "waiting")
        return bool((await self._select(waiting))[0] or self.services.turns._workers or self._has_tasks())

    def _has_tasks(self) -> bool:
        return bool(self.channels.dispatcher.express._tasks)

    async def _select(self, query: Any) -> list[Any]:
        def run(connection: Connection) -> list[Any]:
            return list(connection.execute(query).scalars())

        return await UnitOfWork(self._engine).run_reading(run)

    @asynccontextmanager
    async def agent(self, name: str = "Iris") -> AsyncIterator[AtDesk]:
        """An agent of the service team, signed in at the desk and online."""
        agents = self.services.store.agent_desk.agents
        added = await add_agent(agents, name)
        await agents.set_presence(added.id, Presence.ONLINE)
        headers = {"X-Balie-Desk": "1", "Origin": self.address}
        async with httpx.AsyncClient(
            base_url=f"{self.address}{DESK}", headers=headers, trust_env=False
        ) as http:
            answer = await http.post("/session", json={"email": added.email, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            yield AtDesk(added, http)


@asynccontextmanager
async def telegram_service(
    folder: Path, bot: BotApi, *, mode: str = "polling", **more: Any
) -> AsyncIterator[TelegramService]:
    """The service, running."""
    listening = bind("127.0.0.1", 0, setting="-")
    port = listening.getsockname()[1]
    settings = with_secrets(
        Settings(
            **{
                "var_dir": folder,
                "database_url": copy_database(folder),
                "telegram_token": bot.token,
                "telegram_api_url": bot.url,
                "telegram_mode": mode,
                "telegram_messages_per_second": 1000,
                "public_url": PUBLIC_URL,
                "messages_per_minute": 1000,
                "desk_always_open": True,
                **more,
            }
        )
    )
    house = TelegramService(settings, bot, port)
    bot.leads(PUBLIC_URL, house.address)

    async def front(scope: Any, receive: Any, send: Any) -> None:
        await house.app(scope, receive, send)

    async with AsyncExitStack() as stack:
        await house.begin()
        stack.push_async_callback(house.end)
        await stack.enter_async_context(serving(front, listening, grace=timedelta(seconds=1)))
        if mode == "webhook":
            secret = settings.telegram_secret.get_secret_value()
            url = f"{PUBLIC_URL}/api/v1/channels/telegram/{secret}"
            await house.channels.telegram._client.set_webhook(url, secret)
        yield house
