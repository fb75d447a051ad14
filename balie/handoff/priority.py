"""How urgent a waiting customer is: points, one for each minute of waiting. Pure.

The unit is Genesys Cloud's: whoever gets ten points for their mood stands where somebody stands who has
waited ten minutes longer. So nobody is overtaken for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from balie.handoff.kinds import Reason

MOOD_POINTS: Final[Mapping[str, int]] = {"normal": 0, "raised": 10, "high": 20}
BAND_POINTS: Final[Mapping[str, int]] = {"new": 0, "regular": 0, "loyal": 5, "top": 10}
REASON_POINTS: Final[Mapping[Reason, int]] = {
    Reason.ASKED: 0,
    Reason.ANGRY: 5,
    Reason.CONFUSED: 0,
    Reason.NOT_UNDERSTOOD: 0,
    Reason.FAILED: 5,
    Reason.POLICY: 0,
    Reason.VALUABLE: 5,
}
BREACHED_POINTS: Final = 30
PASSED_ON_POINTS: Final = 10
"""Whoever was with somebody before has told their story once."""


@dataclass(frozen=True, slots=True)
class Because:
    """One thing that makes a customer urgent."""

    code: str
    points: int
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What counts of a customer who waits.

    Attributes:
        waiting_since: A transfer does not change it.
        due_at: By when an agent should have answered; None when nobody counts.
        passed_on: Whether an agent had it before.
    """

    reason: Reason
    mood: str
    band: str
    waiting_since: datetime
    due_at: datetime | None = None
    passed_on: bool = False


def weigh(waiting: Waiting, now: datetime) -> tuple[Because, ...]:
    """Everything that makes a customer urgent, heaviest first; the waiting itself is always there."""
    minutes = max(0, int((now - waiting.waiting_since).total_seconds() // 60))
    breached = waiting.due_at is not None and now > waiting.due_at
    found = (
        Because("waiting", minutes, {"minutes": minutes}),
        Because("mood", MOOD_POINTS.get(waiting.mood, 0), {"mood": waiting.mood}),
        Because("band", BAND_POINTS.get(waiting.band, 0), {"band": waiting.band}),
        Because("reason", REASON_POINTS[waiting.reason], {"reason": waiting.reason.value}),
        Because("late", BREACHED_POINTS if breached else 0),
        Because("passed_on", PASSED_ON_POINTS if waiting.passed_on else 0),
    )
    weighty = [because for because in found if because.points or because.code == "waiting"]
    return tuple(sorted(weighty, key=lambda because: -because.points))


def points_of(why: Sequence[Because]) -> int:
    """The sum that a queue is sorted by.

    >>> points_of((Because("waiting", 4), Because("mood", 20)))
    24
    """
    return sum(because.points for because in why)
