"""Sends calls to Chatwoot: what they say is put together now, from how things stand now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from balie.channels.cards import OutsideReader, as_document
from balie.channels.chatwoot.client import ChatwootClient
from balie.channels.chatwoot.planning import ATTRIBUTES, MESSAGE, NOTE, PRIORITY, STATUS, TEAM
from balie.channels.chatwoot.standing import asking_for
from balie.channels.chatwoot.wire import OUR_MARK
from balie.channels.errors import NotWantedAnyMoreError, OutsideRefusedError
from balie.channels.own_links import buttons_from_outside
from balie.channels.port import Cards, ConversationBook, Words
from balie.channels.store import ChannelStore
from balie.channels.views import ClaimedCall, Link
from balie.conversations.status import ConversationStatus
from balie.conversations.views import Message
from balie.kernel.clock import Clock
from balie.kernel.errors import BalieError

NOTE_WORDS: Final = "desk_note"
MOST_OPTIONS: Final = 20
MOST_CHARACTERS: Final = 150_000

_WITH_PEOPLE: Final = frozenset({ConversationStatus.WAITING_FOR_AGENT, ConversationStatus.WITH_AGENT})

Sender = Callable[[ClaimedCall], Awaitable[None]]


class ChatwootSender:
    """Knows for each kind of call what to ask Chatwoot for."""

    def __init__(
        self,
        client: ChatwootClient,
        store: ChannelStore,
        conversations: ConversationBook,
        cards: tuple[Cards, Words],
        clock: Clock,
    ) -> None:
        """Build it.

        Args:
            client: Chatwoot.
            store: Where links are.
            conversations: Where the messages are.
            cards: Who builds the card of a handoff, and who puts it into words for the private note.
            clock: The present moment.
        """
        self._client = client
        self._store = store
        self._conversations = conversations
        self._cards, self._words = cards
        self._clock = clock
        self._senders: Mapping[str, Sender] = {
            MESSAGE: self._send_message,
            NOTE: self._send_note,
            ATTRIBUTES: self._send_attributes,
            PRIORITY: self._send_priority,
            TEAM: self._send_team,
            STATUS: self._send_status,
        }

    async def send(self, call: ClaimedCall) -> None:
        """See :class:`balie.channels.port.OutsideChannel`."""
        await self._senders[call.kind](call)

    async def _send_message(self, call: ClaimedCall) -> None:
        if await self._is_there(call):
            return
        sequence = call.facts["sequence"]
        page = await self._conversations.list_messages(call.conversation_id, after=sequence - 1)
        message = next((found for found in page.messages if found.sequence == sequence), None)
        if message is None:
            raise NotWantedAnyMoreError
        buttons = buttons_from_outside(message.buttons, self._client.access.own_url)
        body = message_body(replace(message, buttons=tuple(buttons)), call.key)
        if body is None:
            raise NotWantedAnyMoreError
        await self._client.create_message(call.external_id, body)

    async def _send_note(self, call: ClaimedCall) -> None:
        await self._check_wanted(call)
        if await self._is_there(call):
            return
        card = await self._cards.build(call.conversation_id, OutsideReader())
        try:
            words = self._words.render(NOTE_WORDS, None, {"card": as_document(card)})
        except BalieError as error:
            raise OutsideRefusedError(error.code) from error
        await self._client.create_message(call.external_id, note_body(words.text, call.key))

    async def _send_attributes(self, call: ClaimedCall) -> None:
        await self._check_wanted(call)
        # Chatwoot puts what it gets in the place of all that is there, other people's included.
        kept = call.link_facts.get("attributes") or {}
        await self._client.set_attributes(call.external_id, {**kept, **call.facts["attributes"]})

    async def _send_priority(self, call: ClaimedCall) -> None:
        await self._check_wanted(call)
        await self._client.set_priority(call.external_id, call.facts["priority"])

    async def _send_team(self, call: ClaimedCall) -> None:
        await self._check_wanted(call)
        team = self._client.access.teams.get(call.facts["team"])
        if team is None:
            raise NotWantedAnyMoreError
        await self._client.assign_team(call.external_id, team)

    async def _send_status(self, call: ClaimedCall) -> None:
        status = call.facts["status"]
        await self._check_status_wanted(call, status)
        link = Link(conversation_id=call.conversation_id, channel=call.channel, external_id=call.external_id)
        # Before: the event that this causes may be here sooner than the answer.
        await self._store.note_heard(link, asking_for(status, self._clock()))
        await self._client.set_status(call.external_id, status)

    async def _check_wanted(self, call: ClaimedCall) -> None:
        conversation = await self._conversations.get_conversation(call.conversation_id)
        if conversation.status not in _WITH_PEOPLE:
            raise NotWantedAnyMoreError

    async def _check_status_wanted(self, call: ClaimedCall, status: str) -> None:
        conversation = await self._conversations.get_conversation(call.conversation_id)
        with_people = conversation.status in _WITH_PEOPLE
        if (status == "open") != with_people:
            raise NotWantedAnyMoreError
        if status == "resolved" and conversation.status is not ConversationStatus.RESOLVED:
            raise NotWantedAnyMoreError

    async def _is_there(self, call: ClaimedCall) -> bool:
        """Whether an earlier try has reached Chatwoot, as far as anybody can tell.

        Usually its own event has told us by now, and the call is not taken up again. When that was lost, only
        an agent's token can read what is there; without one the message is sent again rather than lost.
        """
        if not call.maybe_sent or not self._client.access.read_token:
            return False
        for found in await self._client.list_messages(call.external_id):
            attributes = found.get("content_attributes")
            if isinstance(attributes, dict) and attributes.get(OUR_MARK) == call.key:
                return True
        return False


def message_body(message: Message, key: str) -> dict[str, Any] | None:
    """A message of ours as Chatwoot takes it; None when there is nothing to say."""
    options = [
        {"title": button.plain_title, "value": button.id}
        for button in message.buttons
        if button.id is not None
    ]
    links = [f"[{button.plain_title}]({button.url})" for button in message.buttons if button.url is not None]
    content = "\n\n".join(part for part in (message.text, "\n".join(links)) if part)
    if not content:
        return None
    body: dict[str, Any] = {
        "content": content[:MOST_CHARACTERS],
        "message_type": "outgoing",
        "private": False,
        "content_type": "text",
        "content_attributes": {OUR_MARK: key},
    }
    if options:
        body["content_type"] = "input_select"
        body["content_attributes"]["items"] = options[:MOST_OPTIONS]
    return body


def note_body(text: str, key: str) -> dict[str, Any]:
    """A private note as Chatwoot takes it."""
    return {
        "content": text[:MOST_CHARACTERS],
        "message_type": "outgoing",
        "private": True,
        "content_type": "text",
        "content_attributes": {OUR_MARK: key},
    }
