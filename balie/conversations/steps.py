"""What happens within one transaction, step by step; ``service.py`` says when.

Each function runs in the thread of its transaction and is undone as a whole when it raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from balie.conversations.errors import (
    ButtonNotFoundError,
    ConversationBusyError,
    ConversationNotFoundError,
    IdentificationLimitedError,
    PhotosLimitedError,
)
from balie.conversations.photo_files import RedrawnPhoto
from balie.conversations.policy import (
    ATTEMPT_WINDOW,
    PHOTO_WINDOW,
    PHOTOS_PER_WINDOW,
    attempts_left,
    could_be_button_id,
    find_titled,
    photo_payload,
    remember,
)
from balie.conversations.repository import ConversationRepository
from balie.conversations.rows import HANDED_BACK, Placed
from balie.conversations.status import ConversationStatus, TurnMode, change_status
from balie.conversations.views import (
    WEB_WIDGET,
    Author,
    Conversation,
    Message,
    NewReply,
    PendingTurn,
    PhotoMark,
    Proof,
    TurnOutcome,
    TurnState,
)
from balie.kernel.ids import ConversationId, MessageId, PhotoId

CLOSING = "!rating/"
"""Of payloads that belong to the end: whoever says how it went does not begin again."""


class OwnerChangedError(Exception):
    """A message that was only read is to be answered by now; only the service sees this."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a customer did: typed ``text``, pressed a button, sent a photo, or chose what a channel offers.

    Attributes:
        payload: What a choice means to the assistant; ``text`` is then its title.
        via: The channel it came by.
    """

    client_message_id: UUID
    text: str = ""
    button_id: str | None = None
    photo: RedrawnPhoto | None = None
    payload: str | None = None
    via: str = WEB_WIDGET


@dataclass(frozen=True, slots=True)
class Shown:
    """What a customer has shown: who they are, by which proof, and when."""

    customer_id: int
    proof: Proof
    at: datetime
    order_number: str | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """As it is stored with the conversation."""
        return {
            "customer_id": self.customer_id,
            "proof": self.proof.value,
            "proven_order_number": self.order_number,
            "proven_at": self.at,
        }


def existing(conversation: Conversation | None) -> Conversation:
    """The conversation.

    Raises:
        ConversationNotFoundError: There is none.
    """
    if conversation is None:
        raise ConversationNotFoundError
    return conversation


def record_incoming(
    repository: ConversationRepository, conversation_id: ConversationId, incoming: Incoming, now: datetime
) -> Message:
    """Number and store what a customer did.

    Raises:
        ConversationNotFoundError: No such conversation.
        ButtonNotFoundError: Not a button of this conversation.
        PhotosLimitedError: Too many photos came lately.
        RepeatedMessageError: It was stored before.
    """
    conversation = existing(repository.take_sequence_numbers(conversation_id, 1, now))
    mark = None if incoming.photo is None else _mark(incoming.photo)
    text, payload = _meaning(repository, conversation, incoming, mark)
    if payload is None or not payload.startswith(CLOSING):
        _reopen(repository, conversation)
    if conversation.heard_via != incoming.via:
        repository.update_conversation(conversation_id, {"heard_via": incoming.via})
    message = Message(
        id=MessageId(uuid4()),
        sequence=conversation.last_sequence,
        author=Author.CUSTOMER,
        text=text,
        language=None,
        buttons=(),
        created_at=now,
        client_message_id=incoming.client_message_id,
        photos=() if mark is None else (mark,),
    )
    repository.insert_customer_message(conversation_id, message, payload, TurnState.PENDING)
    if incoming.photo is not None and mark is not None:
        # After the message: a repeated photo is a repeated message before it is one too many.
        check_photos_left(repository, conversation_id, now)
        repository.insert_photo(conversation_id, message, mark, incoming.photo.jpeg)
    return message


def read_title(repository: ConversationRepository, conversation: Conversation, text: str) -> str | None:
    """What a typed text means that is the title of a button under the assistant's newest message.

    Returns:
        The button's payload; None for every other text, and where the assistant does not answer.
    """
    if conversation.mode is not TurnMode.ANSWER:
        return None
    button_id = find_titled(repository.buttons.list_newest(conversation.id), text)
    button = None if button_id is None else repository.buttons.find_button(conversation.id, button_id)
    return None if button is None else button[1]


def check_photos_left(
    repository: ConversationRepository, conversation_id: ConversationId, now: datetime
) -> None:
    """Nothing when one more photo may be sent.

    Raises:
        PhotosLimitedError: Too many came lately.
    """
    if repository.count_photos(conversation_id, since=now - PHOTO_WINDOW) >= PHOTOS_PER_WINDOW:
        raise PhotosLimitedError


def find_first_or_check(
    repository: ConversationRepository,
    conversation_id: ConversationId,
    client_message_id: UUID,
    now: datetime,
) -> Message | None:
    """The message that was sent under this id before; None when a photo may be sent under it.

    Raises:
        ConversationNotFoundError: No such conversation.
        PhotosLimitedError: Too many photos came lately.
    """
    existing(repository.find_conversation(conversation_id))
    first = repository.find_by_client_message_id(conversation_id, client_message_id)
    if first is None:
        check_photos_left(repository, conversation_id, now)
    return first


def record_outcome(
    repository: ConversationRepository,
    turn: PendingTurn,
    outcome: TurnOutcome,
    replies: Sequence[NewReply],
    now: datetime,
) -> bool:
    """Close a turn and store the replies, as far as the assistant may still speak.

    Returns:
        False, and nothing stored, when it was closed before.

    Raises:
        OwnerChangedError: It was only read but is to be answered by now; it stays pending.
    """
    if not repository.close_turn(turn.message_id, outcome):
        return False
    # From here on the conversation's row is locked: nobody becomes its owner in between.
    taken = existing(repository.take_sequence_numbers(turn.conversation_id, len(replies), now))
    if turn.mode is not taken.mode and taken.status is not ConversationStatus.WITH_AGENT:
        raise OwnerChangedError
    if replies and taken.status is ConversationStatus.WITH_AGENT:
        # What the assistant had to say comes too late: a person answers.
        repository.give_back_sequence_numbers(turn.conversation_id, len(replies))
        replies = ()
    if replies:
        first = taken.last_sequence - len(replies) + 1
        repository.insert_replies(turn, replies, first_sequence=first, now=now)
    if outcome.language is not None:
        # A pressed button says nothing about the language somebody writes in.
        typed = turn.payload is None
        memory = remember(turn.recent_languages, outcome.language) if typed else turn.recent_languages
        repository.note_language(turn.conversation_id, outcome.language, memory)
    was_handed_back = HANDED_BACK in taken.slots and not turn.handed_back
    if outcome.slots is not None and outcome.slots != taken.slots and not was_handed_back:
        repository.update_conversation(turn.conversation_id, {"slots": dict(outcome.slots)})
    return True


def move_on(
    repository: ConversationRepository, conversation_id: ConversationId, wanted: ConversationStatus
) -> Conversation:
    """Change the status as its table allows.

    Raises:
        ConversationNotFoundError: No such conversation.
        StatusChangeRefusedError: The status table has no such step.
    """
    # An update that changes nothing locks the row: nobody else decides on the same status.
    now = existing(repository.update_conversation(conversation_id, {"id": conversation_id}))
    status = change_status(now.status, wanted)
    repository.update_conversation(conversation_id, {"status": status.value})
    return replace(now, status=status)


def record_notice(
    repository: ConversationRepository,
    conversation_id: ConversationId,
    reply: NewReply,
    notice_id: UUID,
    now: datetime,
) -> None:
    """Number and store a sentence that a channel says by itself; whoever has the conversation keeps it.

    Raises:
        ConversationNotFoundError: No such conversation.
        RepeatedMessageError: It was stored before.
    """
    conversation = existing(repository.take_sequence_numbers(conversation_id, 1, now))
    placed = Placed(
        conversation_id, conversation.last_sequence, now, Author.SYSTEM, client_message_id=notice_id
    )
    repository.insert_line(placed, reply)


def may_be_erased(repository: ConversationRepository, conversation_id: ConversationId) -> bool:
    """Whether there is such a conversation; nobody becomes its owner until the transaction ends.

    Raises:
        ConversationBusyError: An agent has it.
    """
    now = repository.update_conversation(conversation_id, {"id": conversation_id})
    if now is not None and now.status is ConversationStatus.WITH_AGENT:
        raise ConversationBusyError
    return now is not None


def count_attempt(
    repository: ConversationRepository, conversation_id: ConversationId, order_number: str, now: datetime
) -> int:
    """Count one try to identify oneself; how many are left after it.

    Raises:
        ConversationNotFoundError: No such conversation.
        IdentificationLimitedError: None was left.
    """
    existing(repository.update_conversation(conversation_id, {"last_active_at": now}))
    failed_here, failed_for_order = repository.count_failed_attempts(
        conversation_id, order_number, since=now - ATTEMPT_WINDOW
    )
    left = attempts_left(failed_here=failed_here, failed_for_order=failed_for_order)
    if left == 0:
        raise IdentificationLimitedError(conversation_id)
    repository.insert_attempt(conversation_id, order_number, now)
    return left - 1


def recognise(repository: ConversationRepository, conversation_id: ConversationId, shown: Shown) -> None:
    """Remember who the customer has shown to be.

    Raises:
        ConversationNotFoundError: No such conversation.
    """
    existing(repository.update_conversation(conversation_id, shown.columns))
    if shown.order_number is not None:
        repository.forgive_last_attempt(conversation_id, shown.order_number)


def _mark(photo: RedrawnPhoto) -> PhotoMark:
    return PhotoMark(PhotoId(uuid4()), photo.width, photo.height)


def _meaning(
    repository: ConversationRepository,
    conversation: Conversation,
    incoming: Incoming,
    mark: PhotoMark | None,
) -> tuple[str, str | None]:
    """What is shown of it in words, and what it means to the assistant (None: what it says)."""
    if mark is not None:
        return "", photo_payload(mark.id)
    button_id = incoming.button_id
    if button_id is None:
        return incoming.text, incoming.payload or read_title(repository, conversation, incoming.text)
    button = (
        repository.buttons.find_button(conversation.id, button_id) if could_be_button_id(button_id) else None
    )
    if button is None:
        raise ButtonNotFoundError
    return button


def _reopen(repository: ConversationRepository, conversation: Conversation) -> None:
    """Somebody who writes again after the end is helped again."""
    if conversation.status is ConversationStatus.RESOLVED:
        status = change_status(conversation.status, ConversationStatus.WITH_ASSISTANT)
        repository.update_conversation(conversation.id, {"status": status.value})
