"""Between rows and views, in both directions; touches no database."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from balie.conversations.cards import ProductCard
from balie.conversations.status import ConversationStatus
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
    TurnState,
    VisibleButton,
)
from balie.kernel.emotion import Emotion
from balie.kernel.ids import ConversationId, MessageId, PhotoId

BUTTON_ID_BYTES = 12

HANDED_BACK = "handed_back"
"""The slot that says that an agent has dealt with what was being asked."""

Columns = dict[str, Any]


def conversation_from(row: Any) -> Conversation:
    """A conversation as the service sees it."""
    return Conversation(
        id=ConversationId(row.id),
        status=ConversationStatus(row.status),
        page_language=row.page_language,
        explicit_language=row.explicit_language,
        language=row.language,
        recent_languages=tuple(row.recent_languages),
        customer_id=row.customer_id,
        proof=None if row.proof is None else Proof(row.proof),
        proven_order_number=row.proven_order_number,
        proven_at=row.proven_at,
        last_sequence=row.last_sequence,
        created_at=row.created_at,
        assistant_helps=row.assistant_helps,
        slots=row.slots,
        handoff_number=row.handoff_number,
        channel=row.channel,
        heard_via=row.heard_via,
    )


def columns_of(conversation: Conversation, channel: str) -> Columns:
    """A new conversation as it is stored."""
    return {
        "id": conversation.id,
        "channel": channel,
        "heard_via": channel,
        "status": conversation.status.value,
        "page_language": conversation.page_language,
        "explicit_language": conversation.explicit_language,
        "language": conversation.language,
        "recent_languages": list(conversation.recent_languages),
        "customer_id": conversation.customer_id,
        "proof": None if conversation.proof is None else conversation.proof.value,
        "proven_order_number": conversation.proven_order_number,
        "proven_at": conversation.proven_at,
        "slots": {},
        "assistant_helps": False,
        "handoff_number": 0,
        "customer_read": 0,
        "agent_read": 0,
        "last_sequence": conversation.last_sequence,
        "created_at": conversation.created_at,
        "last_active_at": conversation.created_at,
    }


def message_from(row: Any) -> Message:
    """A message as the service sees it."""
    return Message(
        id=MessageId(row.id),
        sequence=row.sequence,
        author=Author(row.author),
        text=row.text,
        language=row.language,
        buttons=tuple(VisibleButton(**button) for button in row.buttons),
        created_at=row.created_at,
        client_message_id=row.client_message_id,
        response=row.response,
        emotion=_emotion_from(row.emotion),
        opening=row.opening,
        remark=row.remark,
        photos=() if row.photo_id is None else (photo_mark_from(row),),
        agent_id=row.agent_id,
        intent=row.intent,
        edited_at=row.edited_at,
        cards=tuple(map(ProductCard.from_document, row.cards or ())),
    )


def photo_mark_from(row: Any) -> PhotoMark:
    """What a message says of its photo."""
    return PhotoMark(PhotoId(row.photo_id), row.photo_width, row.photo_height)


def photo_view_from(row: Any) -> PhotoView:
    """A photo as the service sees it."""
    return PhotoView(
        id=PhotoId(row.id),
        message_id=MessageId(row.message_id),
        jpeg=row.jpeg,
        width=row.width,
        height=row.height,
        created_at=row.created_at,
    )


def photo_columns(conversation_id: ConversationId, message: Message, mark: PhotoMark, jpeg: bytes) -> Columns:
    """A photo as it is stored."""
    return {
        "id": mark.id,
        "conversation_id": conversation_id,
        "message_id": message.id,
        "jpeg": jpeg,
        "width": mark.width,
        "height": mark.height,
        "size_bytes": len(jpeg),
        "created_at": message.created_at,
    }


def past_message_from(row: Any) -> PastMessage:
    """A message without its words."""
    return PastMessage(
        id=MessageId(row.id),
        sequence=row.sequence,
        author=Author(row.author),
        pressed=row.pressed,
        emotion=_emotion_from(row.emotion),
        response=row.response,
        opening=row.opening,
        remark=row.remark,
    )


def _emotion_from(document: dict[str, Any] | None) -> Emotion | None:
    return None if document is None else Emotion.from_document(document)


def page_from(rows: Sequence[Any]) -> MessagePage | None:
    """A page from the conversation joined with its messages; a conversation without any has one empty row."""
    if not rows:
        return None
    messages = tuple(message_from(row) for row in rows if row.id is not None)
    first = rows[0]
    return MessagePage(
        messages,
        first.last_sequence,
        ConversationStatus(first.status),
        first.conversation_language,
        assistant_helps=first.assistant_helps,
        customer_read=first.customer_read,
        agent_read=first.agent_read,
    )


def customer_message_columns(
    conversation_id: ConversationId, message: Message, payload: str | None, state: TurnState
) -> Columns:
    """A new message of a customer as it is stored."""
    return {
        "id": message.id,
        "conversation_id": conversation_id,
        "sequence": message.sequence,
        "author": message.author.value,
        "text": message.text,
        "language": message.language,
        "buttons": [],
        "cards": None,
        "client_message_id": message.client_message_id,
        "payload": payload,
        "turn_state": state.value,
        "in_reply_to": None,
        "response": None,
        "emotion": None,
        "opening": None,
        "remark": None,
        "created_at": message.created_at,
    }


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a message that is not a customer's stands, and who says it.

    Attributes:
        in_reply_to: The customer's message that it answers.
        client_message_id: The sender's own, by which repeats are known.
    """

    conversation_id: ConversationId
    sequence: int
    at: datetime
    author: Author = Author.ASSISTANT
    in_reply_to: MessageId | None = None
    agent_id: int | None = None
    client_message_id: UUID | None = None


def reply_columns(placed: Placed, reply: NewReply) -> tuple[Columns, list[Columns]]:
    """A message as it is stored, and what its buttons mean."""
    message_id = uuid4()
    visible: list[Columns] = []
    meanings: list[Columns] = []
    for button in reply.buttons:
        of_card: Columns = {} if button.card is None else {"card": button.card}
        if button.url is not None:
            visible.append({"url": button.url, "title": button.title, **of_card})
            continue
        button_id = secrets.token_urlsafe(BUTTON_ID_BYTES)
        visible.append({"id": button_id, "title": button.title, **of_card})
        meanings.append(
            {
                "id": button_id,
                "conversation_id": placed.conversation_id,
                "message_id": message_id,
                "title": button.title,
                "payload": button.payload,
            }
        )
    return _reply_message_columns(placed, reply) | {
        "id": message_id,
        "buttons": visible,
    }, meanings


def _reply_message_columns(placed: Placed, reply: NewReply) -> Columns:
    return {
        "conversation_id": placed.conversation_id,
        "sequence": placed.sequence,
        "author": placed.author.value,
        "agent_id": placed.agent_id,
        "text": reply.text,
        "cards": [card.as_document() for card in reply.cards] or None,
        "language": reply.language,
        "client_message_id": placed.client_message_id,
        "payload": None,
        "turn_state": TurnState.NONE.value,
        "in_reply_to": placed.in_reply_to,
        "response": reply.response,
        "emotion": None,
        "opening": reply.opening,
        "remark": reply.remark,
        "created_at": placed.at,
    }


def pending_turn_from(conversation_id: ConversationId, row: Any) -> PendingTurn:
    """A message that waits, with what is known about its conversation."""
    return PendingTurn(
        conversation_id=conversation_id,
        message_id=MessageId(row.id),
        text=row.text,
        payload=row.payload,
        page_language=row.page_language,
        explicit_language=row.explicit_language,
        recent_languages=tuple(row.recent_languages),
        sequence=row.sequence,
        status=ConversationStatus(row.status),
        assistant_helps=row.assistant_helps,
        had_handoff=row.handoff_number > 0,
        handed_back=HANDED_BACK in row.slots,
    )
