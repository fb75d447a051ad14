"""Takes up what Chatwoot told us: whose the conversation is, and what the customer said.

Everything here may be done again: ids of messages are made of Chatwoot's, and what has happened already
changes nothing.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid5

from balie.channels.chatwoot.client import ChatwootClient
from balie.channels.chatwoot.planning import STATUS
from balie.channels.chatwoot.standing import Verdict, asking_for, judge, status_of
from balie.channels.chatwoot.wire import (
    MESSAGE_CREATED,
    MESSAGE_UPDATED,
    TRIGGERED,
    Attachment,
    Conversation,
    Heard,
    Message,
    read_event,
)
from balie.channels.errors import OutsideRefusedError
from balie.channels.kinds import CHATWOOT
from balie.channels.port import ConversationBook, HandoffBook, TurnTaker
from balie.channels.store import ChannelStore
from balie.channels.views import Link, PlannedCall, StoredEvent
from balie.conversations.errors import (
    ButtonNotFoundError,
    MessageEmptyError,
    MessageTooLongError,
    PhotosLimitedError,
    PhotoUnreadableError,
)
from balie.conversations.status import ConversationStatus
from balie.kernel.clock import Clock
from balie.kernel.ids import ConversationId

IDS: Final = UUID("6b0d7c2e-0c5e-4f0e-9d42-6f2d5b3f1a77")
"""Ids of what comes from Chatwoot are made of Chatwoot's numbers, in this name space."""


class ChatwootEvents:
    """Does what events ask for."""

    def __init__(
        self,
        client: ChatwootClient,
        store: ChannelStore,
        conversations: ConversationBook,
        owners: tuple[TurnTaker, HandoffBook],
        clock: Clock,
    ) -> None:
        """Build it.

        Args:
            client: Fetches what customers attach.
            store: Where links are.
            conversations: Where messages go.
            owners: The assistant, and the agents.
            clock: The present moment.
        """
        self._client = client
        self._store = store
        self._conversations = conversations
        self._turns, self._handoffs = owners
        self._clock = clock

    async def take(self, event: StoredEvent) -> None:
        """See :class:`balie.channels.port.OutsideChannel`."""
        if event.kind == TRIGGERED:
            return  # somebody looks at the page; there is no conversation yet
        heard = read_event(event.kind, event.body)
        link = await self._link(heard)
        if link is None:
            return
        await self._follow(link, heard, event)
        if heard.message is not None:
            await self._hear(link, heard, heard.message)

    async def _link(self, heard: Heard) -> Link | None:
        """The link; made with the first message of a customer that is for the assistant."""
        there = heard.conversation
        link = await self._store.find_link(CHATWOOT, str(there.id))
        if link is not None or not _begins_something(heard):
            return link
        opened = await self._conversations.open_conversation(page_language=there.language, channel=CHATWOOT)
        return await self._store.add_link(
            Link(conversation_id=opened.id, channel=CHATWOOT, external_id=str(there.id))
        )

    async def _follow(self, link: Link, heard: Heard, event: StoredEvent) -> None:
        """Whoever has it over there has it here."""
        there, message = heard.conversation, heard.message
        judgement = judge(link.facts, there, self._clock())
        facts = {**judgement.facts, "attributes": there.custom_attributes}
        verdict = judgement.verdict
        if heard.kind == MESSAGE_CREATED and message is not None and message.is_from_agent:
            verdict = Verdict.TAKEN
        if verdict is Verdict.OPENED_BY_ERROR:
            await self._store.add_call(
                link, PlannedCall(STATUS, f"pending:event:{event.id}", {"status": "pending"})
            )
            facts |= asking_for("pending", self._clock())
        else:
            await self._change_owner(link, verdict)
        if verdict is Verdict.TAKEN and there.status == "pending" and status_of(facts) == "pending":
            # Somebody wrote into a conversation that is still the assistant's over there.
            await self._store.add_call(
                link, PlannedCall(STATUS, f"open:event:{event.id}", {"status": "open"})
            )
            facts |= asking_for("open", self._clock())
        await self._store.note_heard(link, facts)

    async def _change_owner(self, link: Link, verdict: Verdict) -> None:
        conversation_id = link.conversation_id
        if verdict is Verdict.NOTHING:
            return
        status = (await self._conversations.get_conversation(conversation_id)).status
        with_people = status in {ConversationStatus.WAITING_FOR_AGENT, ConversationStatus.WITH_AGENT}
        if verdict is Verdict.TAKEN:
            if status is not ConversationStatus.WITH_AGENT:
                await self._handoffs.take_elsewhere(conversation_id, CHATWOOT)
        elif verdict is Verdict.RETURNED and with_people:
            await self._handoffs.return_elsewhere(conversation_id, CHATWOOT, note=None)
        elif verdict is Verdict.RESOLVED and with_people:
            await self._handoffs.take_elsewhere(conversation_id, CHATWOOT)
            await self._handoffs.resolve_elsewhere(conversation_id, CHATWOOT, code=None, note=None)
        elif verdict is Verdict.RESOLVED and status is ConversationStatus.WITH_ASSISTANT:
            await self._conversations.change_status(conversation_id, ConversationStatus.RESOLVED)

    async def _hear(self, link: Link, heard: Heard, message: Message) -> None:
        if heard.kind == MESSAGE_UPDATED:
            await self._hear_choice(link, message)
        elif message.is_from_customer:
            await self._hear_customer(link, message)
        elif message.is_from_agent and message.content:
            await self._handoffs.record_elsewhere(
                link.conversation_id, CHATWOOT, message.content, message_id=_id(link, f"message:{message.id}")
            )

    async def _hear_choice(self, link: Link, message: Message) -> None:
        chosen = message.submitted_value
        if message.our_key is None or chosen is None:
            return
        pressed_id = _id(link, f"choice:{message.id}")
        try:
            await self._conversations.record_button_press(
                link.conversation_id, chosen, client_message_id=pressed_id, via=CHATWOOT
            )
        except ButtonNotFoundError:
            return
        self._turns.submit(link.conversation_id)

    async def _hear_customer(self, link: Link, message: Message) -> None:
        message_id = _id(link, f"message:{message.id}")
        said = (message.content or "").strip()
        if said:
            await self._record(link.conversation_id, said, message_id)
        for attachment in message.attachments:
            await self._hear_attachment(link, attachment)
        self._turns.submit(link.conversation_id)

    async def _record(self, conversation_id: ConversationId, said: str, message_id: UUID) -> None:
        try:
            await self._conversations.record_customer_message(
                conversation_id, said, client_message_id=message_id, via=CHATWOOT
            )
        except MessageTooLongError as error:
            # Over there it is as long as it is; its beginning says what it is about.
            await self._conversations.record_customer_message(
                conversation_id, said[: error.limit], client_message_id=message_id, via=CHATWOOT
            )
        except MessageEmptyError:
            return

    async def _hear_attachment(self, link: Link, attachment: Attachment) -> None:
        attachment_id = _id(link, f"attachment:{attachment.id}")
        try:
            content = await self._client.fetch_attachment(attachment.photo_url)
            await self._conversations.record_photo(
                link.conversation_id, content, client_message_id=attachment_id, via=CHATWOOT
            )
        except (OutsideRefusedError, PhotoUnreadableError, PhotosLimitedError):
            # The customer sees it as sent, so it gets an answer: that nobody understands it.
            await self._record(link.conversation_id, f"[{attachment.file_type}]", attachment_id)


def _begins_something(heard: Heard) -> bool:
    if heard.kind != MESSAGE_CREATED or heard.message is None or not heard.message.is_from_customer:
        return False
    return heard.conversation.status == "pending" or _was_never_answered(heard.conversation)


def _was_never_answered(there: Conversation) -> bool:
    """Open, but for nobody, and no person has ever written: Chatwoot opened it because we were not there."""
    return there.status == "open" and not there.is_assigned and there.first_reply_created_at is None


def _id(link: Link, what: str) -> UUID:
    return uuid5(IDS, f"{link.external_id}:{what}")
