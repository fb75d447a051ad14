"""What the figures of the desk mean, one definition each. Pure; ``docs/numbers.md`` says it in words.

A *contact* is what a conversation holds until nobody has written for an hour while no handoff was open.
Whoever writes after that, or begins another conversation, has come back.

Moments are whole seconds since 1970 here, and facts are tuples: an overview weighs tens of thousands of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from balie.handoff.errors import PeriodInvalidError
from balie.handoff.kinds import HandoffState, ResolutionCode

HOUR_S: Final = 3600
PAUSE_S: Final = HOUR_S
"""So long has nobody written when a contact is over."""
REPEAT_WITHIN_H: Final = (24, 72)
SETTLED_AFTER_H: Final = 24
"""So long after its end it is said how a contact went."""
LONGEST_PERIOD: Final = timedelta(days=366)
FIRST_YEAR: Final = 1971
LAST_YEAR: Final = 9000
MOOD_STEP: Final = 0.2
"""A smaller difference of two moods is none: readings of calm sentences differ by about half of it."""

SOLVED: Final = frozenset(
    {ResolutionCode.SOLVED.value, ResolutionCode.PARTLY_SOLVED.value, ResolutionCode.CALLED.value}
)
NO_ANSWERS: Final = frozenset(
    {
        "utter_default",
        "utter_action_failed",
        "utter_assistant_unavailable",
        "assistant_rephrase",
        "assistant_choose",
    }
)
"""Replies that say that there is no answer."""
UNKNOWN_LANGUAGE: Final = "und"
NO_TEAM: Final = ""


BY_ASSISTANT: Final = "by_assistant"
BY_PERSON: Final = "by_person"
UNSOLVED: Final = "unsolved"
OPEN: Final = "open"
"""It is not known yet. (Plain words: members of an enum are three times as slow to count.)"""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of the shop.

    Attributes:
        first: The first day.
        last: The last day; it counts.
    """

    first: date
    last: date
    timezone: ZoneInfo

    @classmethod
    def of(cls, first: date, last: date, timezone: ZoneInfo) -> Period:
        """A period that can be counted.

        Raises:
            PeriodInvalidError: It ends before it begins, is longer than a year, or nowhere near our time.
        """
        is_near = first.year >= FIRST_YEAR and last.year <= LAST_YEAR
        if not (is_near and timedelta(0) <= last - first < LONGEST_PERIOD):
            raise PeriodInvalidError(LONGEST_PERIOD.days)
        return cls(first, last, timezone)

    @property
    def begins_at(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), self.timezone)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.timezone)


class HandoffFacts(NamedTuple):
    """What counts of a handoff.

    Attributes:
        key: Of the handoff, as the database hands it over; ``conversation`` likewise.
        due_s: When the first reply was due; None: nobody counted.
    """

    key: Any
    conversation: Any
    team: str
    language: str
    reason: str
    state: str
    code: str | None
    requested_s: int
    accepted_s: int | None
    replied_s: int | None
    due_s: int | None
    ended_s: int | None

    @property
    def reply_time_s(self) -> int | None:
        """From the request to an agent's first message; None: there was none yet."""
        return None if self.replied_s is None else self.replied_s - self.requested_s

    @property
    def resolution_time_s(self) -> int | None:
        """From the request to the end by an agent; None: no agent ended it."""
        if self.ended_s is None or self.state != HandoffState.RESOLVED:
            return None
        return self.ended_s - self.requested_s

    def in_time(self, now_s: int) -> bool | None:
        """Whether the first reply came when it was due; None: it was due never, or is not yet."""
        if self.due_s is None:
            return None
        if self.replied_s is not None:
            return self.replied_s <= self.due_s
        # Nobody broke a promise to a customer who left before.
        left_before = self.ended_s is not None and self.ended_s <= self.due_s
        return None if left_before or now_s <= self.due_s else False


class Said(NamedTuple):
    """One message, as far as it counts.

    Attributes:
        turn_state: How the turn of a customer's message ended.
        response: Which reply of the assistant it is.
    """

    at_s: int
    author: str
    turn_state: str
    response: str | None

    @property
    def leaves_an_answer(self) -> bool:
        """Whether nothing is owed to the customer when it is the last message."""
        if self.author == "customer":
            return self.turn_state == "answered"  # deliberate silence
        return self.response not in NO_ANSWERS


class Pause(NamedTuple):
    """A customer's message that came an hour or more after the one before it."""

    last: Said
    again_s: int


class ContactFacts(NamedTuple):
    """The first contact of a conversation.

    Attributes:
        last: Its last message.
        again_s: When the customer wrote in the same conversation once it was over.
        elsewhere_s: When the same customer began their next conversation.
        handoffs: Its own, in order.
    """

    started_s: int
    last: Said
    again_s: int | None = None
    elsewhere_s: int | None = None
    handoffs: Sequence[HandoffFacts] = ()

    @property
    def team(self) -> str:
        """Who had it last; empty: no team."""
        return self.handoffs[-1].team if self.handoffs else NO_TEAM


class Verdict(NamedTuple):
    """How a contact went.

    Attributes:
        outcome: ``by_assistant``, ``by_person``, ``unsolved`` or ``open``.
        came_back: For each limit of ``REPEAT_WITHIN_H``, whether the customer came back so soon; None: that
            cannot be known yet.
    """

    outcome: str
    came_back: tuple[bool | None, ...]


_NOT_YET: Final = Verdict(OPEN, (None,) * len(REPEAT_WITHIN_H))
_LONGEST_S: Final = max(REPEAT_WITHIN_H) * HOUR_S
_STAYED_AWAY: Final = (False,) * len(REPEAT_WITHIN_H)


def judge(contact: ContactFacts, now_s: int) -> Verdict:
    """How a contact went."""
    ended_s = _ended_s(contact) if contact.handoffs else contact.last.at_s
    if ended_s is None or now_s - ended_s < SETTLED_AFTER_H * HOUR_S:
        return _NOT_YET
    known_s, away_s = now_s - ended_s, _away_s(contact, ended_s)
    if away_s > _LONGEST_S <= known_s:
        return Verdict(_who_solved(contact), _STAYED_AWAY)
    came_back = [away_s <= hours * HOUR_S if known_s >= hours * HOUR_S else None for hours in REPEAT_WITHIN_H]
    soon = away_s <= SETTLED_AFTER_H * HOUR_S
    return Verdict(UNSOLVED if soon else _who_solved(contact), tuple(came_back))


def _ended_s(contact: ContactFacts) -> int | None:
    """The last message, or the end of the last handoff; None while a handoff is open."""
    ended_s = contact.last.at_s
    for handoff in contact.handoffs:
        if handoff.ended_s is None:
            return None
        ended_s = max(ended_s, handoff.ended_s)
    return ended_s


def _away_s(contact: ContactFacts, ended_s: int) -> float:
    """How long the customer stayed away; less than zero when another conversation began meanwhile."""
    _, _, again_s, elsewhere_s, _ = contact
    if again_s is None:
        return math.inf if elsewhere_s is None else elsewhere_s - ended_s
    return (again_s if elsewhere_s is None else min(again_s, elsewhere_s)) - ended_s


def _who_solved(contact: ContactFacts) -> str:
    if not contact.handoffs:
        return BY_ASSISTANT if contact.last.leaves_an_answer else UNSOLVED
    last = contact.handoffs[-1]
    returned = last.state == HandoffState.RETURNED and contact.last.leaves_an_answer
    solved = last.state == HandoffState.RESOLVED and last.code in SOLVED
    return BY_PERSON if solved or returned else UNSOLVED


def first_contact(
    whole: ContactFacts, pauses: Iterable[Pause], handoffs: Sequence[HandoffFacts]
) -> ContactFacts:
    """Cut a conversation where its first contact ends.

    Args:
        whole: The conversation as if it were one contact.
        pauses: Of the conversation, in order; a pause in which a handoff was open ends nothing.
        handoffs: Of the conversation, in order.
    """
    for pause in pauses:
        if _is_over(pause, handoffs):
            own = [each for each in handoffs if each.requested_s < pause.again_s]
            return ContactFacts(whole.started_s, pause.last, pause.again_s, whole.elsewhere_s, own)
    return whole._replace(handoffs=handoffs)


def _is_over(pause: Pause, handoffs: Sequence[HandoffFacts]) -> bool:
    quiet_since_s = pause.last.at_s
    for handoff in handoffs:
        if handoff.requested_s > pause.again_s:
            continue
        if handoff.ended_s is None or handoff.ended_s > pause.again_s:
            return False
        quiet_since_s = max(quiet_since_s, handoff.ended_s)
    return pause.again_s - quiet_since_s >= PAUSE_S


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that so large a share of the values does not exceed (nearest rank).

    >>> percentile([4.0, 1.0, 3.0, 2.0], 0.5), percentile([], 0.9)
    (2.0, None)
    """
    if not values:
        return None
    rank = max(1, -(-len(values) * round(share * 100) // 100))
    return sorted(values)[rank - 1]
