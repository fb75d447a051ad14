"""What channels need of the rest of the house, and what every adapter offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from balie.channels.views import ClaimedCall, Plan, Situation, StoredEvent
from balie.content.render import RenderedReply
from balie.conversations.status import ConversationStatus
from balie.conversations.views import Conversation, Message, MessagePage, NewReply, PhotoView, RecordedMessage
from balie.handoff.card_views import Card, CardReader
from balie.kernel.ids import ConversationId, PhotoId


class ConversationBook(Protocol):
    """Keeps conversations (``ConversationService`` does)."""

    async def open_conversation(
        self, *, page_language: str | None = None, customer_id: int | None = None, channel: str = ...
    ) -> Conversation:
        """Open one with the assistant."""
        ...

    async def get_conversation(self, conversation_id: ConversationId) -> Conversation:
        """As it stands."""
        ...

    async def list_messages(self, conversation_id: ConversationId, *, after: int = 0) -> MessagePage:
        """Messages with a higher sequence number."""
        ...

    async def record_customer_message(
        self, conversation_id: ConversationId, text: str, *, client_message_id: UUID, via: str | None = None
    ) -> RecordedMessage:
        """Store typed text, once per id."""
        ...

    async def record_button_press(
        self,
        conversation_id: ConversationId,
        button_id: str,
        *,
        client_message_id: UUID,
        via: str | None = None,
    ) -> RecordedMessage:
        """Store that a button was pressed, once per id."""
        ...

    async def record_photo(
        self,
        conversation_id: ConversationId,
        content: bytes,
        *,
        client_message_id: UUID,
        via: str | None = None,
    ) -> RecordedMessage:
        """Store a photo, once per id."""
        ...

    async def record_choice(
        self,
        conversation_id: ConversationId,
        title: str,
        payload: str,
        *,
        client_message_id: UUID,
        via: str | None = None,
    ) -> RecordedMessage:
        """Store what a command of a channel means, once per id."""
        ...

    async def replace_message(
        self, conversation_id: ConversationId, text: str, *, client_message_id: UUID
    ) -> Message | None:
        """Put another text in place of a typed one; None when there is none under this id."""
        ...

    async def record_notice(
        self, conversation_id: ConversationId, reply: NewReply, *, notice_id: UUID
    ) -> bool:
        """Store a sentence that a channel says by itself, once per id; False: it was there."""
        ...

    async def remember_language(self, conversation_id: ConversationId, language: str) -> None:
        """Keep to a language because the customer asked for it."""
        ...

    async def erase_conversation(self, conversation_id: ConversationId) -> bool:
        """Take a conversation away with everything said in it; False: there was none."""
        ...

    async def get_photo(self, conversation_id: ConversationId, photo_id: PhotoId) -> PhotoView:
        """One photo that a message of this conversation shows."""
        ...

    async def change_status(
        self, conversation_id: ConversationId, wanted: ConversationStatus
    ) -> Conversation:
        """Close a conversation that nobody waits in."""
        ...


class TurnTaker(Protocol):
    """Gets messages answered (``TurnRunner`` does)."""

    def submit(self, conversation_id: ConversationId) -> None:
        """Say that a message waits; returns at once."""
        ...


class HandoffBook(Protocol):
    """Keeps handoffs whose agents work elsewhere (``HandoffService`` does).

    Each may be called again with the same arguments and changes nothing then.
    """

    async def take_elsewhere(self, conversation_id: ConversationId, desk: str) -> None:
        """Somebody at this desk has the conversation: it is theirs from now on, asked for or not.

        Does nothing when it is theirs already. Where there was no open handoff, there is one afterwards.
        """
        ...

    async def record_elsewhere(
        self, conversation_id: ConversationId, desk: str, text: str, *, message_id: UUID
    ) -> None:
        """Store what the customer was told there, as a message of an agent whom we do not know."""
        ...

    async def note_elsewhere(
        self, conversation_id: ConversationId, desk: str, text: str, *, note_id: UUID
    ) -> None:
        """Keep a note for agents; no customer reads it."""
        ...

    async def resolve_elsewhere(
        self, conversation_id: ConversationId, desk: str, *, code: str | None, note: str | None
    ) -> None:
        """Their work is done. Does nothing when nobody there has it.

        Args:
            conversation_id: Which one.
            desk: The desk.
            code: One of ``ResolutionCode``; None when they do not say.
            note: For whoever is next; not for the customer.
        """
        ...

    async def return_elsewhere(self, conversation_id: ConversationId, desk: str, *, note: str | None) -> None:
        """They give it back to the assistant, which tells the customer. Also when nobody had taken it yet."""
        ...

    async def lose_customer(self, conversation_id: ConversationId, note: str, *, note_id: UUID) -> None:
        """The customer cannot be reached any more: whoever is waited for is not waited for any longer.

        Args:
            conversation_id: Which one.
            note: What an agent who has the conversation is told.
            note_id: The note is kept once under it.
        """
        ...


class Cards(Protocol):
    """Makes what an agent has to know at once (``CardService`` does)."""

    async def build(self, conversation_id: ConversationId, reader: CardReader) -> Card:
        """The card."""
        ...


class Words(Protocol):
    """Puts content into words (``balie.content.render.Renderer`` does)."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which everything can be said."""
        ...

    def render(self, response: str, language: str | None, facts: Mapping[str, Any]) -> RenderedReply:
        """One response in one language."""
        ...


class OutsideChannel(Protocol):
    """A desk or a channel that is somebody else's: Chatwoot, a webhook desk, a messenger."""

    @property
    def name(self) -> str:
        """Of the channel, as it stands in the tables."""
        ...

    @property
    def links_by_handoff(self) -> bool:
        """Whether a conversation comes to it by a handoff, and not by its customer."""
        ...

    def plan(self, situation: Situation, now: datetime) -> Plan:
        """What has to go out. Pure: no store, no network."""
        ...

    async def take(self, event: StoredEvent) -> None:
        """Do what an event asks for; again, when it was broken off.

        Raises:
            BalieError: It cannot be done; ``UNAVAILABLE`` ones are tried again.
        """
        ...

    async def send(self, call: ClaimedCall) -> None:
        """Send a call; when this returns, the other side has it.

        Raises:
            OutsideUnavailableError: Not now.
            OutsideRefusedError: Never.
            NotWantedAnyMoreError: What it was about has ended.
        """
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLimits:
    """What can be said in a customer's channel.

    Attributes:
        longest_text: Of one message of ours, counted by ``length``; what is longer goes in parts. None: any.
        length: How the channel counts a text that is shown without markup.
        most_buttons: Under one message; None: any number.
        largest_photo: Bytes of a photo that a customer may send.
        can_edit: Whether customers can write something else in the place of what they said.
        can_type: Whether it can be shown that somebody writes to them.
        can_be_left: Whether customers can see to it that nothing reaches them: nothing is sent to them then,
            nor afterwards, except what agents wrote. Where they cannot, everything waits for their return.
    """

    longest_text: int | None = None
    length: Callable[[str], int] = len
    most_buttons: int | None = None
    largest_photo: int = 10_000_000
    can_edit: bool = False
    can_type: bool = True
    can_be_left: bool = False


WEBSITE_LIMITS: Final = ChannelLimits()
"""The widget reads by sequence number whenever it is there, and shows everything at any length."""


class CustomerChannel(OutsideChannel, Protocol):
    """A channel that customers talk in. How one is made: docs/how-to/add-a-channel.md."""

    @property
    def limits(self) -> ChannelLimits:
        """What can be said in it."""
        ...

    async def show_typing(self, external_id: str) -> None:
        """Show a customer that somebody writes to them, for a few seconds; never raises, never tries again.

        Args:
            external_id: What the other side calls the conversation.
        """
        ...
