"""What may be done with a conversation.

Each method is one short transaction (``steps.py``) in a thread; none is open afterwards. Every change
rings the bell once it is committed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID, uuid4

from balie.conversations.bell import Bell
from balie.conversations.erasure_repository import ErasureRepository
from balie.conversations.hearing import CustomerMessages
from balie.conversations.repository import ConversationRepository, RepeatedMessageError
from balie.conversations.status import ConversationStatus
from balie.conversations.steps import (
    OwnerChangedError,
    Shown,
    count_attempt,
    existing,
    may_be_erased,
    move_on,
    recognise,
    record_notice,
    record_outcome,
)
from balie.conversations.views import (
    WEB_WIDGET,
    Author,
    Conversation,
    NewReply,
    PendingTurn,
    Proof,
    TurnOutcome,
)
from balie.kernel.clock import Clock, utc_now
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import StoreConnection, UnitOfWork

Also = Callable[[StoreConnection], object]
"""More work within a transaction."""

Result = TypeVar("Result")


class ConversationService(CustomerMessages):
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
        super().__init__(unit_of_work, bell, max_characters=max_characters, clock=clock)

    async def open_conversation(
        self,
        *,
        page_language: str | None = None,
        customer_id: int | None = None,
        channel: str = WEB_WIDGET,
    ) -> Conversation:
        """Open a conversation with the assistant.

        Args:
            page_language: Language of the page it is opened on.
            customer_id: A customer whom the shop vouches for with a signed token.
            channel: The kind of place it begins in; there the customer is reached at first.
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
            channel=channel,
            heard_via=channel,
        )
        await self._write(lambda records: records.insert_conversation(conversation, channel))
        return conversation

    async def record_notice(
        self, conversation_id: ConversationId, reply: NewReply, *, notice_id: UUID
    ) -> bool:
        """Store a sentence that a channel says by itself; nobody answers it.

        Returns:
            False when it was stored before.

        Raises:
            ConversationNotFoundError: No such conversation.
        """
        now = self._clock()
        try:
            await self._write(lambda records: record_notice(records, conversation_id, reply, notice_id, now))
        except RepeatedMessageError:
            return False
        self.bell.ring(conversation_id)
        return True

    async def erase_conversation(self, conversation_id: ConversationId) -> bool:
        """Take a conversation away with everything said in it; whoever waited for a person waits no longer.

        What goes and what is left is said in ``erasure_repository.py``.

        Returns:
            False when there was none.

        Raises:
            ConversationBusyError: An agent has it.
        """

        def erase(connection: StoreConnection) -> bool:
            there_is = may_be_erased(ConversationRepository(connection), conversation_id)
            if there_is:
                ErasureRepository(connection).erase(conversation_id)
            return there_is

        erased = await self._unit_of_work.run_writing(erase)
        if erased:
            self.bell.ring(conversation_id)
        return erased

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
