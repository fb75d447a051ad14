"""What the rest of the service sees of handoffs: plain values, never rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from balie.agents.kinds import Presence
from balie.conversations.status import ConversationStatus
from balie.handoff.kinds import HandoffState, Reason, ResolutionCode, Step, Wish
from balie.handoff.priority import Because
from balie.handoff.waiting import WaitRange
from balie.kernel.ids import ConversationId

OWN_DESK: Final = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """The passing of one conversation to agents, as it stands.

    Attributes:
        facts: What the reason rests on, and what is being asked of the customer.
        desk: ``own``, or where else its agents work.
        requested_at: Since when the customer waits.
        queued_at: Since when it is in this queue.
        agent_id: Who has it, or had it last.
        contact: Where the customer wants to be reached. Personal.
        note: What the last agent wrote for whoever is next. Never for the customer.
    """

    id: UUID
    conversation_id: ConversationId
    state: HandoffState
    reason: Reason
    facts: Mapping[str, Any]
    desk: str
    team: str
    language: str
    topic: str | None
    band: str
    mood: str
    requested_at: datetime
    queued_at: datetime
    offered_to: int | None
    offer_expires_at: datetime | None
    agent_id: int | None
    accepted_at: datetime | None
    first_reply_at: datetime | None
    first_reply_due_at: datetime | None
    snoozed_until: datetime | None
    wish: Wish | None
    contact: str | None
    promised_at: datetime | None
    code: ResolutionCode | None
    note: str | None
    ended_at: datetime | None

    def is_of(self, agent_id: int) -> bool:
        """Whether this agent has it now."""
        return self.state is HandoffState.ACCEPTED and self.agent_id == agent_id


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentOnDuty:
    """Somebody who may answer customers; ``presence`` says whether they take any now."""

    id: int
    display_name: str
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    teams: tuple[str, ...]
    capacity: int
    presence: Presence
    presence_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffRequest:
    """That a person is needed.

    Attributes:
        facts: What the reason rests on: how many angry turns, which case.
        due_at: By when an agent should have answered; None: nobody counts.
        position: The place in the queue that the customer is told.
        desk: ``own``, or where else its agents work.
    """

    reason: Reason
    team: str
    language: str
    topic: str | None = None
    band: str = "new"
    mood: str = "normal"
    facts: Mapping[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    position: int = 1
    desk: str = OWN_DESK


@dataclass(frozen=True, slots=True)
class HandoffEvent:
    """One step that a handoff took; a conversation's steps are numbered without gaps."""

    number: int
    step: Step
    state: HandoffState
    agent_id: int | None
    at: datetime
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Note:
    """What an agent wrote for other agents."""

    id: UUID
    conversation_id: ConversationId
    agent_id: int | None
    after_sequence: int
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskItem:
    """A conversation as a desk lists it.

    Attributes:
        channel: Where it began.
        heard_via: The channel by which the customer is reached.
        customer_name: None while nobody knows who it is.
        last_text: The last message, cut short.
        mood_leading: Of the customer's last message; None when it was not read.
        unread: How many messages of the customer its agent has not seen.
        number: Of the last step.
        position: Its place in its team's queue; None when it does not wait.
        next_reply_due_at: By when its agent should answer; None when the customer waits for no answer.
        resolution_due_at: By when it should be over; None when it is.
    """

    handoff: Handoff
    status: ConversationStatus
    channel: str
    heard_via: str
    customer_id: int | None
    customer_name: str | None
    last_sequence: int
    last_text: str
    last_author: str
    last_at: datetime
    mood_leading: str | None
    mood_strength: float | None
    unread: int
    customer_read: int
    agent_read: int
    number: int
    why: Sequence[Because] = ()
    points: int = 0
    position: int | None = None
    next_reply_due_at: datetime | None = None
    resolution_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a waiting customer stands."""

    position: int
    wait: WaitRange | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the customer is shown of it all, all the time.

    Attributes:
        place: None when nobody is waited for.
        agent_name: Who has the conversation; None when no agent has.
    """

    place: Place | None = None
    agent_name: str | None = None
    agent_read: int = 0
    assistant_helps: bool = False
