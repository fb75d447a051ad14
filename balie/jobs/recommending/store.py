"""Between the store and a training: reads what there is, writes what was learned, in short transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from balie.jobs.recommending.snapshot import Known, catalogue_of
from balie.jobs.recommending.training import Learned, Row
from balie.jobs.recommending.workspace import LINES, PRODUCTS, SIGNALS, Workspace
from balie.kernel.clock import Clock
from balie.recommendations.acceptance import Figures, reason_to_refuse
from balie.recommendations.errors import TrainingGoesOnError
from balie.recommendations.kinds import ListKind
from balie.recommendations.repository import MARK_OF_ERASED, RunWriter
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
        is_tidy: Whether the lists that nobody needs any more are gone; else the next training removes them.
    """

    kind: ListKind
    figures: Figures
    reason: str | None
    rows: int
    is_tidy: bool = True


@contextmanager
def begun(
    engine: BulkEngine, kinds: Sequence[ListKind], seed: int, clock: Clock
) -> Iterator[Mapping[ListKind, int]]:
    """The runs of a training, by list; those that are not decided when it breaks off are refused.

    They are written down before anything is read: whatever ends a training, and the service with it, when
    the last one was tried is known. What comes into the store meanwhile is new to the next one.

    Raises:
        StoreUnavailableError: The database cannot be used; nothing was begun.
    """
    now = clock()
    with bulk_write(engine) as connection:
        until = min(SignalRepository(connection).find_newest_order() or now, now)
        writer = RunWriter(connection, clock=lambda: now)
        runs = {kind: writer.begin(kind, seed, until) for kind in kinds}
    with ExitStack() as when_it_breaks_off:
        for kind in kinds:
            when_it_breaks_off.callback(_clear_up, engine, kind, clock)
        yield runs
        when_it_breaks_off.pop_all()


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
            mark_of_erased=signals.find_mark_of_erased(),
        )
        return known, signals.list_agreed()


def keep(engine: BulkEngine, learned: Learned, known: Known, run: int, clock: Clock) -> Verdict:
    """Store a list and serve it, or store why it is not served. Then lists that nobody needs any more go.

    Args:
        engine: The store.
        learned: The list.
        known: What it was learned from.
        run: Its run, as :func:`begun` wrote it down.
        clock: The present moment.

    Raises:
        StoreUnavailableError: The database cannot be used, or is full. The list before is still served.
    """
    with bulk_read(engine) as connection:
        live = RunWriter(connection).find_live(learned.kind)
    served = None if live is None else Figures.from_document(live.figures)
    reason = reason_to_refuse(learned.figures, served)
    figures = {**learned.figures.as_document(), MARK_OF_ERASED: known.mark_of_erased}
    rows = _write(engine, learned, run, clock) if reason is None else 0
    if reason is None:
        _decide(engine, clock, lambda writer: writer.put_live(run, figures))
    else:
        _decide(engine, clock, lambda writer: writer.refuse(run, figures, reason))
    return Verdict(learned.kind, learned.figures, reason, rows, is_tidy=_make_room(engine, learned.kind))


def _write(engine: BulkEngine, learned: Learned, run: int, clock: Clock) -> int:
    rows, remaining = 0, iter(learned.rows)
    while some := list(islice(remaining, ROWS_AT_ONCE)):
        with bulk_write(engine) as connection:
            rows += _add(RunWriter(connection, clock=clock), learned.kind, run, some)
    return rows


def _decide(engine: BulkEngine, clock: Clock, decision: Callable[[RunWriter], None]) -> None:
    with bulk_write(engine) as connection:
        decision(RunWriter(connection, clock=clock))


def _clear_up(engine: BulkEngine, kind: ListKind, clock: Clock) -> None:
    """Take away what was written of a list that will not be served, if the database still can."""
    with suppress(StoreUnavailableError):
        _decide(engine, clock, lambda writer: writer.break_off(kind))
        _make_room(engine, kind)


def _make_room(engine: BulkEngine, kind: ListKind) -> bool:
    """Whether all that nobody needs is gone: what was decided stays so, whether the database can or not."""
    dropped = 1
    try:
        while dropped:
            with bulk_write(engine) as connection:
                dropped = RunWriter(connection).drop_some(kind, ROWS_AT_ONCE)
    except StoreUnavailableError:
        return False
    return True


def _add(writer: RunWriter, kind: ListKind, run: int, rows: Iterable[Row]) -> int:
    of_kind: Any = rows
    if kind is ListKind.PERSONAL:
        return writer.add_personal(run, of_kind)
    if kind is ListKind.POPULAR:
        return writer.add_popular(run, of_kind)
    return writer.add_pairs(run, of_kind)
