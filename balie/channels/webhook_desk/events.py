"""What a webhook desk may send us (docs/webhook-desk.md)."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from balie.channels.errors import DeskEventInvalidError
from balie.channels.kinds import WEBHOOK_DESK
from balie.channels.signed_webhooks.reading import read_event
from balie.channels.views import NewEvent
from balie.handoff.kinds import ResolutionCode

LARGEST_NUMBER = 2**31 - 1
LONGEST_TEXT = 10_000

Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Nothing(_Shape):
    """No facts."""


class Spoken(_Shape):
    """What an agent wrote."""

    text: Text


class Ended(_Shape):
    """How it ended, for whoever is next."""

    code: ResolutionCode | None = None
    note: Annotated[str, Field(max_length=LONGEST_TEXT)] | None = None


class _Event(_Shape):
    id: UUID
    conversation_id: UUID
    number: Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]


class Accept(_Event):
    """An agent has the conversation."""

    type: Literal["accept"]
    data: Nothing = Nothing()


class Say(_Event):
    """An agent writes to the customer."""

    type: Literal["message"]
    data: Spoken


class WriteNote(_Event):
    """An agent writes something for other agents."""

    type: Literal["note"]
    data: Spoken


class Resolve(_Event):
    """The agent's work is done."""

    type: Literal["resolve"]
    data: Ended = Ended()


class Return(_Event):
    """The assistant is to go on."""

    type: Literal["return"]
    data: Ended = Ended()


DeskEvent = Annotated[Accept | Say | WriteNote | Resolve | Return, Field(discriminator="type")]

_EVENTS: TypeAdapter[DeskEvent] = TypeAdapter(DeskEvent)


def read_desk_event(content: bytes | dict[str, Any]) -> DeskEvent:
    """An event.

    Raises:
        DeskEventInvalidError: It is none of them; the text says where, and quotes nothing.
    """
    return read_event(_EVENTS, content, DeskEventInvalidError)


def as_stored(event: DeskEvent) -> NewEvent:
    """The event as it is stored before it is taken up."""
    return NewEvent(
        channel=WEBHOOK_DESK,
        key=str(event.id),
        thread=str(event.conversation_id),
        kind=event.type,
        body=event.model_dump(mode="json"),
    )
