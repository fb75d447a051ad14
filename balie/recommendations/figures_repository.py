"""Counts what was shown and what came of it. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Float, Subquery, case, cast, func, literal, select

from balie.catalogue.models import CategoryRow
from balie.recommendations.kinds import OutcomeKind
from balie.recommendations.models import ExposureRow, OutcomeRow
from balie.storage.unit_of_work import StoreConnection


class Dimension(StrEnum):
    """By what figures are told apart."""

    LIST = "list"
    SEGMENT = "segment"
    MOOD = "mood"


class Counts(NamedTuple):
    """Of products shown: how many, how many were clicked …, and what they brought in minor units."""

    shown: int
    clicked: int
    put_in_basket: int
    dismissed: int
    bought: int
    revenue: float
    squares: float


class ShownCounts(NamedTuple):
    """The counts of one list, segment and mood."""

    list: str
    segment: str | None
    mood: str | None
    counts: Counts

    def named(self, dimension: Dimension) -> str | None:
        """What it is called in a dimension."""
        return str(getattr(self, dimension.value) or "") or None


class GroupCounts(NamedTuple):
    """People with a chance of something unasked: how many, how many bought any of it, what they brought."""

    name: str | None
    withheld: bool
    people: int
    bought: int
    revenue: float
    squares: float


class FiguresRepository:
    """Works within the caller's transaction."""

    def __init__(self, connection: StoreConnection, currency: str) -> None:
        """Build it; revenue in another ``currency`` is not counted, because it does not add up."""
        self._connection = connection
        self._currency = currency

    def count_shown(self, begins_at: datetime, ends_at: datetime) -> list[ShownCounts]:
        """Everything that was shown in a period, by list, segment and mood."""
        each = self._exposures(begins_at, ends_at)
        names = (each.c.list, each.c.segment, each.c.mood)
        query = (
            select(
                *names,
                func.count(),
                *(func.sum(each.c[kind.value]) for kind in _COUNTED),
                func.sum(each.c.bought),
                *_revenue(each),
            )
            .where(~each.c.withheld)
            .group_by(*names)
        )
        found = self._connection.execute(query)
        return [
            ShownCounts(row[0], row[1], row[2], Counts(*map(int, row[3:8]), *map(float, row[8:])))
            for row in found
        ]

    def find_segment_names(self) -> dict[str, Mapping[str, str]]:
        """What segments are called, by code: they are categories of the shop."""
        found = self._connection.execute(select(CategoryRow.code, CategoryRow.names))
        return {code: names for code, names in found}  # noqa: C416 - a row is no pair to mypy

    def count_people(
        self, begins_at: datetime, ends_at: datetime, dimension: Dimension | None
    ) -> list[GroupCounts]:
        """Everybody who was shown something unasked, or from whom it was withheld; each once in a part."""
        each = self._exposures(begins_at, ends_at)
        name = literal(None).label("name") if dimension is None else each.c[dimension.value].label("name")
        # A customer is one person in all of their conversations, a stranger in each another.
        stranger = case((each.c.customer_id.is_(None), each.c.conversation_id)).label("stranger")
        grouping = [each.c.withheld, each.c.customer_id, stranger]
        people = (
            select(
                name, *grouping, func.max(each.c.bought).label("bought"), func.sum(each.c.net).label("net")
            )
            .where(each.c.is_unasked, each.c.customer_id.is_not(None) | each.c.conversation_id.is_not(None))
            .group_by(*grouping, *(() if dimension is None else (each.c[dimension.value],)))
            .subquery()
        )
        query = select(
            people.c.name, people.c.withheld, func.count(), func.sum(people.c.bought), *_revenue(people)
        ).group_by(people.c.name, people.c.withheld)
        return [
            GroupCounts(named, bool(withheld), people, int(bought), float(revenue), float(squares))
            for named, withheld, people, bought, revenue, squares in self._connection.execute(query)
        ]

    def _exposures(self, begins_at: datetime, ends_at: datetime) -> Subquery:
        """Each exposure of a period with what came of it: 1 or 0, and what is left of what it brought."""
        is_ours = OutcomeRow.currency == self._currency
        left = case((is_ours, OutcomeRow.revenue_minor - OutcomeRow.returned_minor), else_=0)
        kept = (OutcomeRow.kind == OutcomeKind.PURCHASE.value) & (
            OutcomeRow.returned_minor < OutcomeRow.revenue_minor
        )
        return (
            select(
                *(getattr(ExposureRow, name) for name in _OF_AN_EXPOSURE),
                *(_whether(OutcomeRow.kind == kind.value).label(kind.value) for kind in _COUNTED),
                _whether(kept).label("bought"),
                func.coalesce(func.sum(left), 0).label("net"),
            )
            .outerjoin(OutcomeRow, OutcomeRow.exposure_id == ExposureRow.id)
            .where(ExposureRow.at >= begins_at, ExposureRow.at < ends_at)
            .group_by(ExposureRow.id)
            .subquery()
        )


_COUNTED = (OutcomeKind.CLICK, OutcomeKind.BASKET, OutcomeKind.DISMISSED)
_OF_AN_EXPOSURE = (
    "list",
    "segment",
    "mood",
    "is_unasked",
    "withheld",
    "customer_id",
    "conversation_id",
)


def _whether(condition: Any) -> Any:
    return func.max(case((condition, 1), else_=0))


def _revenue(rows: Subquery) -> tuple[Any, Any]:
    net = cast(rows.c.net, Float)
    return func.sum(net), func.sum(net * net)
