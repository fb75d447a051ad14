"""Every query on conversations. One instance lives within one transaction; decides nothing.

Runs in the thread of its transaction (``UnitOfWork.run_reading``, ``run_writing``). What every message
needs is written down once as a statement with named gaps: putting a statement together takes longer
than running it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, func, insert, literal, or_, outerjoin, select, update
from sqlalchemy.exc import IntegrityError

from balie.conversations.button_repository import ButtonRepository
from balie.conversations.models import (
    ConversationRow,
    IdentificationAttemptRow,
    MessageButtonRow,
    MessageRow,
    PhotoRow,
)
from balie.conversations.rows import (
    Columns,
    Placed,
    columns_of,
    conversation_from,
    customer_message_columns,
    message_from,
    page_from,
    past_message_from,
    pending_turn_from,
    photo_columns,
    photo_mark_from,
    photo_view_from,
    reply_columns,
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
    TurnOutcome,
    TurnState,
)
from balie.kernel.ids import ConversationId, MessageId, PhotoId

# Tables instead of mapped classes: nothing here is tracked or flushed, every statement is what it says.
_conversations: Any = ConversationRow.__table__
_messages: Any = MessageRow.__table__
_buttons: Any = MessageButtonRow.__table__
_photos: Any = PhotoRow.__table__
_attempts: Any = IdentificationAttemptRow.__table__

# Written out in the statement, because a partial index is not found by a bound value.
_is_pending: Any = _messages.c.turn_state == literal(TurnState.PENDING.value, literal_execute=True)

_this_conversation: Any = _conversations.c.id == bindparam("conversation")
_in_this_conversation: Any = _messages.c.conversation_id == bindparam("conversation")

# A message shows one photo at most; the picture itself is fetched when somebody looks at it.
_photo_mark: Any = (
    _photos.c.id.label("photo_id"),
    _photos.c.width.label("photo_width"),
    _photos.c.height.label("photo_height"),
)
_shows: Any = _photos.c.message_id == _messages.c.id

_FIND_MESSAGE = (
    select(*_messages.c, *_photo_mark)
    .select_from(outerjoin(_messages, _photos, _shows))
    .where(_in_this_conversation)
)

_FIND_CONVERSATION = select(_conversations).where(_this_conversation)

_TAKE_NUMBERS = (
    update(_conversations)
    .where(_this_conversation)
    .values(
        last_sequence=_conversations.c.last_sequence + bindparam("count"),
        last_active_at=bindparam("now"),
    )
    .returning(_conversations)
)

_NOTE_LANGUAGE = (
    update(_conversations)
    .where(_this_conversation)
    .values(language=bindparam("spoken"), recent_languages=bindparam("recent"))
)

_FIND_PENDING_TURN = (
    select(
        _messages.c.id,
        _messages.c.text,
        _messages.c.payload,
        _messages.c.sequence,
        _conversations.c.page_language,
        _conversations.c.explicit_language,
        _conversations.c.recent_languages,
        _conversations.c.status,
        _conversations.c.assistant_helps,
        _conversations.c.handoff_number,
        _conversations.c.slots,
    )
    .join(_conversations, _conversations.c.id == _messages.c.conversation_id)
    .where(_in_this_conversation, _is_pending)
    .order_by(_messages.c.sequence)
    .limit(1)
)

_CLOSE_TURN = (
    update(_messages)
    .where(_messages.c.id == bindparam("message"), _is_pending)
    .values(
        turn_state=bindparam("state"),
        language=bindparam("spoken"),
        emotion=bindparam("reading", type_=_messages.c.emotion.type),
        intent=bindparam("meant"),
    )
)

_FIND_PAGE = (
    select(
        _conversations.c.last_sequence,
        _conversations.c.status,
        _conversations.c.assistant_helps,
        _conversations.c.customer_read,
        _conversations.c.agent_read,
        # Renamed, because messages have a language too.
        _conversations.c.language.label("conversation_language"),
        *_messages.c,
        *_photo_mark,
    )
    .select_from(
        outerjoin(
            _conversations,
            _messages,
            and_(
                _messages.c.conversation_id == _conversations.c.id,
                _messages.c.sequence > bindparam("after"),
            ),
        ).outerjoin(_photos, _shows)
    )
    .where(_this_conversation)
    .order_by(_messages.c.sequence)
    .limit(bindparam("most"))
)


_FIND_PAST = (
    select(
        _messages.c.id,
        _messages.c.sequence,
        _messages.c.author,
        _messages.c.payload.is_not(None).label("pressed"),
        _messages.c.emotion,
        _messages.c.response,
        _messages.c.opening,
        _messages.c.remark,
    )
    .join(_conversations, _conversations.c.id == _messages.c.conversation_id)
    .where(
        _in_this_conversation,
        or_(
            _messages.c.sequence > _conversations.c.last_sequence - bindparam("back"),
            _messages.c.opening.is_not(None),
            _messages.c.remark.is_not(None),
        ),
    )
    .order_by(_messages.c.sequence)
)


class RepeatedMessageError(Exception):
    """A message with this ``client_message_id`` stands in the conversation; only the service sees this."""


class ConversationRepository:
    """Reads and writes rows of conversations within the caller's transaction.

    Attributes:
        buttons: The same of buttons.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.buttons = ButtonRepository(connection)

    def insert_conversation(self, conversation: Conversation, channel: str) -> None:
        """Add a conversation."""
        self._connection.execute(insert(_conversations), columns_of(conversation, channel))

    def find_conversation(self, conversation_id: ConversationId) -> Conversation | None:
        """The conversation, or None."""
        found = self._connection.execute(_FIND_CONVERSATION, {"conversation": conversation_id})
        row = found.one_or_none()
        return None if row is None else conversation_from(row)

    def take_sequence_numbers(
        self, conversation_id: ConversationId, count: int, now: datetime
    ) -> Conversation | None:
        """Reserve the next ``count`` numbers; the row stays locked until the transaction ends.

        Returns:
            The conversation with the last of the new numbers; None when it does not exist.
        """
        gaps = {"conversation": conversation_id, "count": count, "now": now}
        row = self._connection.execute(_TAKE_NUMBERS, gaps).one_or_none()
        return None if row is None else conversation_from(row)

    def give_back_sequence_numbers(self, conversation_id: ConversationId, count: int) -> None:
        """Undo the last :meth:`take_sequence_numbers` of this transaction; the row is still locked."""
        change = update(_conversations).where(_conversations.c.id == conversation_id)
        self._connection.execute(change.values(last_sequence=_conversations.c.last_sequence - count))

    def note_language(
        self, conversation_id: ConversationId, spoken: str, recent_languages: Sequence[str]
    ) -> None:
        """Remember which language was spoken last, and which before."""
        gaps = {"conversation": conversation_id, "spoken": spoken, "recent": list(recent_languages)}
        self._connection.execute(_NOTE_LANGUAGE, gaps)

    def update_conversation(
        self, conversation_id: ConversationId, values: Mapping[str, Any]
    ) -> Conversation | None:
        """Change columns; the conversation afterwards, or None when it does not exist."""
        change = update(_conversations).where(_conversations.c.id == conversation_id).values(**values)
        row = self._connection.execute(change.returning(_conversations)).one_or_none()
        return None if row is None else conversation_from(row)

    def insert_customer_message(
        self, conversation_id: ConversationId, message: Message, payload: str | None, state: TurnState
    ) -> None:
        """Add a message of a customer.

        Raises:
            RepeatedMessageError: It is there already; the transaction must be given up.
        """
        columns = customer_message_columns(conversation_id, message, payload, state)
        try:
            self._connection.execute(insert(_messages), columns)
        except IntegrityError as error:
            raise RepeatedMessageError from error

    def insert_replies(
        self, turn: PendingTurn, replies: Sequence[NewReply], *, first_sequence: int, now: datetime
    ) -> None:
        """Add the assistant's messages, whose numbers were taken before, and what their buttons mean."""
        rows: list[Columns] = []
        meanings: list[Columns] = []
        for sequence, reply in enumerate(replies, start=first_sequence):
            placed = Placed(turn.conversation_id, sequence, now, in_reply_to=turn.message_id)
            row, buttons = reply_columns(placed, reply)
            rows.append(row)
            meanings += buttons
        self._connection.execute(insert(_messages), rows)
        if meanings:
            self._connection.execute(insert(_buttons), meanings)

    def insert_line(self, placed: Placed, line: NewReply) -> MessageId:
        """Add one message that answers nothing: an agent's, or word of what has happened.

        Raises:
            RepeatedMessageError: It is there already; the transaction must be given up.
        """
        row, meanings = reply_columns(placed, line)
        try:
            self._connection.execute(insert(_messages), row)
        except IntegrityError as error:
            raise RepeatedMessageError from error
        if meanings:
            self._connection.execute(insert(_buttons), meanings)
        return MessageId(row["id"])

    def note_read(self, conversation_id: ConversationId, column: str, sequence: int) -> bool:
        """Remember how far somebody has read; False when they had read further, or there is not so much."""
        read = _conversations.c[column]
        change = update(_conversations).where(
            _conversations.c.id == conversation_id,
            read < sequence,
            _conversations.c.last_sequence >= sequence,
        )
        return self._connection.execute(change.values({column: sequence})).rowcount == 1

    def find_message(self, conversation_id: ConversationId, message_id: MessageId) -> Message | None:
        """One message of this conversation, or None."""
        wanted = _FIND_MESSAGE.where(_messages.c.id == bindparam("message"))
        gaps = {"conversation": conversation_id, "message": message_id}
        row = self._connection.execute(wanted, gaps).one_or_none()
        return None if row is None else message_from(row)

    def find_by_client_message_id(
        self, conversation_id: ConversationId, client_message_id: UUID
    ) -> Message | None:
        """The message that was sent under this id, or None."""
        wanted = _FIND_MESSAGE.where(_messages.c.client_message_id == client_message_id)
        row = self._connection.execute(wanted, {"conversation": conversation_id}).one_or_none()
        return None if row is None else message_from(row)

    def find_page(self, conversation_id: ConversationId, *, after: int, limit: int) -> MessagePage | None:
        """Messages with a higher number than ``after``, in order; None when there is no conversation."""
        gaps = {"conversation": conversation_id, "after": after, "most": limit}
        return page_from(self._connection.execute(_FIND_PAGE, gaps).all())

    def insert_photo(
        self, conversation_id: ConversationId, message: Message, mark: PhotoMark, jpeg: bytes
    ) -> None:
        """Add the photo that a message shows."""
        self._connection.execute(insert(_photos), photo_columns(conversation_id, message, mark, jpeg))

    def count_photos(self, conversation_id: ConversationId, *, since: datetime) -> int:
        """How many photos of the customer came in this conversation after a moment."""
        theirs = _photos.join(_messages, and_(_shows, _messages.c.author == Author.CUSTOMER.value))
        here = and_(_photos.c.conversation_id == conversation_id, _photos.c.created_at > since)
        recent = select(func.count()).select_from(theirs).where(here)
        return self._connection.execute(recent).scalar_one()

    def find_photo(self, conversation_id: ConversationId, photo_id: PhotoId) -> PhotoView | None:
        """One photo of this conversation, or None."""
        wanted = select(_photos).where(_photos.c.conversation_id == conversation_id, _photos.c.id == photo_id)
        row = self._connection.execute(wanted).one_or_none()
        return None if row is None else photo_view_from(row)

    def list_photos_of_message(
        self, conversation_id: ConversationId, message_id: MessageId
    ) -> tuple[PhotoMark, ...]:
        """The photos that a message of this conversation shows; empty when it shows none."""
        wanted = select(*_photo_mark).where(
            _photos.c.conversation_id == conversation_id, _photos.c.message_id == message_id
        )
        return tuple(photo_mark_from(row) for row in self._connection.execute(wanted))

    def find_pending_turn(self, conversation_id: ConversationId) -> PendingTurn | None:
        """The oldest message of the customer that has no answer yet, or None."""
        row = self._connection.execute(_FIND_PENDING_TURN, {"conversation": conversation_id}).one_or_none()
        return None if row is None else pending_turn_from(conversation_id, row)

    def list_conversations_with_pending_turns(self) -> tuple[ConversationId, ...]:
        """Conversations in which a message waits for its answer; longest waiting first."""
        found = self._connection.execute(
            select(_messages.c.conversation_id)
            .where(_is_pending)
            .group_by(_messages.c.conversation_id)
            .order_by(func.min(_messages.c.created_at))
        )
        return tuple(ConversationId(conversation_id) for conversation_id in found.scalars())

    def list_past(self, conversation_id: ConversationId, *, back: int) -> tuple[PastMessage, ...]:
        """The last ``back`` messages, and before them those that had words for the customer's mood."""
        found = self._connection.execute(_FIND_PAST, {"conversation": conversation_id, "back": back})
        return tuple(past_message_from(row) for row in found)

    def close_turn(self, message_id: MessageId, outcome: TurnOutcome) -> bool:
        """Say how a pending turn ended; False when it was not pending any more."""
        reading = None if outcome.emotion is None else outcome.emotion.as_document()
        gaps = {
            "message": message_id,
            "state": outcome.state.value,
            "spoken": outcome.language,
            "reading": reading,
            "meant": outcome.intent,
        }
        return self._connection.execute(_CLOSE_TURN, gaps).rowcount == 1

    def insert_attempt(self, conversation_id: ConversationId, order_number: str, now: datetime) -> None:
        """Add a try to identify oneself; it counts as failed until it is forgiven."""
        attempt = {"conversation_id": conversation_id, "order_number": order_number, "created_at": now}
        self._connection.execute(insert(_attempts), attempt | {"succeeded": False})

    def count_failed_attempts(
        self, conversation_id: ConversationId, order_number: str, since: datetime
    ) -> tuple[int, int]:
        """Failed tries of this conversation ever, and of anybody with this order since a moment."""
        failed = _attempts.c.succeeded.is_(False)
        here = select(func.count()).where(failed, _attempts.c.conversation_id == conversation_id)
        for_order = select(func.count()).where(
            failed, _attempts.c.order_number == order_number, _attempts.c.created_at >= since
        )
        counts = self._connection.execute(select(here.scalar_subquery(), for_order.scalar_subquery())).one()
        return counts[0], counts[1]

    def forgive_last_attempt(self, conversation_id: ConversationId, order_number: str) -> None:
        """Turn the last try of this conversation with this order into a success."""
        last = (
            select(func.max(_attempts.c.id))
            .where(_attempts.c.conversation_id == conversation_id, _attempts.c.order_number == order_number)
            .scalar_subquery()
        )
        self._connection.execute(update(_attempts).where(_attempts.c.id == last).values(succeeded=True))
