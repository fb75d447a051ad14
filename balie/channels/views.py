"""What the adapters see of links, events and calls: plain values, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from balie.conversations.status import ConversationStatus
from balie.conversations.views import Author, Message
from balie.handoff.kinds import HandoffState, Reason
from balie.handoff.states import OPEN, WAITING
from balie.kernel.ids import ConversationId

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One of our conversations, as it is known elsewhere (``ChannelLinkRow``)."""

    conversation_id: ConversationId
    channel: str
    external_id: str
    facts: Facts = field(default_factory=dict)
    planned_sequence: int = 0
    planned_number: int = 0
    last_call: int = 0
    heard_number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """Something that came in (``ChannelEventRow``)."""

    channel: str
    key: str
    thread: str
    kind: str
    body: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """An event that is safely ours.

    Attributes:
        attempts: How often it was taken up, this time included.
        link: The thread's, where whoever stored the event has read it then, and it is taken up at once.
    """

    id: int
    channel: str
    key: str
    thread: str
    kind: str
    body: Facts
    attempts: int
    received_at: datetime
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """Something that is to go out (``ChannelCallRow``)."""

    kind: str
    key: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedCall:
    """A call that one dispatcher may send, for a while.

    Attributes:
        maybe_sent: Whether an earlier try may have reached the other side.
        attempts: How often it was claimed, this time included.
        message: The one it brings, where whoever claimed it has read it already.
    """

    id: int
    conversation_id: ConversationId
    channel: str
    external_id: str
    link_facts: Facts
    number: int
    kind: str
    key: str
    facts: Facts
    attempts: int
    maybe_sent: bool
    created_at: datetime
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A message that somebody elsewhere may have to hear of.

    Attributes:
        is_outside_agents: Whether an agent at another desk wrote it, who has it already.
        created_at: When it was said.
    """

    sequence: int
    author: Author
    is_outside_agents: bool = False
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """A handoff to this desk, as far as planning needs it."""

    id: UUID
    state: HandoffState
    reason: Reason
    team: str
    language: str
    topic: str | None
    band: str
    mood: str
    requested_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.state in OPEN

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has taken it yet."""
        return self.state in WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything that a plan is made of.

    Attributes:
        handoff_number: Of the last step.
        is_being_answered: Whether the assistant is still busy with a message.
        messages: Those after ``link.planned_sequence``, in order.
        heard_via: The channel by which the customer said something last.
        customer_read: The last message that the customer has had in front of them on the website.
        passings: The handoffs to this desk, oldest first; the last ten.
    """

    link: Link
    status: ConversationStatus
    last_sequence: int
    handoff_number: int
    is_being_answered: bool
    messages: tuple[Told, ...] = ()
    passings: tuple[Passing, ...] = ()
    heard_via: str = ""
    customer_read: int = 0

    @property
    def newest(self) -> Passing | None:
        """The handoff that counts."""
        return self.passings[-1] if self.passings else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to go out, and how far the plan has looked.

    Attributes:
        facts: What the link remembers from now on.
        number: The last step of a handoff that the plan has dealt with.
    """

    calls: tuple[PlannedCall, ...]
    facts: Facts
    sequence: int
    number: int
