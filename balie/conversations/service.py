"""What may be done with a conversation. Each method is one short transaction; none is open afterwards.

Every change rings the bell once it is committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from balie.conversations.bell import Bell
from balie.conversations.errors import (
    ButtonNotFoundError,
    ConversationNotFoundError,
    IdentificationLimitedError,
    MessageNotFoundError,
)
from balie.conversations.policy import (
    ATTEMPT_WINDOW,
    attempts_left,
    clean_text,
    could_be_button_id,
    remember,
)
from balie.conversations.repository import ConversationRepository, RepeatedMessageError
from balie.conversations.status import ConversationStatus, change_status, takes_turns
from balie.conversations.views import (
    Author,
    Conversation,
    Message,
    MessagePage,
    NewReply,
    PendingTurn,
    Proof,
    RecordedMessage,
    TurnState,
)
from balie.kernel.clock import Clock, utc_now
from balie.kernel.ids import ConversationId, MessageId
from balie.storage.errors import StoreUnavailableError
from balie.storage.unit_of_work import UnitOfWork

PAGE_SIZE = 500


class ConversationService:
    """Opens conversations, keeps their messages in order, and remembers who is talking.

    Attributes:
        bell: Rings after every change; also shows typing.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        bell: Bell,
        *,
        max_characters: int = 2000,
        clock: Clock = utc_now,
    ) -> None:
        self._unit_of_work = unit_of_work
        self.bell = bell
        self._max_characters = max_characters
        self._clock = clock

    async def open_conversation(
        self,
        *,
        page_language: str | None = None,
        customer_id: int | None = None,
        channel: str = "web_widget",
    ) -> Conversation:
        """Open a conversation with the assistant.

        Args:
            page_language: Language of the page it is opened on.
            customer_id: A customer whom the shop vouches for with a signed token.
            channel: The kind of place it is held in.
        """
        now = self._clock()
        conversation = Conversation(
            id=ConversationId(uuid4()),
            status=ConversationStatus.WITH_ASSISTANT,
            page_language=page_language,
            explicit_language=None,
            language=page_language,
            recent_languages=(),
            customer_id=customer_id,
            proof=None if customer_id is None else Proof.SHOP_TOKEN,
            proven_order_number=None,
            last_sequence=0,
            created_at=now,
        )
        async with self._unit_of_work.write() as session:
            await ConversationRepository(session).insert_conversation(conversation, channel)
        return conversation

    async def get_conversation(self, conversation_id: ConversationId) -> Conversation:
        """The conversation as it stands.

        Raises:
            ConversationNotFoundError: There is none.
        """
        async with self._unit_of_work.read() as session:
            conversation = await ConversationRepository(session).find_conversation(conversation_id)
        return _existing(conversation)

    async def is_ready(self) -> bool:
        """Whether conversations can be read now; never raises."""
        try:
            await self.find_pending_turn(ConversationId(UUID(int=0)))
        except StoreUnavailableError:
            return False
        return True

    async def record_customer_message(
        self, conversation_id: ConversationId, text: str, *, client_message_id: UUID
    ) -> RecordedMessage:
        """Store typed text; it waits for the assistant afterwards.

        Args:
            conversation_id: Where it was typed.
            text: As typed; cleaned here.
            client_message_id: The sender's own id; a second message with the same id is not stored.

        Returns:
            The message; when it was sent before, the first one.

        Raises:
            MessageEmptyError: Nothing to read.
            MessageTooLongError: More than the allowed number of characters.
            ConversationNotFoundError: No such conversation.
        """
        cleaned = clean_text(text, max_characters=self._max_characters)
        return await self._record_or_find(conversation_id, client_message_id, text=cleaned)

    async def record_button_press(
        self, conversation_id: ConversationId, button_id: str, *, client_message_id: UUID
    ) -> RecordedMessage:
        """Store that a button was pressed, as a message with the button's title.

        Raises:
            ButtonNotFoundError: Not a button of this conversation.
            ConversationNotFoundError: No such conversation.
        """
        return await self._record_or_find(conversation_id, client_message_id, button_id=button_id)

    async def get_message(self, conversation_id: ConversationId, message_id: MessageId) -> Message:
        """One message, exactly as the customer wrote it.

        Raises:
            MessageNotFoundError: Not in this conversation.
        """
        async with self._unit_of_work.read() as session:
            message = await ConversationRepository(session).find_message(conversation_id, message_id)
        if message is None:
            raise MessageNotFoundError
        return message

    async def list_messages(self, conversation_id: ConversationId, *, after: int = 0) -> MessagePage:
        """Messages with a higher sequence number than ``after``, at most ``PAGE_SIZE``.

        Raises:
            ConversationNotFoundError: No such conversation.
        """
        async with self._unit_of_work.read() as session:
            page = await ConversationRepository(session).find_page(
                conversation_id, after=after, limit=PAGE_SIZE
            )
        if page is None:
            raise ConversationNotFoundError
        return page

    async def find_pending_turn(self, conversation_id: ConversationId) -> PendingTurn | None:
        """The oldest customer message without an answer, or None."""
        async with self._unit_of_work.read() as session:
            return await ConversationRepository(session).find_pending_turn(conversation_id)

    async def list_conversations_with_pending_turns(self) -> tuple[ConversationId, ...]:
        """Conversations in which a message waits for its answer; longest waiting first."""
        async with self._unit_of_work.read() as session:
            return await ConversationRepository(session).list_conversations_with_pending_turns()

    async def record_replies(
        self,
        turn: PendingTurn,
        replies: Sequence[NewReply],
        *,
        outcome: TurnState,
        language: str | None,
    ) -> bool:
        """Store the assistant's replies and close the turn, together or not at all.

        Args:
            turn: The message they answer.
            replies: In the order they are shown; empty when the assistant deliberately says nothing.
            outcome: ``ANSWERED`` or ``FAILED``.
            language: The language the assistant found the customer to speak; None when it could not tell.

        Returns:
            False when the message had its answer already: nothing is stored then.
        """
        now = self._clock()
        async with self._unit_of_work.write() as session:
            repository = ConversationRepository(session)
            if not await repository.close_turn(turn.message_id, outcome, language):
                return False
            conversation = _existing(
                await repository.take_sequence_numbers(
                    turn.conversation_id, len(replies), **_changes(turn, language, now)
                )
            )
            if replies:
                first = conversation.last_sequence - len(replies) + 1
                await repository.insert_replies(turn, replies, first_sequence=first, now=now)
        self.bell.ring(turn.conversation_id)
        return True

    async def remember_language(self, conversation_id: ConversationId, language: str) -> None:
        """Keep to a language because the customer asked for it.

        Raises:
            ConversationNotFoundError: No such conversation.
        """
        chosen = {"explicit_language": language, "language": language}
        async with self._unit_of_work.write() as session:
            _existing(await ConversationRepository(session).update_conversation(conversation_id, chosen))
        self.bell.ring(conversation_id)

    async def change_status(
        self, conversation_id: ConversationId, wanted: ConversationStatus
    ) -> Conversation:
        """Hand the conversation to another owner, or close it.

        Raises:
            ConversationNotFoundError: No such conversation.
            StatusChangeRefusedError: The status table has no such step.
        """
        async with self._unit_of_work.write() as session:
            repository = ConversationRepository(session)
            # An update that changes nothing locks the row: nobody else decides on the same status.
            now = _existing(await repository.update_conversation(conversation_id, {"id": conversation_id}))
            status = change_status(now.status, wanted)
            await repository.update_conversation(conversation_id, {"status": status.value})
        self.bell.ring(conversation_id)
        return replace(now, status=status)

    async def count_attempt(self, conversation_id: ConversationId, order_number: str) -> int:
        """Count one try to identify oneself with an order, *before* it is looked at.

        Returns:
            How many more tries are left after this one.

        Raises:
            ConversationNotFoundError: No such conversation.
            IdentificationLimitedError: No try was left; do not look whether this one is right.
        """
        now = self._clock()
        async with self._unit_of_work.write() as session:
            repository = ConversationRepository(session)
            _existing(await repository.update_conversation(conversation_id, {"last_active_at": now}))
            failed_here, failed_for_order = await repository.count_failed_attempts(
                conversation_id, order_number, since=now - ATTEMPT_WINDOW
            )
            left = attempts_left(failed_here=failed_here, failed_for_order=failed_for_order)
            if left == 0:
                raise IdentificationLimitedError(conversation_id)
            await repository.insert_attempt(
                {
                    "conversation_id": conversation_id,
                    "order_number": order_number,
                    "succeeded": False,
                    "created_at": now,
                }
            )
        return left - 1

    async def recognise_customer(
        self,
        conversation_id: ConversationId,
        customer_id: int,
        *,
        proof: Proof,
        order_number: str | None = None,
    ) -> None:
        """Remember who the customer has shown to be; the try that showed it does not count as failed.

        Raises:
            ConversationNotFoundError: No such conversation.
        """
        proven = {"customer_id": customer_id, "proof": proof.value, "proven_order_number": order_number}
        async with self._unit_of_work.write() as session:
            repository = ConversationRepository(session)
            _existing(await repository.update_conversation(conversation_id, proven))
            if order_number is not None:
                await repository.forgive_last_attempt(conversation_id, order_number)

    async def _record_or_find(
        self,
        conversation_id: ConversationId,
        client_message_id: UUID,
        *,
        text: str = "",
        button_id: str | None = None,
    ) -> RecordedMessage:
        try:
            message = await self._record(conversation_id, client_message_id, text, button_id)
        except RepeatedMessageError:
            return await self._find_first(conversation_id, client_message_id)
        self.bell.ring(conversation_id)
        return RecordedMessage(message, duplicate=False)

    async def _record(
        self, conversation_id: ConversationId, client_message_id: UUID, text: str, button_id: str | None
    ) -> Message:
        now = self._clock()
        payload: str | None = None
        async with self._unit_of_work.write() as session:
            repository = ConversationRepository(session)
            conversation = _existing(
                await repository.take_sequence_numbers(conversation_id, 1, last_active_at=now)
            )
            if button_id is not None:
                text, payload = await _pressed(repository, conversation_id, button_id)
            status = await _reopened(repository, conversation)
            message = Message(
                id=MessageId(uuid4()),
                sequence=conversation.last_sequence,
                author=Author.CUSTOMER,
                text=text,
                language=None,
                buttons=(),
                created_at=now,
                client_message_id=client_message_id,
            )
            state = TurnState.PENDING if takes_turns(status) else TurnState.NONE
            await repository.insert_customer_message(conversation_id, message, payload, state)
        return message

    async def _find_first(self, conversation_id: ConversationId, client_message_id: UUID) -> RecordedMessage:
        async with self._unit_of_work.read() as session:
            message = await ConversationRepository(session).find_by_client_message_id(
                conversation_id, client_message_id
            )
        if message is None:
            raise MessageNotFoundError
        return RecordedMessage(message, duplicate=True)


def _existing(conversation: Conversation | None) -> Conversation:
    if conversation is None:
        raise ConversationNotFoundError
    return conversation


async def _pressed(
    repository: ConversationRepository, conversation_id: ConversationId, button_id: str
) -> tuple[str, str]:
    button = (
        await repository.find_button(conversation_id, button_id) if could_be_button_id(button_id) else None
    )
    if button is None:
        raise ButtonNotFoundError
    return button


async def _reopened(repository: ConversationRepository, conversation: Conversation) -> ConversationStatus:
    """Somebody who writes again after the end is helped again."""
    if conversation.status is not ConversationStatus.RESOLVED:
        return conversation.status
    status = change_status(conversation.status, ConversationStatus.WITH_ASSISTANT)
    await repository.update_conversation(conversation.id, {"status": status.value})
    return status


def _changes(turn: PendingTurn, language: str | None, now: datetime) -> dict[str, object]:
    if language is None:
        return {"last_active_at": now}
    # A pressed button says nothing about the language somebody writes in.
    typed = turn.payload is None
    memory = remember(turn.recent_languages, language) if typed else list(turn.recent_languages)
    return {"last_active_at": now, "language": language, "recent_languages": memory}
