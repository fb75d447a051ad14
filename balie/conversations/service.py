"""What may be done with a conversation.

Each method is one short transaction (``steps.py``) in a thread; none is open afterwards. Every change
rings the bell once it is committed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID, uuid4

from balie.conversations.bell import Bell
from balie.conversations.errors import (
    ConversationNotFoundError,
    MessageNotFoundError,
    PhotoNotFoundError,
)
from balie.conversations.photo_files import RedrawnPhoto, redraw_photo
from balie.conversations.policy import clean_text
from balie.conversations.repository import ConversationRepository, RepeatedMessageError
from balie.conversations.status import ConversationStatus
from balie.conversations.steps import (
    Incoming,
    OwnerChangedError,
    Shown,
    count_attempt,
    existing,
    find_first_or_check,
    move_on,
    recognise,
    record_incoming,
    record_outcome,
)
from balie.conversations.views import (
    Author,
    Conversation,
    Message,
    MessagePage,
    NewReply,
    PastMessage,
    PendingTurn,
    PhotoMark,
    PhotoView,
    Proof,
    RecordedMessage,
    TurnOutcome,
)
from balie.kernel.clock import Clock, utc_now
from balie.kernel.ids import ConversationId, MessageId, PhotoId
from balie.storage.errors import StoreUnavailableError
from balie.storage.unit_of_work import StoreConnection, UnitOfWork

Also = Callable[[StoreConnection], object]
"""More work within a transaction."""

Result = TypeVar("Result")

PAGE_SIZE = 500
LOOK_BACK = 24
"""Messages: at least the eight turns of a mood, with two replies each."""


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
        self._drawing = asyncio.Lock()

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
            proven_at=None if customer_id is None else now,
            last_sequence=0,
            created_at=now,
        )
        await self._write(lambda records: records.insert_conversation(conversation, channel))
        return conversation

    async def get_conversation(self, conversation_id: ConversationId) -> Conversation:
        """The conversation as it stands.

        Raises:
            ConversationNotFoundError: There is none.
        """
        return existing(await self._read(lambda records: records.find_conversation(conversation_id)))

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
        return await self._record_or_find(conversation_id, Incoming(client_message_id, text=cleaned))

    async def record_button_press(
        self, conversation_id: ConversationId, button_id: str, *, client_message_id: UUID
    ) -> RecordedMessage:
        """Store that a button was pressed, as a message with the button's title.

        Raises:
            ButtonNotFoundError: Not a button of this conversation.
            ConversationNotFoundError: No such conversation.
        """
        return await self._record_or_find(conversation_id, Incoming(client_message_id, button_id=button_id))

    async def record_photo(
        self, conversation_id: ConversationId, content: bytes, *, client_message_id: UUID
    ) -> RecordedMessage:
        """Store a photo, drawn afresh, as a message without words; it waits for the assistant afterwards.

        Photos are drawn one at a time: the largest takes half a gigabyte of memory.

        Args:
            conversation_id: Where it was sent.
            content: The file as it came.
            client_message_id: As for :meth:`record_customer_message`.

        Returns:
            The message; when it was sent before, the first one.

        Raises:
            PhotoUnreadableError: Not a photo, broken, or too large to open.
            PhotosLimitedError: Too many photos came in this conversation lately.
            ConversationNotFoundError: No such conversation.
        """
        now = self._clock()
        first = await self._read(
            lambda records: find_first_or_check(records, conversation_id, client_message_id, now)
        )
        if first is not None:
            return RecordedMessage(first, duplicate=True)
        photo = await self.redraw_photo(content)
        return await self._record_or_find(conversation_id, Incoming(client_message_id, photo=photo))

    async def redraw_photo(self, content: bytes) -> RedrawnPhoto:
        """A photo as it is kept, whoever sends it; one at a time.

        Raises:
            PhotoUnreadableError: Not a photo, broken, or too large to open.
        """
        async with self._drawing:
            return await asyncio.to_thread(redraw_photo, content)

    async def get_photo(self, conversation_id: ConversationId, photo_id: PhotoId) -> PhotoView:
        """One photo of this conversation.

        Raises:
            PhotoNotFoundError: Not in this conversation, or there is none.
        """
        photo = await self._read(lambda records: records.find_photo(conversation_id, photo_id))
        if photo is None:
            raise PhotoNotFoundError
        return photo

    async def list_photos_of_message(
        self, conversation_id: ConversationId, message_id: MessageId
    ) -> tuple[PhotoMark, ...]:
        """The photos that a message of this conversation shows; empty when it shows none."""
        return await self._read(lambda records: records.list_photos_of_message(conversation_id, message_id))

    async def get_message(self, conversation_id: ConversationId, message_id: MessageId) -> Message:
        """One message, exactly as the customer wrote it.

        Raises:
            MessageNotFoundError: Not in this conversation.
        """
        message = await self._read(lambda records: records.find_message(conversation_id, message_id))
        if message is None:
            raise MessageNotFoundError
        return message

    async def list_messages(self, conversation_id: ConversationId, *, after: int = 0) -> MessagePage:
        """Messages with a higher sequence number than ``after``, at most ``PAGE_SIZE``.

        Raises:
            ConversationNotFoundError: No such conversation.
        """
        page = await self._read(
            lambda records: records.find_page(conversation_id, after=after, limit=PAGE_SIZE)
        )
        if page is None:
            raise ConversationNotFoundError
        return page

    async def list_past(self, conversation_id: ConversationId) -> tuple[PastMessage, ...]:
        """How the last messages felt and were answered, in order; empty when there is no such conversation.

        Further back than ``LOOK_BACK`` messages it holds only those that had words for the customer's mood.
        """
        return await self._read(lambda records: records.list_past(conversation_id, back=LOOK_BACK))

    async def find_pending_turn(self, conversation_id: ConversationId) -> PendingTurn | None:
        """The oldest customer message without an answer, or None."""
        return await self._read(lambda records: records.find_pending_turn(conversation_id))

    async def list_conversations_with_pending_turns(self) -> tuple[ConversationId, ...]:
        """Conversations in which a message waits for its answer; longest waiting first."""
        return await self._read(lambda records: records.list_conversations_with_pending_turns())

    async def record_replies(
        self,
        turn: PendingTurn,
        replies: Sequence[NewReply],
        outcome: TurnOutcome,
        *,
        also: Also | None = None,
    ) -> bool:
        """Store the assistant's replies and close the turn, together or not at all.

        Args:
            turn: The message they answer.
            replies: In the order they are shown; empty when the assistant deliberately says nothing.
            outcome: How it ended, and what was found out about the message.
            also: What has to be done in the same transaction, after the replies are stored.

        Returns:
            False when the message had its answer already, or when somebody else has to deal with it by now:
            nothing is stored then, and in the second case it still waits.
        """
        now = self._clock()

        def store(connection: StoreConnection) -> bool:
            recorded = record_outcome(ConversationRepository(connection), turn, outcome, replies, now)
            if recorded and also is not None:
                also(connection)
            return recorded

        try:
            recorded = await self._unit_of_work.run_writing(store)
        except OwnerChangedError:
            return False
        if recorded:
            self.bell.ring(turn.conversation_id)
        return recorded

    async def note_read(self, conversation_id: ConversationId, sequence: int, *, by: Author) -> None:
        """Remember how far the customer, or an agent, has read; what they had read before stays read."""
        column = "agent_read" if by is Author.AGENT else "customer_read"
        if await self._write(lambda records: records.note_read(conversation_id, column, sequence)):
            self.bell.ring(conversation_id)

    async def remember_language(self, conversation_id: ConversationId, language: str) -> None:
        """Keep to a language because the customer asked for it.

        Raises:
            ConversationNotFoundError: No such conversation.
        """
        chosen = {"explicit_language": language, "language": language}
        existing(await self._write(lambda records: records.update_conversation(conversation_id, chosen)))
        self.bell.ring(conversation_id)

    async def change_status(
        self, conversation_id: ConversationId, wanted: ConversationStatus
    ) -> Conversation:
        """Hand the conversation to another owner, or close it.

        Raises:
            ConversationNotFoundError: No such conversation.
            StatusChangeRefusedError: The status table has no such step.
        """
        changed = await self._write(lambda records: move_on(records, conversation_id, wanted))
        self.bell.ring(conversation_id)
        return changed

    async def count_attempt(self, conversation_id: ConversationId, order_number: str) -> int:
        """Count one try to identify oneself with an order, *before* it is looked at.

        Returns:
            How many more tries are left after this one.

        Raises:
            ConversationNotFoundError: No such conversation.
            IdentificationLimitedError: No try was left; do not look whether this one is right.
        """
        now = self._clock()
        return await self._write(lambda records: count_attempt(records, conversation_id, order_number, now))

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
        shown = Shown(customer_id, proof, self._clock(), order_number)
        await self._write(lambda records: recognise(records, conversation_id, shown))

    async def _record_or_find(self, conversation_id: ConversationId, incoming: Incoming) -> RecordedMessage:
        now = self._clock()
        try:
            message = await self._write(
                lambda records: record_incoming(records, conversation_id, incoming, now)
            )
        except RepeatedMessageError:
            return await self._find_first(conversation_id, incoming.client_message_id)
        self.bell.ring(conversation_id)
        return RecordedMessage(message, duplicate=False)

    async def _find_first(self, conversation_id: ConversationId, client_message_id: UUID) -> RecordedMessage:
        message = await self._read(
            lambda records: records.find_by_client_message_id(conversation_id, client_message_id)
        )
        if message is None:
            raise MessageNotFoundError
        return RecordedMessage(message, duplicate=True)

    async def _read(self, work: Callable[[ConversationRepository], Result]) -> Result:
        return await self._unit_of_work.run_reading(
            lambda connection: work(ConversationRepository(connection))
        )

    async def _write(self, work: Callable[[ConversationRepository], Result]) -> Result:
        return await self._unit_of_work.run_writing(
            lambda connection: work(ConversationRepository(connection))
        )
