"""What agents write, to the customer and to each other, within one transaction; ``service.py`` says when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from balie.conversations.errors import ConversationNotFoundError, MessageNotFoundError
from balie.conversations.photo_files import RedrawnPhoto
from balie.conversations.repository import RepeatedMessageError
from balie.conversations.rows import Placed
from balie.conversations.views import Author, Message, NewReply, PhotoMark, RecordedMessage
from balie.handoff.answers_by_mail import mail_answer
from balie.handoff.book import Book
from balie.handoff.errors import HandoffNotFoundError, NotYourConversationError
from balie.handoff.views import Handoff, Note
from balie.kernel.ids import ConversationId, MessageId, PhotoId
from balie.storage.unit_of_work import run_within

LONGEST_NOTE: Final = 4000
LONGEST_MESSAGE: Final = 4000


@dataclass(frozen=True, slots=True)
class Said:
    """What an agent says to the customer: ``text``, or a photo without words.

    Attributes:
        is_seen: Whether the customer has the conversation in front of them.
    """

    client_message_id: UUID
    text: str = ""
    photo: RedrawnPhoto | None = None
    is_seen: bool = True


def write_to_customer(
    book: Book, conversation_id: ConversationId, agent_id: int, said: Said
) -> RecordedMessage:
    """Put what an agent says into the conversation; one that was put aside is taken up again with it.

    Raises:
        ConversationNotFoundError: No such conversation.
        HandoffNotFoundError: Nobody has it.
        NotYourConversationError: Somebody else has it.
        RepeatedMessageError: It stands there already; the transaction must be given up.
    """
    conversation = book.conversations.take_sequence_numbers(conversation_id, 1, book.now)
    if conversation is None:
        raise ConversationNotFoundError
    if book.conversations.find_by_client_message_id(conversation_id, said.client_message_id) is not None:
        # Before the owner is looked at: it arrived, whoever has the conversation by now.
        raise RepeatedMessageError
    handoff = _own(book, conversation_id, agent_id)
    placed = Placed(
        conversation_id,
        conversation.last_sequence,
        book.now,
        Author.AGENT,
        agent_id=agent_id,
        client_message_id=said.client_message_id,
    )
    message_id = book.conversations.insert_line(placed, NewReply(said.text, (), None, handoff.language))
    if said.photo is not None:
        mark = PhotoMark(PhotoId(uuid4()), said.photo.width, said.photo.height)
        message = _stored(book, conversation_id, message_id)
        book.conversations.insert_photo(conversation_id, message, mark, said.photo.jpeg)
    columns: dict[str, Any] = {"snoozed_until": None}
    if handoff.first_reply_at is None:
        columns["first_reply_at"] = book.now
    book.handoffs.change(handoff.id, columns)
    stored = _stored(book, conversation_id, message_id)
    if handoff.wish is not None and said.text and not said.is_seen:
        name = book.name_of(agent_id) or ""
        run_within(book.connection, lambda session: mail_answer(session, book, handoff, stored, name))
    return RecordedMessage(stored, duplicate=False)


def write_note(
    book: Book, conversation_id: ConversationId, agent_id: int | None, note_id: UUID, text: str
) -> Note:
    """Keep what agents tell each other; the same id again is the note that stands there.

    Raises:
        ConversationNotFoundError: No such conversation, or another one has the note.
    """
    conversation = book.conversations.find_conversation(conversation_id)
    if conversation is None:
        raise ConversationNotFoundError
    note = Note(note_id, conversation_id, agent_id, conversation.last_sequence, text, book.now)
    if book.handoffs.insert_note(note):
        return note
    first = book.handoffs.find_note(note_id)
    if first is None or first.conversation_id != conversation_id:
        raise ConversationNotFoundError
    return first


def _own(book: Book, conversation_id: ConversationId, agent_id: int) -> Handoff:
    open_one = book.handoffs.find_open(conversation_id)
    if open_one is None:
        raise HandoffNotFoundError
    if not open_one.is_of(agent_id):
        raise NotYourConversationError
    return open_one


def _stored(book: Book, conversation_id: ConversationId, message_id: MessageId) -> Message:
    message = book.conversations.find_message(conversation_id, message_id)
    if message is None:
        raise MessageNotFoundError
    return message
