"""Finds the conversations behind a figure, so that no number has to be believed. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from balie.handoff.kinds import HandoffState
from balie.handoff.numbers_repository import RatingFacts
from balie.handoff.numbers_rules import REPEAT_WITHIN_H, ContactFacts, HandoffFacts, Verdict
from balie.handoff.numbers_tally import Slice, mood_change

MOST_SHOWN: Final = 200


class Figure(StrEnum):
    """What can be looked behind."""

    WAITING = "waiting"
    CONVERSATIONS = "conversations"
    WITH_HANDOFF = "with_handoff"
    BY_ASSISTANT = "by_assistant"
    BY_PERSON = "by_person"
    UNSOLVED = "unsolved"
    REPEAT_24 = "repeat_24"
    REPEAT_72 = "repeat_72"
    HANDOFFS = "handoffs"
    FIRST_REPLY = "first_reply"
    LATE = "late"
    RESOLUTION = "resolution"
    RATINGS = "ratings"
    MOOD_BETTER = "mood_better"
    MOOD_SAME = "mood_same"
    MOOD_WORSE = "mood_worse"


OF_CONTACTS: Final = frozenset(
    {
        Figure.CONVERSATIONS,
        Figure.WITH_HANDOFF,
        Figure.BY_ASSISTANT,
        Figure.BY_PERSON,
        Figure.UNSOLVED,
        Figure.REPEAT_24,
        Figure.REPEAT_72,
    }
)
"""Those that are counted from conversations, not from handoffs."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A figure, or a part of one.

    Attributes:
        reason: Only handoffs for this reason.
        score: Only ratings with this score.
    """

    figure: Figure
    reason: str | None = None
    score: int | None = None


@dataclass(frozen=True, slots=True)
class Behind:
    """A conversation that a figure counts.

    Attributes:
        at: What it is dated by: the start of the conversation, the request of an agent, the question.
        why: What makes it count; nothing personal.
    """

    conversation_id: UUID
    at: datetime
    language: str
    team: str
    why: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """The newest conversations behind a figure, and how many there are."""

    items: Sequence[Behind]
    count: int


class Finder:
    """Collects what counts for one figure; takes what ``numbers_reading`` hands on."""

    def __init__(self, wanted: Wanted, now_s: int) -> None:
        self._wanted = wanted
        self._now_s = now_s
        self._newest: list[tuple[int, int, Behind]] = []
        self._count = 0

    @property
    def found(self) -> Found:
        """Everything so far, newest first; at most ``MOST_SHOWN``."""
        return Found([behind for _, _, behind in sorted(self._newest, reverse=True)], self._count)

    def take_contact(self, place: Slice, key: Any, contact: ContactFacts, verdict: Verdict) -> None:
        """Keep a conversation if it counts."""
        if self._counts_contact(contact, verdict):
            why = {"outcome": verdict.outcome, "handoffs": len(contact.handoffs)}
            self._keep(place, key, contact.started_s, why)

    def take_handoff(self, place: Slice, handoff: HandoffFacts) -> None:
        """Keep the conversation of a handoff if it counts."""
        wanted = self._wanted
        if wanted.reason in {None, handoff.reason} and self._counts_handoff(handoff):
            self._keep(place, handoff.conversation, handoff.requested_s, _why(wanted.figure, handoff))

    def take_rating(self, place: Slice, rating: RatingFacts) -> None:
        """Keep the conversation of a rating if it counts."""
        wanted = self._wanted
        answered = rating.score is not None
        if wanted.figure is Figure.RATINGS and answered and wanted.score in {None, rating.score}:
            self._keep(place, rating.conversation, rating.asked_s, {"score": rating.score})

    def take_mood(self, place: Slice, handoff: HandoffFacts, before: float, after: float) -> None:
        """Keep the conversation of a customer whose mood counts."""
        if self._wanted.figure == f"mood_{mood_change(before, after)}":
            why = {"before": round(before, 3), "after": round(after, 3)}
            self._keep(place, handoff.conversation, handoff.requested_s, why)

    def take_waiting(self, place: Slice, handoff: HandoffFacts) -> None:
        """Keep the conversation of a customer who waits now."""
        if is_waiting(handoff):
            why = {"reason": handoff.reason, "waited_s": max(0, self._now_s - handoff.requested_s)}
            self._keep(place, handoff.conversation, handoff.requested_s, why)

    def _counts_contact(self, contact: ContactFacts, verdict: Verdict) -> bool:
        match self._wanted.figure:
            case Figure.CONVERSATIONS:
                return True
            case Figure.WITH_HANDOFF:
                return bool(contact.handoffs)
            case Figure.REPEAT_24:
                return verdict.came_back[REPEAT_WITHIN_H.index(24)] is True
            case Figure.REPEAT_72:
                return verdict.came_back[REPEAT_WITHIN_H.index(72)] is True
        return verdict.outcome == self._wanted.figure.value

    def _counts_handoff(self, handoff: HandoffFacts) -> bool:
        match self._wanted.figure:
            case Figure.HANDOFFS:
                return True
            case Figure.FIRST_REPLY:
                return handoff.reply_time_s is not None
            case Figure.LATE:
                return handoff.in_time(self._now_s) is False
            case Figure.RESOLUTION:
                return handoff.resolution_time_s is not None
        return False

    def _keep(self, place: Slice, key: Any, at_s: int, why: Mapping[str, Any]) -> None:
        self._count += 1
        if len(self._newest) == MOST_SHOWN and at_s < self._newest[0][0]:
            return
        at = datetime.fromtimestamp(at_s, UTC)
        behind = Behind(UUID(str(key)), at, place.language, place.team, why)
        entry = (at_s, self._count, behind)  # the number decides between equal moments
        if len(self._newest) < MOST_SHOWN:
            heapq.heappush(self._newest, entry)
        else:
            heapq.heappushpop(self._newest, entry)


def is_waiting(handoff: HandoffFacts) -> bool:
    """Whether the customer waits for an agent now."""
    return handoff.state in {HandoffState.QUEUED, HandoffState.OFFERED}


def _why(figure: Figure, handoff: HandoffFacts) -> Mapping[str, Any]:
    why: dict[str, Any] = {"reason": handoff.reason, "state": handoff.state}
    if handoff.code is not None:
        why["code"] = handoff.code
    if figure in {Figure.FIRST_REPLY, Figure.LATE} and handoff.reply_time_s is not None:
        why["reply_s"] = handoff.reply_time_s
    if figure is Figure.RESOLUTION:
        why["resolution_s"] = handoff.resolution_time_s
    return why
