"""Writes what a training learned: a run with its list, which goes live in one step or is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final, TypeVar, cast

from sqlalchemy import CompoundSelect, Table, and_, delete, func, insert, select, update

from balie.customers.models import CustomerRow
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
from balie.storage.bulk import LOOK_UP_SIZE, insert_rows
from balie.storage.unit_of_work import BulkConnection

KEPT_LISTS: Final = 3
"""How many lists of a kind stay: the live one, and those that were live before it."""

BROKEN_OFF: Final = "It broke off."

MARK_OF_ERASED: Final = "mark_of_erased"
"""Among the figures of a run: which customers were erased when it read the store, as one number."""

_ROWS_AT_ONCE: Final = 20_000
_LONGEST_REASON: Final = 300
_ERASED: Final = "erased-%"

_runs = cast("Table", RecommendationRunRow.__table__)
_TABLES: Final[Mapping[ListKind, tuple[type[Base], str]]] = {
    ListKind.PERSONAL: (RecommendedPersonallyRow, "customer_id"),
    ListKind.COMPLEMENTARY: (RecommendedPairRow, "anchor"),
    ListKind.ALTERNATIVES: (RecommendedPairRow, "anchor"),
    ListKind.POPULAR: (RecommendedPopularRow, "scope"),
}
"""Where each list is, and by what its rows are in order there."""


Learned = LearnedPair | LearnedForCustomer | LearnedPopular
Row = TypeVar("Row", bound=Learned)


class RunWriter:
    """Works within the caller's transaction (``bulk_write``)."""

    def __init__(self, connection: BulkConnection, *, clock: Clock = utc_now) -> None:
        self._connection = connection
        self._clock = clock

    def begin(self, kind: ListKind, seed: int, learned_until: datetime) -> int:
        """The id of a new candidate.

        Only one training goes on at a time. Candidates that are left broke off, and are refused as such.
        """
        now = self._clock()
        self.break_off(kind)
        added = insert(_runs).values(
            list=kind.value,
            state=RunState.CANDIDATE.value,
            figures={},
            seed=seed,
            learned_until=learned_until,
            created_at=now,
        )
        return int(self._connection.execute(added.returning(_runs.c.id)).scalar_one())

    def break_off(self, kind: ListKind) -> None:
        """Refuse the candidates of a list that nobody goes on with."""
        left = select(_runs.c.id).where(_runs.c.list == kind.value, _runs.c.state == RunState.CANDIDATE.value)
        for run_id in self._connection.scalars(left).all():
            self.refuse(run_id, {}, BROKEN_OFF)

    def add_pairs(self, run_id: int, rows: Iterable[LearnedPair]) -> int:
        """Add to a complementary or an alternatives list; answers how many."""
        return sum(self._insert(RecommendedPairRow, run_id, some) for some in _portions(rows))

    def add_personal(self, run_id: int, rows: Iterable[LearnedForCustomer]) -> int:
        """Add to a personal list; answers how many.

        A training takes a while. Who was erased or removed since its orders were read is left out.
        """
        added = 0
        for some in _portions(rows):
            left = self._still_there({row.customer_id for row in some})
            kept = [row for row in some if row.customer_id in left]
            added += self._insert(RecommendedPersonallyRow, run_id, kept)
        return added

    def add_popular(self, run_id: int, rows: Iterable[LearnedPopular]) -> int:
        """Add to a list of what is popular; answers how many."""
        return sum(self._insert(RecommendedPopularRow, run_id, some) for some in _portions(rows))

    def put_live(self, run_id: int, figures: Mapping[str, Any]) -> None:
        """Serve this run from the next question on; the one before is kept for a while.

        Takes a moment, however long the lists are; :meth:`drop_some` makes room.

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

    def refuse(self, run_id: int, figures: Mapping[str, Any], reason: str) -> None:
        """Keep why it is not served, and what it was judged on; its list goes with :meth:`drop_some`.

        Raises:
            RunNotFoundError: There is no such run.
        """
        self._kind_of(run_id)
        self._decide(run_id, RunState.REFUSED, figures, reason[:_LONGEST_REASON])

    def drop_some(self, kind: ListKind, most: int = _ROWS_AT_ONCE) -> int:
        """Remove rows of a list that nobody needs any more; answers how many, 0 when none is left.

        Needed are candidates, the served list, and those that were served before it (:data:`KEPT_LISTS`).

        Args:
            kind: Of which list.
            most: How many rows, or the few more that belong to the last of them; the service waits for it.
        """
        model, order = _TABLES[kind]
        table = cast("Table", model.__table__)
        has_rows = select(table.c.run_id).where(table.c.run_id == _runs.c.id).exists()
        over = select(_runs.c.id).where(
            _runs.c.list == kind.value, _runs.c.id.not_in(_needed(kind)), has_rows
        )
        run_id = self._connection.scalar(over.order_by(_runs.c.id).limit(1))
        if run_id is None:
            return 0
        of_run, place = table.c.run_id == run_id, table.c[order]
        last = self._connection.scalar(select(place).where(of_run).order_by(place).offset(most - 1).limit(1))
        some = of_run if last is None else and_(of_run, place <= last)
        return self._connection.execute(delete(table).where(some)).rowcount

    def find_live(self, kind: ListKind) -> LiveRun | None:
        """The run that is served, or None before there is one."""
        query = select(_runs).where(_runs.c.list == kind.value, _runs.c.state == RunState.LIVE.value)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return LiveRun(row.id, row.figures, row.seed, row.learned_until, row.created_at)

    def find_last_begun(self, kind: ListKind) -> datetime | None:
        """When the last training of a list began, whatever came of it; None before the first."""
        query = select(func.max(_runs.c.created_at)).where(_runs.c.list == kind.value)
        begun: datetime | None = self._connection.scalar(query)
        return begun

    def _insert(self, model: type[Base], run_id: int, rows: Sequence[Learned]) -> int:
        insert_rows(self._connection, model, [{"run_id": run_id, **row._asdict()} for row in rows])
        return len(rows)

    def _still_there(self, customers: set[int]) -> set[int]:
        """Those who are not gone, and cannot go before this transaction ends."""
        wanted, found = sorted(customers), set[int]()
        for start in range(0, len(wanted), LOOK_UP_SIZE):
            query = (
                select(CustomerRow.id)
                .where(CustomerRow.id.in_(wanted[start : start + LOOK_UP_SIZE]))
                .where(CustomerRow.external_id.not_like(_ERASED))
                # PostgreSQL: an erasure that is going on is waited for, and a later one waits.
                .with_for_update(read=True, key_share=True)
            )
            found.update(self._connection.scalars(query))
        return found

    def _kind_of(self, run_id: int) -> str:
        kind = self._connection.scalar(select(_runs.c.list).where(_runs.c.id == run_id))
        if kind is None:
            raise RunNotFoundError(run_id)
        return str(kind)

    def _decide(self, run_id: int, state: RunState, figures: Mapping[str, Any], reason: str | None) -> None:
        decided = update(_runs).where(_runs.c.id == run_id)
        values = {"state": state.value, "figures": dict(figures), "reason": reason}
        self._connection.execute(decided.values(**values, decided_at=self._clock()))


def _needed(kind: ListKind) -> CompoundSelect[Any]:
    """The runs whose lists stay."""
    of_kind = _runs.c.list == kind.value
    served = (
        select(_runs.c.id)
        .where(of_kind, _runs.c.state.in_([RunState.LIVE.value, RunState.RETIRED.value]))
        .order_by(_runs.c.decided_at.desc(), _runs.c.id.desc())
        .limit(KEPT_LISTS)
    )
    candidates = select(_runs.c.id).where(of_kind, _runs.c.state == RunState.CANDIDATE.value)
    return select(served.subquery().c.id).union_all(candidates)


def _portions(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while some := list(islice(remaining, _ROWS_AT_ONCE)):
        yield some
