"""Who is next, and how long that takes. Pure, but for what it remembers of earlier customers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from balie.handoff.priority import Because, Waiting, points_of, weigh
from balie.handoff.views import Handoff, Place
from balie.handoff.waiting import Observation, estimate_wait
from balie.kernel.ids import ConversationId

LOOK_BACK: Final = timedelta(weeks=3)
MOST_OBSERVATIONS: Final = 2000
PASSED_ON: Final = "passed_on"
"""The fact of a handoff that says that an agent had it before."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A waiting customer in the order of urgency.

    Attributes:
        position: In the queue of the team at its desk; 1 is next.
    """

    handoff: Handoff
    why: tuple[Because, ...]
    points: int
    position: int


def rank(waiting: Iterable[Handoff], now: datetime) -> tuple[Ranked, ...]:
    """Everybody who waits, the most urgent first; among equals, whoever has waited longest."""
    weighed = [(handoff, why, points_of(why)) for handoff in waiting for why in [why_of(handoff, now)]]
    weighed.sort(key=lambda item: (-item[2], item[0].requested_at, item[0].id))
    places: dict[tuple[str, str], int] = {}
    ranked = []
    for handoff, why, points in weighed:
        queue = (handoff.desk, handoff.team)
        places[queue] = places.get(queue, 0) + 1
        ranked.append(Ranked(handoff, why, points, places[queue]))
    return tuple(ranked)


def why_of(handoff: Handoff, now: datetime) -> tuple[Because, ...]:
    """What makes one conversation urgent."""
    return weigh(
        Waiting(
            reason=handoff.reason,
            mood=handoff.mood,
            band=handoff.band,
            waiting_since=handoff.requested_at,
            due_at=None if handoff.first_reply_at is not None else handoff.first_reply_due_at,
            passed_on=bool(handoff.facts.get(PASSED_ON)),
        ),
        now,
    )


@dataclass(slots=True)
class Experience:
    """What earlier customers of each team experienced; filled now and then by whoever keeps the queue."""

    observed: Mapping[str, Sequence[Observation]] = field(default_factory=dict)

    def place(self, team: str, position: int, now: datetime) -> Place:
        """A place in a team's queue, with what it means in minutes as far as that is known."""
        return Place(position, estimate_wait(position, self.observed.get(team, ()), now))


def find_place(
    conversation_id: ConversationId, ranked: Sequence[Ranked], experience: Experience, now: datetime
) -> Place | None:
    """Where a customer stands; None when they do not wait."""
    for each in ranked:
        if each.handoff.conversation_id == conversation_id:
            return experience.place(each.handoff.team, each.position, now)
    return None
