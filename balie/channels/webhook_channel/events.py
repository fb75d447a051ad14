"""What the other side of a webhook channel may send us (docs/webhook-channel.md)."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from balie.channels.errors import ChannelEventInvalidError
from balie.channels.kinds import WEBHOOK_CHANNEL
from balie.channels.signed_webhooks.reading import read_event
from balie.channels.views import NewEvent

LONGEST_TEXT: Final = 10_000
LONGEST_PHOTO: Final = 20_000_000
"""In base64; a body that is larger is not read at all."""

Id = Annotated[str, Field(min_length=1, max_length=100)]
Chat = Annotated[str, Field(min_length=1, max_length=100)]
Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]


class _Event(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: Id
    chat: Chat
    language: Annotated[str, Field(max_length=35)] | None = None

    @property
    def language_code(self) -> str | None:
        """The language alone: ``nl`` of ``nl-BE``."""
        code = (self.language or "")[:2].lower()
        return code if len(code) == 2 and code.isascii() and code.isalpha() else None


class Say(_Event):
    """The customer wrote something."""

    type: Literal["message"]
    text: Text


class Press(_Event):
    """The customer pressed a button of ours."""

    type: Literal["press"]
    button_id: Annotated[str, Field(min_length=1, max_length=64)]


class SendPhoto(_Event):
    """The customer sent a photo, maybe with words under it."""

    type: Literal["photo"]
    photo_base64: Annotated[str, Field(min_length=1, max_length=LONGEST_PHOTO)]
    text: Annotated[str, Field(max_length=LONGEST_TEXT)] = ""


class SendOther(_Event):
    """The customer sent something that no assistant reads: a voice message, a place."""

    type: Literal["other"]
    what: Annotated[str, Field(max_length=40)] = "other"


class Edit(_Event):
    """The customer put other words in the place of what they wrote.

    Attributes:
        message: ``id`` of the event that brought what they wrote.
    """

    type: Literal["edit"]
    message: Id
    text: Text


class Start(_Event):
    """The customer opened the conversation over there, or can be reached again.

    Attributes:
        code: By which they go on with a conversation that was begun on the website.
    """

    type: Literal["started"]
    code: Annotated[str, Field(max_length=64)] = ""


class Stop(_Event):
    """The customer cannot be reached there any more: they said so, or blocked us."""

    type: Literal["stopped"]


ChannelEvent = Annotated[
    Say | Press | SendPhoto | SendOther | Edit | Start | Stop, Field(discriminator="type")
]

_EVENTS: TypeAdapter[ChannelEvent] = TypeAdapter(ChannelEvent)


def read_channel_event(content: bytes | dict[str, Any]) -> ChannelEvent:
    """An event.

    Raises:
        ChannelEventInvalidError: It is none of them; the text says where, and quotes nothing.
    """
    return read_event(_EVENTS, content, ChannelEventInvalidError)


def as_stored(event: ChannelEvent) -> NewEvent:
    """The event as it is stored before it is acknowledged."""
    return NewEvent(
        channel=WEBHOOK_CHANNEL,
        key=event.id,
        thread=event.chat,
        kind=event.type,
        body=event.model_dump(mode="json"),
    )
