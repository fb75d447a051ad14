"""The desk's live socket: the queue, one's own conversations, and everything new in those that are looked at.

Like the customer's it only says what is read from the store, so that nothing is lost or sent twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import timedelta
from typing import Any, Final

from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect

from balie.agents.permissions import Permission, may
from balie.agents.views import AgentView
from balie.conversations.bell import Bell, Typing
from balie.conversations.errors import ConversationNotFoundError
from balie.conversations.views import Author
from balie.gateway.desk_access import DESK_PATH, Desk, find_agent_of_socket
from balie.gateway.desk_hub import DeskHub, Seat
from balie.gateway.desk_lists import DeskLists
from balie.gateway.desk_services import DeskServices
from balie.gateway.desk_watching import NotSeenError, Sources, Watched, Watching, read_id, read_watch
from balie.gateway.errors import EventInvalidError
from balie.gateway.live import read_event
from balie.gateway.services import Services
from balie.gateway.wire import error_event
from balie.kernel.errors import BalieError
from balie.kernel.ids import ConversationId
from balie.storage.errors import StoreUnavailableError

SUBPROTOCOL: Final = "balie.desk.v1"
CLOSE_SESSION_OVER: Final = 4401
CLOSE_TRY_LATER: Final = 1013
CHECK_SESSION_EVERY: Final = timedelta(minutes=1)
SEND_WITHIN: Final = timedelta(seconds=30)
"""A page that takes nothing for so long is gone; it comes back by itself if it is not."""
RETRY_STORE_S: Final = 0.5

router = APIRouter()


class _SessionOverError(Exception):
    """Whoever sits here is not signed in any more."""


@router.websocket(f"{DESK_PATH}/live")
async def live(websocket: WebSocket, desk: Desk, services: Services) -> None:
    """Says at once what waits and what one has, then what changes; see docs/api.md."""
    offered = websocket.scope["subprotocols"]
    await websocket.accept(subprotocol=SUBPROTOCOL if SUBPROTOCOL in offered else None)
    # Without them, the route is not there.
    assert desk.hub is not None
    assert desk.board is not None
    assert desk.handoffs is not None
    sources = Sources(services.conversations, desk.handoffs, desk.board, desk.hub)
    with contextlib.suppress(WebSocketDisconnect):
        try:
            agent = await _find_agent(websocket, desk)
            with desk.hub.seated(agent) as seat:
                await _Feed(websocket, desk, sources, seat).run()
        except _SessionOverError:
            await websocket.close(CLOSE_SESSION_OVER, "session_missing")
        except (StoreUnavailableError, TimeoutError):
            await websocket.close(CLOSE_TRY_LATER)


async def _find_agent(websocket: WebSocket, desk: DeskServices) -> AgentView:
    agent = await find_agent_of_socket(websocket, desk)
    if agent is None or not may(agent.role, Permission.HANDLE):
        raise _SessionOverError
    return agent


class _Feed:
    """One open desk: what it asks for, what it is told, and whether it may still be there."""

    def __init__(self, websocket: WebSocket, desk: DeskServices, sources: Sources, seat: Seat) -> None:
        self._websocket = websocket
        self._desk = desk
        self._seat = seat
        self._hub = sources.hub
        self._watching = Watching(sources)
        self._lists = DeskLists(sources.hub)
        self._typing = _OwnTyping(sources.conversations.bell, sources.hub, seat)
        self._rung: set[ConversationId] = set()

    async def run(self) -> None:
        """Serve until the page leaves.

        Raises:
            _SessionOverError: Nobody is signed in any more.
            TimeoutError: The page takes nothing.
        """
        loops: set[asyncio.Task[None]] = {
            asyncio.create_task(loop)
            for loop in (self._read_events(), self._send_news(), self._check_session())
        }
        try:
            ended, _ = await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._typing.end()
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
        for loop in ended:
            loop.result()

    async def _send_news(self) -> None:
        while True:
            changes = await self._seat.watcher.next_changes()
            for conversation_id, typing in changes.typing.items():
                if conversation_id in self._watching:
                    await self._send(_typing_event(conversation_id, typing))
            self._rung |= changes.rung
            self._watching.note_edits(changes.edited)
            await self._tell_watched()
            self._typing.keep_to_own()
            for event in self._lists.news(self._seat.agent):
                await self._send(event)

    async def _tell_watched(self) -> None:
        rung, self._rung = self._rung, set()
        for watched in self._watching.to_look_at(rung):
            await self._tell(watched)

    async def _tell(self, watched: Watched) -> None:
        is_fresh = watched.is_fresh
        try:
            async with contextlib.aclosing(self._watching.news(watched, self._seat.agent)) as events:
                async for event in events:
                    await self._send(event)
        except (NotSeenError, ConversationNotFoundError):
            self._watching.drop(watched.id)
            if is_fresh:
                await self._send_error(ConversationNotFoundError())
        except StoreUnavailableError as error:
            self._rung.add(watched.id)
            await self._send_error(error)
            asyncio.get_running_loop().call_later(RETRY_STORE_S, self._seat.watcher.wake)

    async def _check_session(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SESSION_EVERY.total_seconds())
            with contextlib.suppress(StoreUnavailableError):
                agent = await _find_agent(self._websocket, self._desk)
                if agent != self._seat.agent:
                    self._seat.agent = agent
                    self._seat.watcher.wake()

    async def _read_events(self) -> None:
        while True:
            received = await self._websocket.receive()
            if received["type"] == "websocket.disconnect":
                return
            try:
                await self._do(read_event(received.get("text")))
            except EventInvalidError as error:
                await self._send_error(error)

    async def _do(self, event: Any) -> None:
        match event:
            case {"type": "ping"}:
                await self._send('{"type": "pong"}')
            case {"type": "watch", "conversations": conversations}:
                self._watching.replace(read_watch(conversations))
                self._seat.watcher.wake()
            case {"type": "typing", "conversation_id": given, "active": bool(active)}:
                self._typing.show(read_id(given), active=active)
            case _:
                raise EventInvalidError("it must be an object whose type is watch, typing or ping")

    async def _send(self, event: str) -> None:
        async with asyncio.timeout(SEND_WITHIN.total_seconds()):
            await self._websocket.send_text(event)

    async def _send_error(self, error: BalieError) -> None:
        await self._send(json.dumps(error_event(error)))


class _OwnTyping:
    """Shows customers that their agent types, and nobody else."""

    def __init__(self, bell: Bell, hub: DeskHub, seat: Seat) -> None:
        self._bell = bell
        self._hub = hub
        self._seat = seat
        self._shown: set[ConversationId] = set()

    def show(self, conversation_id: ConversationId, *, active: bool) -> None:
        """Pass on that the agent began or ended; only of a conversation that they have."""
        if active and self._is_own(conversation_id):
            self._shown.add(conversation_id)
            self._bell.show_typing(conversation_id, active=True, author=Author.AGENT)
        if not active and conversation_id in self._shown:
            self._hide(conversation_id)

    def keep_to_own(self) -> None:
        """End it where somebody else has the conversation by now."""
        for conversation_id in [each for each in self._shown if not self._is_own(each)]:
            self._hide(conversation_id)

    def end(self) -> None:
        """End it everywhere: the page is gone."""
        for conversation_id in list(self._shown):
            self._hide(conversation_id)

    def _hide(self, conversation_id: ConversationId) -> None:
        self._shown.discard(conversation_id)
        self._bell.show_typing(conversation_id, active=False, author=Author.AGENT)

    def _is_own(self, conversation_id: ConversationId) -> bool:
        sight = self._hub.sight
        line = None if sight is None else sight.lines.get(conversation_id)
        return line is not None and line.item.handoff.is_of(self._seat.agent.id)


def _typing_event(conversation_id: ConversationId, typing: Typing) -> str:
    event = {"type": "typing", "conversation_id": str(conversation_id), "active": typing.active}
    return json.dumps({**event, "author": typing.author.value})
