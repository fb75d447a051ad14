"""A webhook desk behind the port of channels: our customers' handoffs, somebody else's agents."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from balie.channels.cards import OutsideReader, as_document
from balie.channels.errors import DeskEventRepeatedError, NotWantedAnyMoreError
from balie.channels.kinds import WEBHOOK_DESK
from balie.channels.port import Cards, ConversationBook, HandoffBook
from balie.channels.signed_webhooks.client import WebhookClient
from balie.channels.signed_webhooks.signing import check_signature
from balie.channels.store import ChannelStore
from balie.channels.views import ClaimedCall, Plan, Situation, StoredEvent
from balie.channels.webhook_desk.events import (
    Accept,
    DeskEvent,
    Resolve,
    Return,
    Say,
    WriteNote,
    as_stored,
    read_desk_event,
)
from balie.channels.webhook_desk.planning import (
    ACCEPTED,
    MESSAGE,
    PROMISED,
    REQUESTED,
    plan_for_webhook_desk,
)
from balie.conversations.views import Message
from balie.handoff.errors import HandoffMovedOnError, HandoffNotFoundError
from balie.kernel.clock import Clock
from balie.kernel.errors import BalieError, ErrorKind
from balie.kernel.ids import ConversationId

IDS: Final = UUID("f2a1b0de-55a4-4a5c-9d0e-0f6f5c8e2b11")
"""Ids of what goes to a webhook desk are made of conversation and number, in this name space."""

TRANSCRIPT: Final = 50
"""Messages: so many of what was said before come with a handoff."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an event.

    Attributes:
        is_late: Whether it was dropped, because one with a higher number was taken before.
    """

    is_late: bool = False


class WebhookDesk:
    """See :class:`balie.channels.port.OutsideChannel`; and the door for what the desk sends."""

    name: Final = WEBHOOK_DESK
    links_by_handoff: Final = True

    def __init__(
        self,
        client: WebhookClient,
        store: ChannelStore,
        conversations: ConversationBook,
        handoffs: tuple[HandoffBook, Cards],
        clock: Clock,
    ) -> None:
        """Build it.

        Args:
            client: The desk.
            store: Where links are.
            conversations: Where messages are.
            handoffs: Where agents' doings go, and who builds the card of a handoff.
            clock: The present moment.
        """
        self._client = client
        self._store = store
        self._conversations = conversations
        self._handoffs, self._cards = handoffs
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    def plan(self, situation: Situation, now: datetime) -> Plan:
        """What has to go out."""
        return plan_for_webhook_desk(situation, now)

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._client.aclose()

    async def receive(self, body: bytes, signature: str) -> Taken:
        """Take up what the desk sends, at once, so that it hears whether it could be done.

        Args:
            body: As it came; the signature is of these bytes.
            signature: The header.

        Raises:
            SignatureInvalidError: It is not the desk that sends it, or it is older than five minutes.
            DeskEventInvalidError: It is none of our events.
            DeskEventRepeatedError: It was taken before.
            HandoffNotFoundError: The desk has never been given this conversation.
            HandoffMovedOnError: The customer does not want anybody there any more.
            BalieError: It cannot be done, as the handoff stands.
        """
        check_signature(self._client.access.secret, body, signature, self._clock())
        event = read_desk_event(body)
        stored = await self._store.store_and_claim_event(as_stored(event))
        if stored is None:
            raise DeskEventRepeatedError
        try:
            taken = await self._do(event)
        except BalieError as error:
            if error.kind is not ErrorKind.UNAVAILABLE:
                await self._store.finish_event(stored, trouble=error.code)
            raise
        await self._store.finish_event(stored)
        return taken

    async def take(self, event: StoredEvent) -> None:
        """Take up an event whose bearer was broken off before it was done."""
        await self._do(read_desk_event(dict(event.body)))

    async def send(self, call: ClaimedCall) -> None:
        """Send an event to the desk."""
        await self._client.post(
            {
                "id": str(uuid5(IDS, f"{call.conversation_id}:{call.number}")),
                "type": call.kind,
                "number": call.number,
                "conversation_id": str(call.conversation_id),
                "created_at": call.created_at.isoformat(),
                "data": await self._data_of(call),
            }
        )

    async def _data_of(self, call: ClaimedCall) -> Mapping[str, Any]:
        if call.kind == MESSAGE:
            return {"message": await self._find_message(call)}
        if call.kind == PROMISED:
            promise = await self._store.describe_promise(UUID(call.facts["handoff"]))
            return {"handoff_id": call.facts["handoff"], **promise}
        told = {"handoff_id": call.facts["handoff"]}
        if call.kind not in {REQUESTED, ACCEPTED}:
            return told
        transcript = await self._list_transcript(call)
        if call.kind == ACCEPTED:
            return {**told, "messages": transcript}
        about = {name: value for name, value in call.facts.items() if name not in {"handoff", "sequence"}}
        card = await self._cards.build(call.conversation_id, OutsideReader())
        return {**told, **about, "card": as_document(card), "messages": transcript}

    async def _list_transcript(self, call: ClaimedCall) -> list[dict[str, Any]]:
        sequence = call.facts["sequence"]
        page = await self._conversations.list_messages(
            call.conversation_id, after=max(0, sequence - TRANSCRIPT)
        )
        return [_message_json(found) for found in page.messages if found.sequence <= sequence]

    async def _find_message(self, call: ClaimedCall) -> Mapping[str, Any]:
        sequence = call.facts["sequence"]
        page = await self._conversations.list_messages(call.conversation_id, after=sequence - 1)
        found = next((message for message in page.messages if message.sequence == sequence), None)
        if found is None:
            raise NotWantedAnyMoreError
        return _message_json(found)

    async def _do(self, event: DeskEvent) -> Taken:
        conversation_id = ConversationId(event.conversation_id)
        async with self._one_at_a_time:
            link = await self._store.find_link_of(conversation_id, WEBHOOK_DESK)
            if link is None:
                raise HandoffNotFoundError
            if event.number <= link.heard_number:
                return Taken(is_late=True)
            if not await self._store.has_open_handoff(conversation_id, WEBHOOK_DESK):
                raise HandoffMovedOnError(link.planned_number)
            await self._apply(conversation_id, event)
            await self._store.note_heard(link, {}, number=event.number)
        return Taken()

    async def _apply(self, conversation_id: ConversationId, event: DeskEvent) -> None:
        handoffs = self._handoffs
        if isinstance(event, WriteNote):
            await handoffs.note_elsewhere(conversation_id, WEBHOOK_DESK, event.data.text, note_id=_id(event))
            return
        if not isinstance(event, Return):
            # Who answers or resolves without having accepted has accepted by that.
            await handoffs.take_elsewhere(conversation_id, WEBHOOK_DESK)
        match event:
            case Say():
                await handoffs.record_elsewhere(
                    conversation_id, WEBHOOK_DESK, event.data.text, message_id=_id(event)
                )
            case Resolve():
                code = None if event.data.code is None else event.data.code.value
                await handoffs.resolve_elsewhere(
                    conversation_id, WEBHOOK_DESK, code=code, note=event.data.note
                )
            case Return():
                await handoffs.return_elsewhere(conversation_id, WEBHOOK_DESK, note=event.data.note)
            case Accept():
                pass


def _id(event: DeskEvent) -> UUID:
    # Made anew: an id that the desk chose must not meet one that a customer's browser chose.
    return uuid5(IDS, f"desk:{event.id}")


def _message_json(message: Message) -> dict[str, Any]:
    return {
        "sequence": message.sequence,
        "author": message.author.value,
        "text": message.text,
        "language": message.language,
        "buttons": [button.plain_title for button in message.buttons],
        "photos": len(message.photos),
        "created_at": message.created_at.isoformat(),
    }
