"""The figures of the desk, counted anew for whoever asks; and the conversations behind each of them.

Every figure has one definition, in ``numbers_rules.py``; ``docs/numbers.md`` says them in words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from balie.handoff.kinds import HandoffState
from balie.handoff.numbers_behind import OF_CONTACTS, Figure, Finder, Found, Wanted, is_waiting
from balie.handoff.numbers_reading import read_contacts, read_handoffs
from balie.handoff.numbers_repository import NumbersQuery, NumbersRepository, RatingFacts
from balie.handoff.numbers_rules import ContactFacts, HandoffFacts, Period, Verdict
from balie.handoff.numbers_tally import Figures, Slice, Tally, figures_of, sum_by, sum_of
from balie.kernel.clock import DEFAULT_TIMEZONE, Clock, local_day, utc_now
from balie.storage.unit_of_work import UnitOfWork

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Now:
    """How it stands at this moment, whatever the period.

    Attributes:
        longest_s: How long the first of them has waited; None when nobody waits.
        promised: Customers who were promised to hear from us.
    """

    waiting: int
    longest_s: int | None
    with_agents: int
    promised: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of a period: all together, and by day, team and language (in this order, sorted).

    Attributes:
        by_day: Every day of the period, those without anything included.
        by_team: Under the empty name: conversations that no team had.
    """

    query: NumbersQuery
    now: Now
    total: Figures
    by_day: Mapping[str, Figures]
    by_team: Mapping[str, Figures]
    by_language: Mapping[str, Figures]


class NumbersService:
    """Counts; changes nothing."""

    def __init__(
        self, unit_of_work: UnitOfWork, *, clock: Clock = utc_now, timezone: ZoneInfo = DEFAULT_TIMEZONE
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._timezone = timezone

    @property
    def today(self) -> date:
        """The shop's day now."""
        return local_day(self._clock(), self._timezone)

    def period(self, first: date, last: date) -> Period:
        """Days of the shop, both included.

        Raises:
            PeriodInvalidError: They cannot be counted.
        """
        return Period.of(first, last, self._timezone)

    async def now(self) -> Now:
        """How it stands at this moment, for every team and language.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        query, now_s = NumbersQuery(self.period(self.today, self.today)), self._now_s()
        return _now(await self._read(lambda repository: repository.list_open(query)), now_s)

    async def overview(self, query: NumbersQuery) -> Overview:
        """Every figure of a period.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        now_s = self._now_s()

        def count(repository: NumbersRepository) -> tuple[Now, Mapping[Slice, Tally]]:
            return _now(repository.list_open(query), now_s), _count(repository, query, now_s)

        present, tallies = await self._read(count)
        days = {day: Tally() for day in _days(query.period)} | sum_by(tallies, lambda each: str(each.day))
        return Overview(
            query=query,
            now=present,
            total=figures_of(sum_of(tallies.values())),
            by_day=_figures(days),
            by_team=_figures(sum_by(tallies, lambda each: each.team)),
            by_language=_figures(sum_by(tallies, lambda each: each.language)),
        )

    async def list_slices(self, query: NumbersQuery) -> Sequence[tuple[Slice, Figures]]:
        """The figures of every day, team and language that has any, in this order.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        now_s = self._now_s()
        tallies = await self._read(lambda repository: _count(repository, query, now_s))
        return [(place, figures_of(tallies[place])) for place in sorted(tallies)]

    async def list_behind(self, query: NumbersQuery, wanted: Wanted) -> Found:
        """The conversations that a figure counts, newest first.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        now_s = self._now_s()
        finder = Finder(wanted, now_s)
        if wanted.figure is Figure.WAITING:
            for each in await self._read(lambda repository: repository.list_open(query)):
                finder.take_waiting(Slice(self.today, each.team, each.language), each)
        else:
            await self._read(lambda repository: _find(repository, query, finder, wanted, now_s))
        return finder.found

    async def _read(self, work: Callable[[NumbersRepository], Result]) -> Result:
        return await self._unit_of_work.run_reading(lambda connection: work(NumbersRepository(connection)))

    def _now_s(self) -> int:
        return int(self._clock().timestamp())


class ContactCounter:
    """Counts conversations by how they went."""

    def __init__(self) -> None:
        self._contacts: Counter[tuple[Slice, Verdict, bool]] = Counter()

    def take_contact(self, place: Slice, _key: Any, contact: ContactFacts, verdict: Verdict) -> None:
        """Count one."""
        self._contacts[place, verdict, bool(contact.handoffs)] += 1

    def add_to(self, tallies: Mapping[Slice, Tally]) -> None:
        """Add what was counted to the tallies of each slice."""
        for (place, verdict, with_handoff), count in self._contacts.items():
            tallies[place].add_contacts(verdict, count, with_handoff=with_handoff)


class HandoffCounter:
    """Counts handoffs, moods and ratings.

    Attributes:
        tallies: Of each slice; a missing one begins empty.
    """

    def __init__(self, now_s: int) -> None:
        self._now_s = now_s
        self.tallies: defaultdict[Slice, Tally] = defaultdict(Tally)

    def take_handoff(self, place: Slice, handoff: HandoffFacts) -> None:
        """Count one."""
        self.tallies[place].add_handoff(handoff, self._now_s)

    def take_mood(self, place: Slice, _handoff: HandoffFacts, before: float, after: float) -> None:
        """Count how one customer felt."""
        self.tallies[place].add_mood(before, after)

    def take_rating(self, place: Slice, rating: RatingFacts) -> None:
        """Count one question."""
        self.tallies[place].add_rating(rating.score)


def _find(
    repository: NumbersRepository, query: NumbersQuery, finder: Finder, wanted: Wanted, now_s: int
) -> None:
    handoffs = repository.list_handoffs(query)
    if wanted.figure in OF_CONTACTS:
        read_contacts(repository, query, handoffs, finder, now_s)
    else:
        read_handoffs(repository, query, handoffs, finder)


def _count(repository: NumbersRepository, query: NumbersQuery, now_s: int) -> Mapping[Slice, Tally]:
    of_contacts, of_handoffs = ContactCounter(), HandoffCounter(now_s)
    handoffs = repository.list_handoffs(query)
    read_contacts(repository, query, handoffs, of_contacts, now_s)
    read_handoffs(repository, query, handoffs, of_handoffs)
    of_contacts.add_to(of_handoffs.tallies)
    return of_handoffs.tallies


def _now(handoffs: Sequence[HandoffFacts], now_s: int) -> Now:
    waiting = [max(0, now_s - each.requested_s) for each in handoffs if is_waiting(each)]
    return Now(
        waiting=len(waiting),
        longest_s=max(waiting, default=None),
        with_agents=sum(each.state == HandoffState.ACCEPTED for each in handoffs),
        promised=sum(each.state == HandoffState.PROMISED for each in handoffs),
    )


def _figures(tallies: Mapping[str, Tally]) -> dict[str, Figures]:
    return {name: figures_of(tally) for name, tally in tallies.items()}


def _days(period: Period) -> list[str]:
    count = (period.last - period.first).days + 1
    return [str(period.first + timedelta(days=number)) for number in range(count)]
