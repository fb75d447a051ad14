"""The shapes of the queue, of conversations, and of what agents do with them, as they come in and go out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from balie.gateway.agent_schemas import AgentMessageShape
from balie.gateway.schemas import Status
from balie.handoff.kinds import HandoffState, Reason, ResolutionCode, Step, Wish
from balie.kernel.emotion import EmotionLabel

LARGEST_NUMBER = 2**31 - 1

AsOf = Annotated[
    int | None,
    Field(
        ge=0,
        le=LARGEST_NUMBER,
        description="`number` of the last step one knew of: after another one nothing is done.",
    ),
]
Note = Annotated[str | None, StringConstraints(max_length=10_000), Field(description="For colleagues alone.")]


class _Incoming(BaseModel):
    model_config = ConfigDict(extra="forbid")


class StepWish(_Incoming):
    """A step that needs no more words."""

    as_of: AsOf = None


class SnoozeWish(_Incoming):
    """Until when a conversation is put aside."""

    until: AwareDatetime
    as_of: AsOf = None


class TransferWish(_Incoming):
    """To whom a conversation goes: either a team, or one colleague."""

    team: Annotated[str | None, StringConstraints(max_length=60)] = None
    agent_id: int | None = Field(None, ge=1, le=LARGEST_NUMBER)
    note: Note = None
    as_of: AsOf = None

    @model_validator(mode="after")
    def _goes_to_one(self) -> Self:
        if (self.team is None) == (self.agent_id is None):
            raise ValueError("give either team or agent_id")
        return self


class ResolveWish(_Incoming):
    """How a conversation ended."""

    code: ResolutionCode
    note: Note = None
    as_of: AsOf = None


class ReturnWish(_Incoming):
    """That the assistant goes on."""

    note: Note = None
    solved: bool | None = Field(None, description="Whether the question is answered; null: not said.")
    as_of: AsOf = None


class AgentMessageWish(_Incoming):
    """What an agent says to the customer."""

    client_message_id: UUID = Field(description="As for a customer's message: sending it again is harmless.")
    text: str = Field(description="At most 4,000 characters.")


class NoteWish(_Incoming):
    """What an agent tells colleagues."""

    client_note_id: UUID = Field(description="Becomes the note's id; sending it again is harmless.")
    text: str = Field(description="At most 4,000 characters.")


class AgentMark(BaseModel):
    """An agent, by number and by what customers call them."""

    model_config = ConfigDict(title="AgentMark")

    id: int
    display_name: str


class BecauseShape(BaseModel):
    """One thing that makes a customer urgent."""

    model_config = ConfigDict(title="Because")

    code: str
    points: int = Field(description="One for each minute of waiting, and as much for what weighs as much.")
    facts: dict[str, Any]


class CallerShape(BaseModel):
    """Who it is, as far as anybody knows."""

    model_config = ConfigDict(title="Caller")

    name: str | None
    band: str | None = Field(description="How much they have bought: new, regular, loyal or top.")


class ItemMoodShape(BaseModel):
    """How the customer's last message reads."""

    model_config = ConfigDict(title="ItemMood")

    leading: EmotionLabel
    strength: float


class QueueItemShape(BaseModel):
    """A customer who waits for a person."""

    model_config = ConfigDict(title="QueueItem")

    conversation_id: UUID
    state: HandoffState
    team: str
    language: str | None
    channel: str = Field(description="Where it began.")
    heard_via: str = Field(description="The channel by which the customer said something last.")
    customer: CallerShape
    reason: Reason
    why: list[BecauseShape] = Field(description="Heaviest first.")
    points: int = Field(description="Their sum: the queue's order.")
    waiting_since: datetime
    waited_s: int
    last_text: str | None = Field(description="Of the last message, at most 120 characters.")
    mood: ItemMoodShape | None
    offered_to: int | None
    offer_expires_at: datetime | None
    first_reply_due_at: datetime | None
    breached: bool = Field(description="Whether the first answer is late.")
    wish: Wish | None = Field(description="How somebody who does not wait wants to hear from us.")
    contact: str | None = Field(description="Where.")
    promised_at: datetime | None = Field(description="By when.")


class ConversationItemShape(QueueItemShape):
    """A conversation in a list."""

    model_config = ConfigDict(title="ConversationItem")

    agent: AgentMark | None = Field(description="Who has it, or had it last.")
    status: Status
    unread: int = Field(description="Messages of the customer that its agent has not seen.")
    last_sequence: int
    snoozed_until: datetime | None
    resolved_at: datetime | None
    code: ResolutionCode | None
    note: str | None = Field(description="What the last agent wrote for whoever is next.")
    next_reply_due_at: datetime | None = Field(description="Null when the customer waits for no answer.")
    resolution_due_at: datetime | None = Field(description="By when it should be over; null when it is.")


class Queue(BaseModel):
    """Everybody who waits, the most urgent first."""

    items: list[QueueItemShape]
    waiting: int


class ConversationList(BaseModel):
    """Conversations of a view."""

    items: list[ConversationItemShape]


class DeskMessageShape(AgentMessageShape):
    """A message as the desk shows it."""

    model_config = ConfigDict(extra="forbid", title="DeskMessage")

    agent: AgentMark | None = Field(description="Who wrote it.")  # type: ignore[assignment]
    intent: str | None = Field(description="What a customer's message was understood to be for.")


class DeskMessageAccepted(BaseModel):
    """What an agent said is stored."""

    message: DeskMessageShape
    duplicate: bool


class NoteShape(BaseModel):
    """What an agent wrote for colleagues; customers never see it."""

    model_config = ConfigDict(title="Note")

    id: UUID
    text: str
    agent: AgentMark | None
    created_at: datetime
    after_sequence: int = Field(description="The last message that stood there.")


class StepShape(BaseModel):
    """One step that a conversation took between the assistant and agents."""

    model_config = ConfigDict(title="Step")

    number: int
    kind: Step
    state: HandoffState
    at: datetime
    agent: AgentMark | None
    facts: dict[str, Any]


class ReadMarks(BaseModel):
    """Up to where each side has read."""

    customer: int
    agent: int


class ConversationPage(BaseModel):
    """A conversation: at most 500 messages, every note, every step."""

    item: ConversationItemShape
    messages: list[DeskMessageShape]
    notes: list[NoteShape]
    events: list[StepShape]
    last_sequence: int
    read: ReadMarks
    number: int = Field(description="Of the last step; `as_of` of the next one.")
