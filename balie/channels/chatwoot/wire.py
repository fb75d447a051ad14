"""What Chatwoot's webhooks say, as far as we listen (shared facts: docs/chatwoot.md)."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from balie.channels.errors import DeskEventInvalidError
from balie.channels.kinds import CHATWOOT
from balie.channels.views import Facts, NewEvent

MESSAGE_CREATED: Final = "message_created"
MESSAGE_UPDATED: Final = "message_updated"
OPENED: Final = "conversation_opened"
RESOLVED: Final = "conversation_resolved"
TRIGGERED: Final = "webwidget_triggered"
EVENTS: Final = frozenset({MESSAGE_CREATED, MESSAGE_UPDATED, OPENED, RESOLVED, TRIGGERED})

OUR_MARK: Final = "balie"
"""Among the ``content_attributes`` of what we send: by it we know our own messages again."""

_TYPES_BY_NUMBER: Final = {0: "incoming", 1: "outgoing", 2: "activity", 3: "template"}


class _FromChatwoot(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Sender(_FromChatwoot):
    type: str | None = None


class _Meta(_FromChatwoot):
    assignee: dict[str, Any] | None = None


class Attachment(_FromChatwoot):
    """A file of the customer's."""

    id: int
    file_type: str = "file"
    data_url: str | None = None

    @property
    def photo_url(self) -> str:
        """Where the photo is; empty when it is none."""
        return (self.data_url or "") if self.file_type == "image" else ""


class Conversation(_FromChatwoot):
    """How a conversation stands over there, in the moment of an event."""

    id: int
    status: str
    meta: _Meta = _Meta()
    additional_attributes: dict[str, Any] = {}
    custom_attributes: dict[str, Any] = {}
    first_reply_created_at: Any = None
    updated_at: float = 0.0

    @field_validator("updated_at", mode="before")
    @classmethod
    def _without_a_time_it_is_old(cls, value: object) -> object:
        return value if isinstance(value, int | float) else 0.0

    @field_validator("meta", "additional_attributes", "custom_attributes", mode="before")
    @classmethod
    def _null_is_nothing(cls, value: object) -> object:
        return {} if value is None else value

    @property
    def is_assigned(self) -> bool:
        """Whether a person has it."""
        return bool(self.meta.assignee)

    @property
    def language(self) -> str | None:
        """Of the customer's browser."""
        told = self.additional_attributes.get("browser_language")
        return told[:2].lower() if isinstance(told, str) and told[:2].isalpha() and len(told) >= 2 else None


class Message(_FromChatwoot):
    """A message over there."""

    id: int
    content: str | None = None
    content_type: str = "text"
    content_attributes: dict[str, Any] = {}
    message_type: str
    private: bool = False
    sender: _Sender | None = None
    attachments: list[Attachment] = []

    @field_validator("message_type", mode="before")
    @classmethod
    def _number_or_word(cls, value: object) -> object:
        return _TYPES_BY_NUMBER.get(value, "unknown") if isinstance(value, int) else value

    @field_validator("content_attributes", "attachments", mode="before")
    @classmethod
    def _null_is_nothing(cls, value: object, info: Any) -> object:
        return ([] if info.field_name == "attachments" else {}) if value is None else value

    @property
    def our_key(self) -> str | None:
        """The key of the call that brought it there; None when it is not ours."""
        mark = self.content_attributes.get(OUR_MARK)
        return mark if isinstance(mark, str) else None

    @property
    def is_from_customer(self) -> bool:
        """Whether a contact wrote it, for everybody to read."""
        kind = None if self.sender is None else self.sender.type
        return self.message_type == "incoming" and not self.private and kind in {None, "contact"}

    @property
    def is_from_agent(self) -> bool:
        """Whether a person at the desk wrote it to the customer."""
        by_person = self.sender is not None and self.sender.type == "user"
        return self.message_type == "outgoing" and not self.private and by_person

    @property
    def submitted_value(self) -> str | None:
        """What the customer chose of the options that this message offered."""
        values = self.content_attributes.get("submitted_values")
        first = values[0] if isinstance(values, list) and values else None
        chosen = first.get("value") if isinstance(first, dict) else None
        return chosen if isinstance(chosen, str) else None


class Heard(BaseModel):
    """An event, read: about which conversation, and the message, if it is about one."""

    kind: str
    conversation: Conversation
    message: Message | None = None


def as_event(body: Facts, account: int) -> NewEvent | None:
    """An event to store; None for what is none of ours.

    Args:
        body: What Chatwoot sent.
        account: Our account's number.

    Raises:
        DeskEventInvalidError: It is no event of Chatwoot.
    """
    kind = body.get("event")
    if not isinstance(kind, str):
        raise DeskEventInvalidError("it has no `event`")
    if kind not in EVENTS or not _is_of_account(body, account):
        return None
    subject, conversation = body.get("id"), body.get("conversation")
    thread = conversation.get("id") if isinstance(conversation, dict) else subject
    if kind == TRIGGERED:
        subject, thread = subject or 0, f"widget:{subject}"
    if subject is None or thread is None:
        raise DeskEventInvalidError("it has no `id`")
    # A message is created once; anything else may be told several times, and differs then.
    print_ = "" if kind == MESSAGE_CREATED else f":{_print_of(body)}"
    return NewEvent(
        channel=CHATWOOT, key=f"{kind}:{subject}{print_}", thread=str(thread), kind=kind, body=dict(body)
    )


def echo_of(event: NewEvent) -> str | None:
    """The key of the call whose message Chatwoot tells us of; None when it tells of something else."""
    attributes = event.body.get("content_attributes")
    mark = attributes.get(OUR_MARK) if isinstance(attributes, dict) else None
    return mark if event.kind == MESSAGE_CREATED and isinstance(mark, str) else None


def read_event(kind: str, body: Facts) -> Heard:
    """What a stored event says.

    Raises:
        DeskEventInvalidError: It lacks what events of this kind have.
    """
    try:
        if kind in {MESSAGE_CREATED, MESSAGE_UPDATED}:
            conversation = Conversation.model_validate(body.get("conversation"))
            return Heard(kind=kind, conversation=conversation, message=Message.model_validate(body))
        return Heard(kind=kind, conversation=Conversation.model_validate(body))
    except ValidationError as error:
        # Without the error's own text: it quotes what was sent.
        places = ", ".join(".".join(map(str, problem["loc"])) for problem in error.errors())
        raise DeskEventInvalidError(places) from None


def _is_of_account(body: Facts, account: int) -> bool:
    told = body.get("account")
    number = told.get("id") if isinstance(told, dict) else body.get("account_id")
    return number in {None, account}


def _print_of(body: Facts) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:24]
