"""How conversations look on the wire: the same over HTTP and over the socket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from balie.conversations.views import Author, Message, MessagePage, PhotoMark, RecordedMessage, VisibleButton
from balie.handoff.views import Place, Standing
from balie.kernel.errors import BalieError, ErrorKind

Json = dict[str, Any]

NOBODY: Final[Mapping[int, str]] = {}
ALONE: Final = Standing()
"""With the assistant, as most conversations are."""


def message_json(message: Message, names: Mapping[int, str] = NOBODY) -> Json:
    """A message as clients see it (``schemas.MessageShape`` describes it).

    Args:
        message: The message.
        names: What agents are called, by number; one who is not there stays nameless.
    """
    shape: Json = {
        "id": str(message.id),
        "sequence": message.sequence,
        "author": message.author.value,
        "text": message.text,
        "language": message.language,
        "buttons": [_button_json(button) for button in message.buttons],
        "photos": [_photo_json(photo) for photo in message.photos],
        "cards": [card.as_document() for card in message.cards],
        "created_at": message.created_at.isoformat(),
    }
    if message.client_message_id is not None:
        shape["client_message_id"] = str(message.client_message_id)
    name = None if message.agent_id is None else names.get(message.agent_id)
    if name is not None:
        shape["agent"] = {"name": name}
    if message.edited_at is not None:
        shape["edited_at"] = message.edited_at.isoformat()
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


def page_json(page: MessagePage, standing: Standing = ALONE, names: Mapping[int, str] = NOBODY) -> Json:
    """A list of messages with where the conversation stands."""
    return {
        "messages": [message_json(message, names) for message in page.messages],
        "last_sequence": page.last_sequence,
        **standing_json(page, standing),
    }


def standing_json(page: MessagePage, standing: Standing) -> Json:
    """Where the conversation stands (``schemas.StandingShape`` describes it)."""
    name = standing.agent_name
    return {
        "status": page.status.value,
        "language": page.language,
        "queue": None if standing.place is None else _place_json(standing.place),
        "agent": None if name is None else {"name": name},
        "read": {"agent": page.agent_read},
        "assistant_helps": page.assistant_helps,
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


def message_event(message: Message, names: Mapping[int, str] = NOBODY) -> Json:
    """A message as a socket event."""
    return {"type": "message", "message": message_json(message, names)}


def status_event(page: MessagePage, standing: Standing) -> Json:
    """Where the conversation stands now."""
    return {"type": "status", **standing_json(page, standing)}


def basket_event() -> Json:
    """That the basket has changed: it is read anew, not sent along."""
    return {"type": "basket"}


def typing_event(*, active: bool, author: Author = Author.ASSISTANT) -> Json:
    """Whether the assistant, or an agent, is preparing an answer."""
    return {"type": "typing", "author": author.value, "active": active}


def _place_json(place: Place) -> Json:
    wait = place.wait
    minutes = None if wait is None else {"from_minutes": wait.from_minutes, "to_minutes": wait.to_minutes}
    return {"position": place.position, "wait": minutes}


def _photo_json(photo: PhotoMark) -> Json:
    return {"id": str(photo.id), "width": photo.width, "height": photo.height}


def _button_json(button: VisibleButton) -> Json:
    of_card = {} if button.card is None else {"card": button.card}
    if button.url is not None:
        return {"url": button.url, "title": button.title, **of_card}
    return {"id": button.id, "title": button.title, **of_card}
