"""Every query on conversations. One instance lives within one transaction; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, insert, literal, outerjoin, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from balie.conversations.models import (
    ConversationRow,
    IdentificationAttemptRow,
    MessageButtonRow,
    MessageRow,
)
from balie.conversations.rows import (
    Columns,
    columns_of,
    conversation_from,
    customer_message_columns,
    message_from,
    page_from,
    pending_turn_from,
    reply_columns,
)
from balie.conversations.views import (
    Conversation,
    Message,
    MessagePage,
    NewReply,
    PendingTurn,
    TurnState,
)
from balie.kernel.ids import ConversationId, MessageId

# Tables instead of mapped classes: nothing here is tracked or flushed, every statement is what it says.
_conversations: Any = ConversationRow.__table__
_messages: Any = MessageRow.__table__
_buttons: Any = MessageButtonRow.__table__
_attempts: Any = IdentificationAttemptRow.__table__

# Renamed, because messages have a language too.
_page_columns: Any = (
    _conversations.c.last_sequence,
    _conversations.c.status,
    _conversations.c.language.label("conversation_language"),
)

# Written out in the statement, because a partial index is not found by a bound value.
_is_pending: Any = _messages.c.turn_state == literal(TurnState.PENDING.value, literal_execute=True)


class RepeatedMessageError(Exception):
    """A message with this ``client_message_id`` stands in the conversation; only the service sees this."""


class ConversationRepository:
    """Reads and writes rows of conversations within the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def insert_conversation(self, conversation: Conversation, channel: str) -> None:
        """Add a conversation."""
        await self._session.execute(insert(_conversations).values(**columns_of(conversation, channel)))

    async def find_conversation(self, conversation_id: ConversationId) -> Conversation | None:
        """The conversation, or None."""
        found = await self._session.execute(
            select(_conversations).where(_conversations.c.id == conversation_id)
        )
        row = found.one_or_none()
        return None if row is None else conversation_from(row)

    async def take_sequence_numbers(
        self, conversation_id: ConversationId, count: int, **changes: object
    ) -> Conversation | None:
        """Reserve the next ``count`` numbers; the row stays locked until the transaction ends.

        Args:
            conversation_id: Whose numbers.
            count: How many; 0 only changes columns.
            changes: Columns to change in the same statement.

        Returns:
            The conversation with the last of the new numbers; None when it does not exist.
        """
        last = _conversations.c.last_sequence + count
        return await self.update_conversation(conversation_id, {**changes, "last_sequence": last})

    async def update_conversation(
        self, conversation_id: ConversationId, values: Mapping[str, Any]
    ) -> Conversation | None:
        """Change columns; the conversation afterwards, or None when it does not exist."""
        changed = await self._session.execute(
            update(_conversations)
            .where(_conversations.c.id == conversation_id)
            .values(**values)
            .returning(_conversations)
        )
        row = changed.one_or_none()
        return None if row is None else conversation_from(row)

    async def insert_customer_message(
        self, conversation_id: ConversationId, message: Message, payload: str | None, state: TurnState
    ) -> None:
        """Add a message of a customer.

        Raises:
            RepeatedMessageError: It is there already; the transaction must be given up.
        """
        columns = customer_message_columns(conversation_id, message, payload, state)
        try:
            await self._session.execute(insert(_messages).values(**columns))
        except IntegrityError as error:
            raise RepeatedMessageError from error

    async def insert_replies(
        self, turn: PendingTurn, replies: Sequence[NewReply], *, first_sequence: int, now: datetime
    ) -> None:
        """Add the assistant's messages, whose numbers were taken before, and what their buttons mean."""
        rows: list[Columns] = []
        meanings: list[Columns] = []
        for sequence, reply in enumerate(replies, start=first_sequence):
            row, buttons = reply_columns(turn, reply, sequence, now)
            rows.append(row)
            meanings += buttons
        await self._session.execute(insert(_messages), rows)
        if meanings:
            await self._session.execute(insert(_buttons), meanings)

    async def find_message(self, conversation_id: ConversationId, message_id: MessageId) -> Message | None:
        """One message of this conversation, or None."""
        found = await self._session.execute(
            select(_messages).where(
                _messages.c.id == message_id, _messages.c.conversation_id == conversation_id
            )
        )
        row = found.one_or_none()
        return None if row is None else message_from(row)

    async def find_by_client_message_id(
        self, conversation_id: ConversationId, client_message_id: UUID
    ) -> Message | None:
        """The message that was sent under this id, or None."""
        found = await self._session.execute(
            select(_messages).where(
                _messages.c.conversation_id == conversation_id,
                _messages.c.client_message_id == client_message_id,
            )
        )
        row = found.one_or_none()
        return None if row is None else message_from(row)

    async def find_page(
        self, conversation_id: ConversationId, *, after: int, limit: int
    ) -> MessagePage | None:
        """Messages with a higher number than ``after``, in order; None when there is no conversation."""
        newer = and_(_messages.c.conversation_id == _conversations.c.id, _messages.c.sequence > after)
        found = await self._session.execute(
            select(*_page_columns, *_messages.c)
            .select_from(outerjoin(_conversations, _messages, newer))
            .where(_conversations.c.id == conversation_id)
            .order_by(_messages.c.sequence)
            .limit(limit)
        )
        return page_from(found.all())

    async def find_button(self, conversation_id: ConversationId, button_id: str) -> tuple[str, str] | None:
        """Title and payload of a button of this conversation, or None."""
        found = await self._session.execute(
            select(_buttons.c.title, _buttons.c.payload).where(
                _buttons.c.id == button_id, _buttons.c.conversation_id == conversation_id
            )
        )
        row = found.one_or_none()
        return None if row is None else (row.title, row.payload)

    async def find_pending_turn(self, conversation_id: ConversationId) -> PendingTurn | None:
        """The oldest message of the customer that has no answer yet, or None."""
        found = await self._session.execute(
            select(
                _messages.c.id,
                _messages.c.text,
                _messages.c.payload,
                _conversations.c.page_language,
                _conversations.c.explicit_language,
                _conversations.c.recent_languages,
            )
            .join(_conversations, _conversations.c.id == _messages.c.conversation_id)
            .where(_messages.c.conversation_id == conversation_id, _is_pending)
            .order_by(_messages.c.sequence)
            .limit(1)
        )
        row = found.one_or_none()
        return None if row is None else pending_turn_from(conversation_id, row)

    async def list_conversations_with_pending_turns(self) -> tuple[ConversationId, ...]:
        """Conversations in which a message waits for its answer; longest waiting first."""
        found = await self._session.execute(
            select(_messages.c.conversation_id)
            .where(_is_pending)
            .group_by(_messages.c.conversation_id)
            .order_by(func.min(_messages.c.created_at))
        )
        return tuple(ConversationId(conversation_id) for conversation_id in found.scalars())

    async def close_turn(self, message_id: MessageId, state: TurnState, language: str | None) -> bool:
        """Say how a pending turn ended; False when it was not pending any more."""
        changed = await self._session.execute(
            update(_messages)
            .where(_messages.c.id == message_id, _is_pending)
            .values(turn_state=state.value, language=language)
            .returning(_messages.c.id)
        )
        return changed.one_or_none() is not None

    async def insert_attempt(self, values: Mapping[str, Any]) -> None:
        """Add a try to identify oneself."""
        await self._session.execute(insert(_attempts).values(**values))

    async def count_failed_attempts(
        self, conversation_id: ConversationId, order_number: str, since: datetime
    ) -> tuple[int, int]:
        """Failed tries of this conversation ever, and of anybody with this order since a moment."""
        failed = _attempts.c.succeeded.is_(False)
        here = select(func.count()).where(failed, _attempts.c.conversation_id == conversation_id)
        for_order = select(func.count()).where(
            failed, and_(_attempts.c.order_number == order_number, _attempts.c.created_at >= since)
        )
        found = await self._session.execute(select(here.scalar_subquery(), for_order.scalar_subquery()))
        counts = found.one()
        return counts[0], counts[1]

    async def forgive_last_attempt(self, conversation_id: ConversationId, order_number: str) -> None:
        """Turn the last try of this conversation with this order into a success."""
        last = (
            select(func.max(_attempts.c.id))
            .where(_attempts.c.conversation_id == conversation_id, _attempts.c.order_number == order_number)
            .scalar_subquery()
        )
        await self._session.execute(update(_attempts).where(_attempts.c.id == last).values(succeeded=True))
