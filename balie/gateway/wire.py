"""How conversations look on the wire: the same over HTTP and over the socket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from balie.conversations.views import Message, MessagePage, PhotoMark, RecordedMessage, VisibleButton
from balie.kernel.errors import BalieError, ErrorKind

Json = dict[str, Any]


def message_json(message: Message) -> Json:
    """A message as clients see it (``schemas.MessageShape`` describes it)."""
    shape: Json = {
        "id": str(message.id),
        "sequence": message.sequence,
        "author": message.author.value,
        "text": message.text,
        "language": message.language,
        "buttons": [_button_json(button) for button in message.buttons],
        "photos": [_photo_json(photo) for photo in message.photos],
        "created_at": message.created_at.isoformat(),
    }
    if message.client_message_id is not None:
        shape["client_message_id"] = str(message.client_message_id)
    return shape


def accepted_json(recorded: RecordedMessage) -> Json:
    """That a message is stored (``schemas.MessageAccepted`` describes it)."""
    return {"message": message_json(recorded.message), "duplicate": recorded.duplicate}


def agent_message_json(message: Message) -> Json:
    """A message as agents see it (``agent_schemas.AgentMessageShape`` describes it)."""
    return {
        **message_json(message),
        "emotion": None if message.emotion is None else message.emotion.as_document(),
        "response": message.response,
    }


def agent_page_json(page: MessagePage) -> Json:
    """A list of messages as agents see it."""
    return {**page_json(page), "messages": [agent_message_json(message) for message in page.messages]}


def page_json(page: MessagePage) -> Json:
    """A list of messages with where the conversation stands."""
    return {
        "messages": [message_json(message) for message in page.messages],
        "last_sequence": page.last_sequence,
        "status": page.status.value,
        "language": page.language,
    }


def error_json(code: str, message: str, data: Mapping[str, Any] | None = None) -> Json:
    """The body of every error; ``data`` only of errors that have some."""
    return {"error": {"code": code, "message": message, **({} if data is None else {"data": dict(data)})}}


def public_text(error: BalieError) -> str:
    """What outsiders are told; what a database or Rasa says about itself is for the log."""
    return "Temporarily unavailable: try again." if error.kind is ErrorKind.UNAVAILABLE else str(error)


def error_event(error: BalieError) -> Json:
    """An error as a socket event; the socket stays open."""
    return {"type": "error", **error_json(error.code, public_text(error), error.data)}


def message_event(message: Message) -> Json:
    """A message as a socket event."""
    return {"type": "message", "message": message_json(message)}


def status_event(page: MessagePage) -> Json:
    """Who owns the conversation now, and which language it is in."""
    return {"type": "status", "status": page.status.value, "language": page.language}


def basket_event() -> Json:
    """That the basket has changed: it is read anew, not sent along."""
    return {"type": "basket"}


def typing_event(*, active: bool) -> Json:
    """Whether the assistant is preparing an answer."""
    return {"type": "typing", "author": "assistant", "active": active}


def _photo_json(photo: PhotoMark) -> Json:
    return {"id": str(photo.id), "width": photo.width, "height": photo.height}


def _button_json(button: VisibleButton) -> Json:
    if button.url is not None:
        return {"url": button.url, "title": button.title}
    return {"id": button.id, "title": button.title}
