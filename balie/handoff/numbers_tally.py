"""Counting for the figures of the desk: one tally per day, team and language; sums of tallies. Pure.

A tally holds counts and durations, so its size does not grow with the length of what was said.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple

from balie.handoff.numbers_rules import (
    BY_ASSISTANT,
    BY_PERSON,
    MOOD_STEP,
    OPEN,
    REPEAT_WITHIN_H,
    UNSOLVED,
    HandoffFacts,
    Verdict,
    percentile,
)

SCORES: Final = (1, 2, 3, 4, 5)


class _Names(NamedTuple):
    hours: int
    came: str
    known: str


_REPEATS: Final = tuple(_Names(hours, f"repeat_{hours}", f"repeat_{hours}_of") for hours in REPEAT_WITHIN_H)


class Slice(NamedTuple):
    """Whose figures: of one day, one team, one language."""

    day: date
    team: str
    language: str


@dataclass(slots=True)
class Tally:
    """What has been counted of one slice, or of several together."""

    counts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)
    reply_times: array[float] = field(default_factory=lambda: array("d"))
    resolution_times: array[float] = field(default_factory=lambda: array("d"))
    mood_before: float = 0.0
    mood_after: float = 0.0

    def add_contacts(self, verdict: Verdict, count: int, *, with_handoff: bool) -> None:
        """Count conversations whose first contact went the same way."""
        counts = self.counts
        counts["conversations"] += count
        counts["with_handoff"] += count * with_handoff
        self.outcomes[verdict.outcome] += count
        for names, came_back in zip(_REPEATS, verdict.came_back, strict=True):
            if came_back is not None:
                counts[names.known] += count
                counts[names.came] += count * came_back

    def add_handoff(self, handoff: HandoffFacts, now_s: int) -> None:
        """Count a handoff."""
        self.counts["handoffs"] += 1
        self.reasons[handoff.reason] += 1
        if handoff.reply_time_s is not None:
            self.reply_times.append(handoff.reply_time_s)
        if handoff.resolution_time_s is not None:
            self.resolution_times.append(handoff.resolution_time_s)
        in_time = handoff.in_time(now_s)
        self.counts["due"] += in_time is not None
        self.counts["in_time"] += bool(in_time)

    def add_rating(self, score: int | None) -> None:
        """Count a question of how it went; None: it was not answered."""
        self.counts["asked"] += 1
        if score is not None:
            self.scores[score] += 1

    def add_mood(self, before: float, after: float) -> None:
        """Count how a customer felt before and after, each in [-1, 1]."""
        self.counts[f"mood_{mood_change(before, after)}"] += 1
        self.mood_before += before
        self.mood_after += after

    def add(self, other: Tally) -> None:
        """Add everything that another tally has counted."""
        self.counts.update(other.counts)
        self.outcomes.update(other.outcomes)
        self.reasons.update(other.reasons)
        self.scores.update(other.scores)
        self.reply_times.extend(other.reply_times)
        self.resolution_times.extend(other.resolution_times)
        self.mood_before += other.mood_before
        self.mood_after += other.mood_after


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; the share is None of nothing."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        """In [0, 1]."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in seconds; None when it never happened."""

    count: int
    median_s: float | None
    p90_s: float | None


@dataclass(frozen=True, slots=True)
class Ratings:
    """What customers said of how it went.

    Attributes:
        answered: Of the questions that were asked.
        distribution: How often each score from 1 to 5 was given.
    """

    answered: Share
    average: float | None
    distribution: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class MoodShift:
    """Averages in [-1, 1] of the customers of whom both are known; None when there are none."""

    count: int
    before: float | None
    after: float | None
    better: int
    same: int
    worse: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is counted, of one slice or several; ``docs/numbers.md`` defines each."""

    conversations: int
    handoff_rate: Share
    by_assistant: Share
    by_person: Share
    unsolved: Share
    repeats: Mapping[int, Share]
    handoffs: int
    reasons: Mapping[str, int]
    first_reply: Spread
    in_time: Share
    resolution: Spread
    ratings: Ratings
    mood: MoodShift


def figures_of(tally: Tally) -> Figures:
    """The figures that a tally amounts to."""
    counts, outcomes = tally.counts, tally.outcomes
    settled = sum(outcomes.values()) - outcomes[OPEN]
    return Figures(
        conversations=counts["conversations"],
        handoff_rate=Share(counts["with_handoff"], counts["conversations"]),
        by_assistant=Share(outcomes[BY_ASSISTANT], settled),
        by_person=Share(outcomes[BY_PERSON], settled),
        unsolved=Share(outcomes[UNSOLVED], settled),
        repeats={each.hours: Share(counts[each.came], counts[each.known]) for each in _REPEATS},
        handoffs=counts["handoffs"],
        reasons=dict(tally.reasons.most_common()),
        first_reply=_spread(tally.reply_times),
        in_time=Share(counts["in_time"], counts["due"]),
        resolution=_spread(tally.resolution_times),
        ratings=_ratings(tally),
        mood=_mood(tally),
    )


def sum_by(tallies: Mapping[Slice, Tally], key: Callable[[Slice], str]) -> dict[str, Tally]:
    """The sums of the slices that have a key in common, in the order of the keys."""
    found: dict[str, Tally] = {}
    for name, slices in groupby(sorted(tallies, key=key), key=key):
        found[name] = sum_of(tallies[each] for each in slices)
    return found


def sum_of(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    total = Tally()
    for tally in tallies:
        total.add(tally)
    return total


def mood_change(before: float, after: float) -> str:
    """Whether somebody feels ``better``, ``worse`` or the ``same``.

    >>> mood_change(-0.7, 0.1), mood_change(0.1, 0.0)
    ('better', 'same')
    """
    if after - before >= MOOD_STEP:
        return "better"
    return "worse" if before - after >= MOOD_STEP else "same"


def _spread(seconds: array[float]) -> Spread:
    return Spread(len(seconds), percentile(seconds, 0.5), percentile(seconds, 0.9))


def _ratings(tally: Tally) -> Ratings:
    answered = sum(tally.scores.values())
    total = sum(score * count for score, count in tally.scores.items())
    return Ratings(
        Share(answered, tally.counts["asked"]),
        total / answered if answered else None,
        {score: tally.scores[score] for score in SCORES},
    )


def _mood(tally: Tally) -> MoodShift:
    better, same, worse = (tally.counts[f"mood_{change}"] for change in ("better", "same", "worse"))
    known = better + same + worse
    return MoodShift(
        known,
        tally.mood_before / known if known else None,
        tally.mood_after / known if known else None,
        better,
        same,
        worse,
    )
