"""Reads everything that counts of a period, and hands it on piece by piece to whoever counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, Protocol

from balie.handoff.numbers_repository import NumbersQuery, NumbersRepository, RatingFacts
from balie.handoff.numbers_rules import (
    NO_TEAM,
    PAUSE_S,
    ContactFacts,
    HandoffFacts,
    Period,
    Verdict,
    first_contact,
    judge,
)
from balie.handoff.numbers_tally import Slice
from balie.kernel.clock import local_day

QUARTER_S: Final = 900
"""Days begin at a quarter of an hour everywhere."""


class CountsContacts(Protocol):
    """Takes the conversations that were found."""

    def take_contact(self, place: Slice, key: Any, contact: ContactFacts, verdict: Verdict) -> None:
        """A conversation that began in the period, and how its first contact went."""
        ...


class CountsHandoffs(Protocol):
    """Takes what was found of handoffs."""

    def take_handoff(self, place: Slice, handoff: HandoffFacts) -> None:
        """A handoff that was asked for in the period."""
        ...

    def take_mood(self, place: Slice, handoff: HandoffFacts, before: float, after: float) -> None:
        """How a customer of the period felt before and after, each in [-1, 1]."""
        ...

    def take_rating(self, place: Slice, rating: RatingFacts) -> None:
        """A question of how it went that was asked in the period."""
        ...


def read_contacts(
    repository: NumbersRepository,
    query: NumbersQuery,
    found: Sequence[HandoffFacts],
    counts: CountsContacts,
    now_s: int,
) -> None:
    """Hand on every conversation that the query asks for, once.

    Args:
        repository: Within one transaction.
        query: Whose figures of which days.
        found: What ``list_handoffs`` says to the same query.
        counts: Is handed everything.
        now_s: The present moment.
    """
    days, wanted, take = _Days(query.period), query.team, counts.take_contact
    handoffs: dict[Any, list[HandoffFacts]] = {}
    for handoff in found:
        handoffs.setdefault(handoff.conversation, []).append(handoff)
    several: dict[Any, tuple[str, ContactFacts]] = {}
    long: list[Any] = []
    for key, language, whole in repository.read_conversations(query):
        is_long = whole.last.at_s - whole.started_s >= PAUSE_S
        if is_long:
            long.append(key)
        if is_long or key in handoffs:
            several[key] = language, whole
        elif not wanted:
            take(Slice(days.day_of(whole.started_s), NO_TEAM, language), key, whole, judge(whole, now_s))
    pauses = repository.read_pauses(long)
    for key, (language, whole) in several.items():
        contact = first_contact(whole, pauses.get(key, ()), handoffs.get(key, ()))
        if wanted in {None, contact.team}:
            place = Slice(days.day_of(contact.started_s), contact.team, language)
            take(place, key, contact, judge(contact, now_s))


def read_handoffs(
    repository: NumbersRepository,
    query: NumbersQuery,
    found: Sequence[HandoffFacts],
    counts: CountsHandoffs,
) -> None:
    """Hand on every handoff, mood and rating that the query asks for, once; arguments as above."""
    days, ends_s = _Days(query.period), query.period.ends_at.timestamp()
    wanted: dict[Any, tuple[Slice, HandoffFacts]] = {}
    for handoff in found:
        is_wanted = query.team in {None, handoff.team} and query.language in {None, handoff.language}
        if is_wanted and handoff.requested_s < ends_s:
            place = Slice(days.day_of(handoff.requested_s), handoff.team, handoff.language)
            wanted[handoff.key] = place, handoff
            counts.take_handoff(place, handoff)
    for key, before, after in repository.read_moods(query):
        if key in wanted:
            counts.take_mood(*wanted[key], before, after)
    for rating in repository.read_ratings(query):
        place = Slice(days.day_of(rating.asked_s), rating.team or NO_TEAM, rating.language)
        counts.take_rating(place, rating)


class _Days:
    """Days of the shop; each is looked up once for every quarter of an hour."""

    def __init__(self, period: Period) -> None:
        self._timezone = period.timezone
        self._days: dict[int, date] = {}

    def day_of(self, moment_s: int) -> date:
        quarter = moment_s // QUARTER_S
        day = self._days.get(quarter)
        if day is None:
            moment = datetime.fromtimestamp(moment_s, UTC)
            day = self._days[quarter] = local_day(moment, self._timezone)
        return day
