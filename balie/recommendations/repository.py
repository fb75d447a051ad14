"""Writes what a training learned: a run with its list, which goes live in one step or is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final, cast

from sqlalchemy import Table, delete, insert, select, update

from balie.kernel.clock import Clock, utc_now
from balie.recommendations.errors import RunNotFoundError
from balie.recommendations.kinds import ListKind, RunState
from balie.recommendations.models import (
    RecommendationRunRow,
    RecommendedPairRow,
    RecommendedPersonallyRow,
    RecommendedPopularRow,
)
from balie.recommendations.views import LearnedForCustomer, LearnedPair, LearnedPopular, LiveRun
from balie.storage.base import Base
from balie.storage.bulk import insert_rows
from balie.storage.unit_of_work import BulkConnection

KEPT_LISTS: Final = 3
"""How many lists of a kind stay: the live one, and those that were live before it."""

BROKEN_OFF: Final = "It broke off."
_BROKEN_AFTER: Final = timedelta(days=1)
_ROWS_AT_ONCE: Final = 20_000
_LONGEST_REASON: Final = 300

_runs = cast("Table", RecommendationRunRow.__table__)
_LISTS: Final[tuple[type[Base], ...]] = (RecommendedPairRow, RecommendedPersonallyRow, RecommendedPopularRow)


class RunWriter:
    """Works within the caller's transaction (``bulk_write``)."""

    def __init__(self, connection: BulkConnection, *, clock: Clock = utc_now) -> None:
        self._connection = connection
        self._clock = clock

    def begin(self, kind: ListKind, seed: int, learned_until: datetime) -> int:
        """The id of a new candidate. Candidates of the day before broke off: they are refused as such."""
        now = self._clock()
        left = select(_runs.c.id).where(
            _runs.c.list == kind.value,
            _runs.c.state == RunState.CANDIDATE.value,
            _runs.c.created_at < now - _BROKEN_AFTER,
        )
        for run_id in self._connection.scalars(left).all():
            self.refuse(run_id, {}, BROKEN_OFF)
        added = insert(_runs).values(
            list=kind.value,
            state=RunState.CANDIDATE.value,
            figures={},
            seed=seed,
            learned_until=learned_until,
            created_at=now,
        )
        return int(self._connection.execute(added.returning(_runs.c.id)).scalar_one())

    def add_pairs(self, run_id: int, rows: Iterable[LearnedPair]) -> None:
        """Add to a complementary or an alternatives list."""
        self._add(RecommendedPairRow, run_id, (row._asdict() for row in rows))

    def add_personal(self, run_id: int, rows: Iterable[LearnedForCustomer]) -> None:
        """Add to a personal list."""
        self._add(RecommendedPersonallyRow, run_id, (row._asdict() for row in rows))

    def add_popular(self, run_id: int, rows: Iterable[LearnedPopular]) -> None:
        """Add to a list of what is popular."""
        self._add(RecommendedPopularRow, run_id, (row._asdict() for row in rows))

    def put_live(self, run_id: int, figures: Mapping[str, Any]) -> None:
        """Serve this run from the next question on; the one before is kept for a while.

        Raises:
            RunNotFoundError: There is no such run.
        """
        kind = self._kind_of(run_id)
        self._connection.execute(
            update(_runs)
            .where(_runs.c.list == kind, _runs.c.state == RunState.LIVE.value)
            .values(state=RunState.RETIRED.value)
        )
        self._decide(run_id, RunState.LIVE, figures, None)
        self._drop_old_lists(kind)

    def refuse(self, run_id: int, figures: Mapping[str, Any], reason: str) -> None:
        """Keep why it is not served, and what it was judged on; its list goes.

        Raises:
            RunNotFoundError: There is no such run.
        """
        self._kind_of(run_id)
        self._decide(run_id, RunState.REFUSED, figures, reason[:_LONGEST_REASON])
        self._drop_lists([run_id])

    def find_live(self, kind: ListKind) -> LiveRun | None:
        """The run that is served, or None before there is one."""
        query = select(_runs).where(_runs.c.list == kind.value, _runs.c.state == RunState.LIVE.value)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return LiveRun(row.id, row.figures, row.seed, row.learned_until, row.created_at)

    def _add(self, model: type[Base], run_id: int, rows: Iterable[dict[str, Any]]) -> None:
        numbered = ({"run_id": run_id, **row} for row in rows)
        while some := list(islice(numbered, _ROWS_AT_ONCE)):
            insert_rows(self._connection, model, some)

    def _kind_of(self, run_id: int) -> str:
        kind = self._connection.scalar(select(_runs.c.list).where(_runs.c.id == run_id))
        if kind is None:
            raise RunNotFoundError(run_id)
        return str(kind)

    def _decide(self, run_id: int, state: RunState, figures: Mapping[str, Any], reason: str | None) -> None:
        decided = update(_runs).where(_runs.c.id == run_id)
        values = {"state": state.value, "figures": dict(figures), "reason": reason}
        self._connection.execute(decided.values(**values, decided_at=self._clock()))

    def _drop_old_lists(self, kind: str) -> None:
        served = {RunState.LIVE.value, RunState.RETIRED.value}
        newest = (
            select(_runs.c.id)
            .where(_runs.c.list == kind, _runs.c.state.in_(served))
            .order_by(_runs.c.decided_at.desc(), _runs.c.id.desc())
            .offset(KEPT_LISTS)
            .limit(_ROWS_AT_ONCE)
        )
        self._drop_lists(list(self._connection.scalars(newest)))

    def _drop_lists(self, run_ids: list[int]) -> None:
        for model in _LISTS:
            table = cast("Table", model.__table__)
            self._connection.execute(delete(table).where(table.c.run_id.in_(run_ids)))
