"""Between the store and a training: reads what there is, writes what was learned, in short transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final

from balie.jobs.recommending.snapshot import Known, catalogue_of
from balie.jobs.recommending.training import Learned, Row
from balie.jobs.recommending.workspace import LINES, PRODUCTS, SIGNALS, Workspace
from balie.kernel.clock import Clock
from balie.recommendations.acceptance import Figures, reason_to_refuse
from balie.recommendations.errors import TrainingGoesOnError
from balie.recommendations.kinds import ListKind
from balie.recommendations.repository import BROKEN_OFF, RunWriter
from balie.recommendations.signal_repository import SignalRepository
from balie.storage.alone import alone
from balie.storage.engine import open_sync_engine
from balie.storage.errors import StoreUnavailableError
from balie.storage.unit_of_work import BulkEngine, bulk_read, bulk_write, refusing_as_unavailable

ROWS_AT_ONCE: Final = 10_000
"""Of one transaction: the service waits for it when it wants to write."""

LOCK_WAIT: Final = timedelta(minutes=5)
"""How long a training waits for whoever is writing: what it learned so far would be lost."""

TRAINING: Final = "training"


@contextmanager
def open_store(database_url: str) -> Iterator[BulkEngine]:
    """The store, for one training; nobody else may train meanwhile.

    Raises:
        TrainingGoesOnError: Another process trains.
        StoreUnavailableError: The database cannot be used.
    """
    engine = open_sync_engine(database_url, lock_wait=LOCK_WAIT)
    try:
        with refusing_as_unavailable(), alone(engine, TRAINING) as is_alone:
            if not is_alone:
                raise TrainingGoesOnError
            yield engine
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one list.

    Attributes:
        reason: Why it is not served; None when it is.
        rows: How many were stored.
    """

    kind: ListKind
    figures: Figures
    reason: str | None
    rows: int


def read_known(
    engine: BulkEngine, workspace: Workspace, currency: str, now: datetime
) -> tuple[Known, set[int]]:
    """Everything there is to learn from, and the customers who want a list of their own.

    Args:
        engine: The store.
        workspace: Where the lines are put.
        currency: Of the prices that are compared.
        now: Moments that claim to be later count as this one.
    """
    with bulk_read(engine) as connection:
        signals = SignalRepository(connection)
        sold = tuple(signals.list_products(currency))
        catalogue = catalogue_of(sold)
        numbered = [
            (product.sku, number, int(catalogue.categories[number]), int(catalogue.sorts[number]))
            for number, product in enumerate(sold)
        ]
        newest = signals.find_newest_order() or now
        known = Known(
            lines=workspace.add("lines", LINES, signals.stream_lines()),
            signals=workspace.add("signals", SIGNALS, signals.stream_signals()),
            products=workspace.add("products", PRODUCTS, [numbered]),
            catalogue=catalogue,
            sold=sold,
            until=int(min(newest, now).timestamp()),
        )
        return known, signals.list_agreed()


def keep(engine: BulkEngine, learned: Learned, known: Known, seed: int, clock: Clock) -> Verdict:
    """Store a list and serve it, or store why it is not served. Then lists that nobody needs any more go.

    Raises:
        StoreUnavailableError: The database cannot be used, or is full. The list before is still served.
    """
    until = datetime.fromtimestamp(known.until, UTC)
    with bulk_write(engine) as connection:
        writer = RunWriter(connection, clock=clock)
        live = writer.find_live(learned.kind)
        run = writer.begin(learned.kind, seed, until)
    served = None if live is None else Figures.from_document(live.figures)
    reason = reason_to_refuse(learned.figures, served)
    figures = learned.figures.as_document()
    with ExitStack() as when_it_breaks_off:
        when_it_breaks_off.callback(_clear_up, engine, learned.kind, run, clock)
        rows = _write(engine, learned, run, clock) if reason is None else 0
        when_it_breaks_off.pop_all()
    if reason is None:
        _decide(engine, clock, lambda writer: writer.put_live(run, figures))
    else:
        _decide(engine, clock, lambda writer: writer.refuse(run, figures, reason))
    _make_room(engine, learned.kind)
    return Verdict(learned.kind, learned.figures, reason, rows)


def _write(engine: BulkEngine, learned: Learned, run: int, clock: Clock) -> int:
    rows, remaining = 0, iter(learned.rows)
    while some := list(islice(remaining, ROWS_AT_ONCE)):
        with bulk_write(engine) as connection:
            rows += _add(RunWriter(connection, clock=clock), learned.kind, run, some)
    return rows


def _decide(engine: BulkEngine, clock: Clock, decision: Callable[[RunWriter], None]) -> None:
    with bulk_write(engine) as connection:
        decision(RunWriter(connection, clock=clock))


def _clear_up(engine: BulkEngine, kind: ListKind, run: int, clock: Clock) -> None:
    """Take away what was written of a list that will not be served, if the database still can."""
    with suppress(StoreUnavailableError):
        _decide(engine, clock, lambda writer: writer.refuse(run, {}, BROKEN_OFF))
        _make_room(engine, kind)


def _make_room(engine: BulkEngine, kind: ListKind) -> None:
    dropped = 1
    while dropped:
        with bulk_write(engine) as connection:
            dropped = RunWriter(connection).drop_some(kind, ROWS_AT_ONCE)


def _add(writer: RunWriter, kind: ListKind, run: int, rows: Iterable[Row]) -> int:
    of_kind: Any = rows
    if kind is ListKind.PERSONAL:
        return writer.add_personal(run, of_kind)
    if kind is ListKind.POPULAR:
        return writer.add_popular(run, of_kind)
    return writer.add_pairs(run, of_kind)
