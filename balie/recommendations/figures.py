"""What recommendations bring: by list, by segment of customers, by mood; and against the hold-out.

``docs/recommendations.md`` says in words what each figure means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from balie.kernel.clock import DEFAULT_TIMEZONE, Clock, local_day, utc_now
from balie.recommendations.errors import FiguresPeriodError
from balie.recommendations.figures_repository import Dimension, FiguresRepository, GroupCounts, ShownCounts
from balie.recommendations.intervals import (
    Interval,
    Sample,
    difference,
    mean,
    mean_difference,
    ratio,
    share,
)
from balie.recommendations.terms import RecommendationTerms
from balie.storage.unit_of_work import UnitOfWork

LONGEST_DAYS: Final = 366
FIRST_YEAR, LAST_YEAR = 1971, 9000
NOTHING: Final = ""
"""The name of what has no segment, or no mood."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of those shown; the interval is Wilson's."""

    count: int
    of: int
    share: Interval


@dataclass(frozen=True, slots=True)
class Group:
    """People who were, or would have been, shown something unasked.

    Attributes:
        bought: How many of them bought any of it in time, and kept it.
        revenue: What one of them brought on average, in minor units.
    """

    bought: Rate
    revenue: Interval


@dataclass(frozen=True, slots=True)
class Lift:
    """Those who were shown something unasked against those from whom it was withheld.

    Attributes:
        difference: Of the shares that bought.
        ratio: How many times as large the share of those who were shown something is.
        revenue: How much more one of them brought on average, in minor units.
    """

    shown: Group
    held_out: Group
    difference: Interval
    ratio: Interval
    revenue: Interval


@dataclass(frozen=True, slots=True)
class Part:
    """The figures of one list, segment or mood, or of everything.

    Attributes:
        shown: Products shown; what was withheld is not among them.
        revenue_minor: What their purchases brought, less what came back.
        per_shown: The same for one product shown, on average.
    """

    name: str
    shown: int
    clicks: Rate
    baskets: Rate
    dismissed: Rate
    purchases: Rate
    revenue_minor: int
    per_shown: Interval
    lift: Lift


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days of the shop, the last included."""

    first: date
    last: date
    timezone: ZoneInfo

    @property
    def begins_at(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), self.timezone)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.timezone)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The figures of a period; parts by name, the one that was shown most first.

    Attributes:
        currency: Of all revenue; orders in another one are not in it.
        settled: Whether every purchase that counts can have been made by now.
        segment_names: What segments are called, by their code, per language.
    """

    days: Days
    currency: str
    settled: bool
    total: Part
    lists: tuple[Part, ...]
    segments: tuple[Part, ...]
    moods: tuple[Part, ...]
    segment_names: Mapping[str, Mapping[str, str]]


class FiguresService:
    """Counts; changes nothing."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        terms: RecommendationTerms,
        *,
        clock: Clock = utc_now,
        timezone: ZoneInfo = DEFAULT_TIMEZONE,
    ) -> None:
        """Build the service; ``timezone`` is where the shop's days begin and end."""
        self._unit_of_work = unit_of_work
        self._terms = terms
        self._clock = clock
        self._timezone = timezone

    @property
    def today(self) -> date:
        """The shop's day now."""
        return local_day(self._clock(), self._timezone)

    def days(self, first: date, last: date) -> Days:
        """A period that can be counted.

        Raises:
            FiguresPeriodError: It ends before it begins, or is longer than a year.
        """
        is_near = first.year >= FIRST_YEAR and last.year <= LAST_YEAR
        if not (is_near and 0 <= (last - first).days < LONGEST_DAYS):
            raise FiguresPeriodError(LONGEST_DAYS)
        return Days(first, last, self._timezone)

    async def read(self, days: Days) -> Outcomes:
        """What came of everything that was shown in a period, until now.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        shown, groups, names = await self._unit_of_work.run_reading(
            lambda connection: _count(FiguresRepository(connection, self._terms.currency), days)
        )
        parts = {dimension: _parts(dimension, shown, groups[dimension]) for dimension in Dimension}
        return Outcomes(
            days=days,
            currency=self._terms.currency,
            settled=days.ends_at + self._terms.attribution <= self._clock(),
            total=_part(NOTHING, shown, groups[None]),
            lists=parts[Dimension.LIST],
            segments=parts[Dimension.SEGMENT],
            moods=parts[Dimension.MOOD],
            segment_names={
                part.name: names[part.name] for part in parts[Dimension.SEGMENT] if part.name in names
            },
        )


_Groups = Mapping[Dimension | None, Sequence[GroupCounts]]


_Names = Mapping[str, Mapping[str, str]]


def _count(repository: FiguresRepository, days: Days) -> tuple[Sequence[ShownCounts], _Groups, _Names]:
    period = (days.begins_at, days.ends_at)
    groups = {each: repository.count_people(*period, each) for each in (None, *Dimension)}
    return repository.count_shown(*period), groups, repository.find_segment_names()


def _parts(
    dimension: Dimension, shown: Sequence[ShownCounts], groups: Sequence[GroupCounts]
) -> tuple[Part, ...]:
    names = {each.named(dimension) for each in shown} | {each.name for each in groups}
    parts = [
        _part(
            name or NOTHING,
            [each for each in shown if each.named(dimension) == name],
            [each for each in groups if each.name == name],
        )
        for name in names
    ]
    return tuple(sorted(parts, key=lambda part: (-part.shown, part.name)))


def _part(name: str, shown: Iterable[ShownCounts], groups: Iterable[GroupCounts]) -> Part:
    counts = [each.counts for each in shown]
    total = sum(each.shown for each in counts)
    revenue = Sample(total, sum(each.revenue for each in counts), sum(each.squares for each in counts))
    return Part(
        name=name,
        shown=total,
        clicks=_rate(sum(each.clicked for each in counts), total),
        baskets=_rate(sum(each.put_in_basket for each in counts), total),
        dismissed=_rate(sum(each.dismissed for each in counts), total),
        purchases=_rate(sum(each.bought for each in counts), total),
        revenue_minor=int(revenue.total),
        per_shown=mean(revenue),
        lift=_lift(list(groups)),
    )


def _lift(groups: Sequence[GroupCounts]) -> Lift:
    shown, held_out = (_sum(groups, withheld=withheld) for withheld in (False, True))
    pairs = (shown.bought, shown.people, held_out.bought, held_out.people)
    return Lift(
        shown=_group(shown),
        held_out=_group(held_out),
        difference=difference(*pairs),
        ratio=ratio(*pairs),
        revenue=mean_difference(_revenue(shown), _revenue(held_out)),
    )


def _sum(groups: Iterable[GroupCounts], *, withheld: bool) -> GroupCounts:
    wanted = [each for each in groups if each.withheld is withheld]
    return GroupCounts(
        None,
        withheld,
        sum(each.people for each in wanted),
        sum(each.bought for each in wanted),
        sum(each.revenue for each in wanted),
        sum(each.squares for each in wanted),
    )


def _group(counts: GroupCounts) -> Group:
    return Group(_rate(counts.bought, counts.people), mean(_revenue(counts)))


def _revenue(counts: GroupCounts) -> Sample:
    return Sample(counts.people, counts.revenue, counts.squares)


def _rate(count: int, of: int) -> Rate:
    return Rate(count, of, share(count, of))
