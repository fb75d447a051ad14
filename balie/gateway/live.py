"""The live socket: everything new in one conversation, from a sequence number on, in order.

The socket only rings: what it sends is read from the store, so that nothing is lost or sent twice.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect

from balie.conversations.bell import BasketChanged, Listener, Rung, Typing
from balie.conversations.errors import ConversationNotFoundError
from balie.conversations.service import ConversationService
from balie.conversations.views import MessagePage
from balie.gateway.access import SUBPROTOCOL, open_with, token_of_socket
from balie.gateway.conversation_routes import LARGEST_SEQUENCE
from balie.gateway.errors import EventInvalidError, TokenInvalidError
from balie.gateway.services import Services
from balie.gateway.wire import Json, basket_event, error_event, message_event, status_event, typing_event
from balie.kernel.ids import ConversationId
from balie.storage.errors import StoreUnavailableError

CLOSE_TOKEN_INVALID: Final = 4401
CLOSE_CONVERSATION_NOT_FOUND: Final = 4404
RETRY_STORE_S: Final = 0.5

router = APIRouter()


@router.websocket("/api/v1/conversations/{conversation_id}/live")
async def live(websocket: WebSocket, conversation_id: str, services: Services) -> None:
    """Replays messages after ``after``, then sends messages, typing and status as they come."""
    offered = websocket.scope["subprotocols"]
    await websocket.accept(subprotocol=SUBPROTOCOL if SUBPROTOCOL in offered else None)
    try:
        opened = open_with(services.visitor_tokens, token_of_socket(websocket), conversation_id)
        with services.conversations.bell.listening(opened) as listener:
            await _Feed(websocket, opened, services.conversations, listener).run()
    except TokenInvalidError as error:
        await websocket.close(CLOSE_TOKEN_INVALID, error.code)
    except ConversationNotFoundError as error:
        await websocket.close(CLOSE_CONVERSATION_NOT_FOUND, error.code)
    except WebSocketDisconnect:
        return


class _Feed:
    """One open socket: two loops, one that reads the client's events and one that sends ours."""

    def __init__(
        self,
        websocket: WebSocket,
        conversation_id: ConversationId,
        conversations: ConversationService,
        listener: Listener,
    ) -> None:
        self._websocket = websocket
        self._conversation_id = conversation_id
        self._conversations = conversations
        self._listener = listener
        self._after = 0
        self._told: Json = {}

    async def run(self) -> None:
        """Serve until the client leaves or the conversation is gone."""
        await self._read_after()
        loops = {asyncio.create_task(self._read_events()), asyncio.create_task(self._send_news())}
        try:
            ended, _ = await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
        for loop in ended:
            loop.result()

    async def _read_after(self) -> None:
        given = self._websocket.query_params.get("after", "0")
        if given.isascii() and given.isdecimal() and int(given) <= LARGEST_SEQUENCE:
            self._after = int(given)
            return
        await self._websocket.send_json(error_event(EventInvalidError("after must be a sequence number")))

    async def _send_news(self) -> None:
        await self._catch_up()
        while True:
            signal = await self._listener.next_signal()
            match signal:
                case Rung():
                    await self._catch_up()
                case Typing(active=active):
                    await self._websocket.send_json(typing_event(active=active))
                case BasketChanged():
                    await self._websocket.send_json(basket_event())

    async def _catch_up(self) -> None:
        more = True
        while more:
            try:
                page = await self._conversations.list_messages(self._conversation_id, after=self._after)
            except StoreUnavailableError as error:
                await self._websocket.send_json(error_event(error))
                asyncio.get_running_loop().call_later(RETRY_STORE_S, self._listener.tell, Rung())
                return
            await self._send_page(page)
            more = bool(page.messages) and page.last_sequence > self._after

    async def _send_page(self, page: MessagePage) -> None:
        for message in page.messages:
            await self._websocket.send_json(message_event(message))
            self._after = message.sequence
        status = status_event(page)
        if status != self._told:
            await self._websocket.send_json(status)
            self._told = status

    async def _read_events(self) -> None:
        while True:
            received = await self._websocket.receive()
            if received["type"] == "websocket.disconnect":
                return
            try:
                answer = _answer_to(received.get("text"))
            except EventInvalidError as error:
                answer = error_event(error)
            if answer is not None:
                await self._websocket.send_json(answer)


def _answer_to(text: str | None) -> Json | None:
    """What a client's event is answered with; None for an event that needs no answer.

    Raises:
        EventInvalidError: It is none of the events we know.
    """
    event = _read_json(text)
    match event:
        case {"type": "ping"}:
            return {"type": "pong"}
        case {"type": "typing", "active": bool()}:
            # Nobody looks at it as long as the assistant owns the conversation.
            return None
        case {"type": "typing"}:
            raise EventInvalidError("typing needs active: true or false")
        case _:
            raise EventInvalidError("it must be an object whose type is ping or typing")


def _read_json(text: str | None) -> Any:
    if text is None:
        raise EventInvalidError("binary frames are not read")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise EventInvalidError("it is not JSON") from error
