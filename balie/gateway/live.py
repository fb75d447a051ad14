"""The live socket: everything new in one conversation, from a sequence number on, in order.

The socket only rings: what it sends is read from the store, so that nothing is lost or sent twice.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect

from balie.conversations.bell import BasketChanged, Bell, Edited, Listener, PlaceChanged, Rung, Typing
from balie.conversations.errors import ConversationNotFoundError
from balie.conversations.status import ConversationStatus
from balie.conversations.views import Author, MessagePage
from balie.gateway.access import SUBPROTOCOL, open_with, token_of_socket
from balie.gateway.beside import WITH_PEOPLE, Beside, find_beside
from balie.gateway.conversation_routes import LARGEST_SEQUENCE
from balie.gateway.errors import EventInvalidError, TokenInvalidError
from balie.gateway.services import GatewayServices, Services
from balie.gateway.wire import Json, basket_event, error_event, message_event, status_event, typing_event
from balie.handoff.views import Place, Standing
from balie.handoff.waiting import WaitRange
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
            await _Feed(websocket, opened, services, listener).run()
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
        services: GatewayServices,
        listener: Listener,
    ) -> None:
        self._websocket = websocket
        self._conversation_id = conversation_id
        self._services = services
        self._conversations = services.conversations
        self._listener = listener
        self._after = 0
        self._told: Json = {}
        self._page: MessagePage | None = None
        self._typing = _CustomerTyping(services.conversations.bell, conversation_id)

    async def run(self) -> None:
        """Serve until the client leaves or the conversation is gone."""
        await self._read_after()
        loops = {asyncio.create_task(self._read_events()), asyncio.create_task(self._send_news())}
        try:
            ended, _ = await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._typing.end()
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
                case Typing(active=active, author=author):
                    await self._websocket.send_json(typing_event(active=active, author=author))
                case BasketChanged():
                    await self._websocket.send_json(basket_event())
                case PlaceChanged():
                    await self._tell_place(signal)
                case Edited(sequence=sequence):
                    await self._tell_edit(sequence)

    async def _catch_up(self) -> None:
        more = True
        while more:
            try:
                page = await self._conversations.list_messages(self._conversation_id, after=self._after)
                beside = await find_beside(self._services, self._conversation_id, page)
            except StoreUnavailableError as error:
                await self._websocket.send_json(error_event(error))
                asyncio.get_running_loop().call_later(RETRY_STORE_S, self._listener.tell, Rung())
                return
            await self._send_page(page, beside)
            more = bool(page.messages) and page.last_sequence > self._after

    async def _tell_edit(self, sequence: int) -> None:
        """A message once more, as it reads now; one that was not told yet is told in its turn."""
        if sequence > self._after:
            return
        try:
            page = await self._conversations.list_messages(self._conversation_id, after=sequence - 1)
        except StoreUnavailableError:
            # The page is told of it again when it comes back to the conversation.
            return
        await self._websocket.send_json(message_event(page.messages[0]))

    async def _tell_place(self, changed: PlaceChanged) -> None:
        page = self._page
        if page is None or page.status is not ConversationStatus.WAITING_FOR_AGENT:
            return
        wait = None if changed.wait_minutes is None else WaitRange(*changed.wait_minutes)
        await self._send_status(page, Standing(place=Place(changed.position, wait)))

    async def _send_page(self, page: MessagePage, beside: Beside) -> None:
        self._typing.is_wanted = page.status in WITH_PEOPLE
        for message in page.messages:
            await self._websocket.send_json(message_event(message, beside.names))
            self._after = message.sequence
        self._page = replace(page, messages=())
        await self._send_status(page, beside.standing)

    async def _send_status(self, page: MessagePage, standing: Standing) -> None:
        status = status_event(page, standing)
        if status != self._told:
            await self._websocket.send_json(status)
            self._told = status

    async def _read_events(self) -> None:
        while True:
            received = await self._websocket.receive()
            if received["type"] == "websocket.disconnect":
                return
            try:
                answer = self._answer_to(received.get("text"))
            except EventInvalidError as error:
                answer = error_event(error)
            if answer is not None:
                await self._websocket.send_json(answer)

    def _answer_to(self, text: str | None) -> Json | None:
        """What a client's event is answered with; None for an event that needs no answer.

        Raises:
            EventInvalidError: It is none of the events we know.
        """
        event = read_event(text)
        match event:
            case {"type": "ping"}:
                return {"type": "pong"}
            case {"type": "typing", "active": bool(active)}:
                self._typing.show(active=active)
                return None
            case {"type": "typing"}:
                raise EventInvalidError("typing needs active: true or false")
            case _:
                raise EventInvalidError("it must be an object whose type is ping or typing")


class _CustomerTyping:
    """Passes on to the desk that the customer types; to the assistant it means nothing.

    Attributes:
        is_wanted: Whether anybody at the desk might look.
    """

    def __init__(self, bell: Bell, conversation_id: ConversationId) -> None:
        self._bell = bell
        self._conversation_id = conversation_id
        self._is_shown = False
        self.is_wanted = False

    def show(self, *, active: bool) -> None:
        """The customer began, goes on, or ended."""
        if active and self.is_wanted:
            self._is_shown = True
            self._tell(active=True)
        elif not active:
            self.end()

    def end(self) -> None:
        """They ended, or are gone."""
        if self._is_shown:
            self._is_shown = False
            self._tell(active=False)

    def _tell(self, *, active: bool) -> None:
        self._bell.show_typing(self._conversation_id, active=active, author=Author.CUSTOMER)


def read_event(text: str | None) -> Any:
    """What a client says, as JSON.

    Raises:
        EventInvalidError: It is none.
    """
    if text is None:
        raise EventInvalidError("binary frames are not read")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise EventInvalidError("it is not JSON") from error
