"""The shapes of what agents read: a customer's API with how messages feel."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from balie.gateway.schemas import MessageShape, StandingShape
from balie.kernel.emotion import EmotionLabel


class EmotionShape(BaseModel):
    """How a customer's message reads. One message says little: `mood` of the conversation says more."""

    model_config = ConfigDict(extra="forbid", title="Emotion")

    label: EmotionLabel
    probabilities: dict[EmotionLabel, float] = Field(description="Of each emotion, in [0, 1], together 1.")
    model: str = Field(description="Version of the classifier.")
    known: bool = Field(description="False for text that the classifier was not made for.")


class AgentMessageShape(MessageShape):
    """A message as agents see it."""

    model_config = ConfigDict(extra="forbid", title="AgentMessage")

    emotion: EmotionShape | None = Field(
        description="Only on customers' messages; null before it was read, and when it was not."
    )
    response: str | None = Field(description="Name of the content behind an assistant's message.")


class AgentMessageList(StandingShape):
    """Messages in order of sequence, at most 500: ask again with `after` while `last_sequence` is higher."""

    messages: list[AgentMessageShape]
    last_sequence: int = Field(ge=0)


class MovedBy(BaseModel):
    """The message that did most for the mood."""

    message_id: UUID
    sequence: int
    text: str


class StanceShape(BaseModel):
    """What the mood calls for (docs/emotion-policy.md)."""

    model_config = ConfigDict(title="Stance")

    allows_offers: bool = Field(description="Whether products, promotions or a review may be brought up.")
    invites: bool = Field(description="Whether this is a moment to recommend, or to ask for a review.")
    is_brief: bool = Field(description="Whether short answers help now.")
    offers_person: bool = Field(description="Whether the customer is offered a person.")
    priority: Literal["normal", "raised", "high"]


class MoodShape(BaseModel):
    """How a customer has been feeling over the last turns; nobody else's mood is read."""

    model_config = ConfigDict(title="Mood")

    leading: EmotionLabel
    strength: float = Field(description="Of the leading emotion, in [0, 1].")
    strengths: dict[EmotionLabel, float] = Field(description="Of every emotion, together 1.")
    angry_turns: int = Field(description="How many of the last eight turns were angry.")
    confused_turns: int
    turns_since_anger: int | None = Field(description="0: now; null: not in the last eight turns.")
    moved_by: MovedBy | None = Field(description="Null in calm.")
    stance: StanceShape
