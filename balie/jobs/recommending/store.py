"""Between the store and a training: reads what there is, writes what was learned, in short transactions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

from balie.jobs.recommending.snapshot import Known, catalogue_of
from balie.jobs.recommending.training import Learned, Row
from balie.jobs.recommending.workspace import LINES, PRODUCTS, SIGNALS, Workspace
from balie.kernel.clock import Clock
from balie.recommendations.acceptance import Figures, reason_to_refuse
from balie.recommendations.kinds import ListKind
from balie.recommendations.repository import RunWriter
from balie.recommendations.signal_repository import SignalRepository
from balie.storage.unit_of_work import BulkEngine, bulk_read, bulk_write

ROWS_AT_ONCE: Final = 10_000
"""Of one transaction: the service waits for it when it wants to write."""


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
    """Store a list and serve it, or store why it is not served."""
    until = datetime.fromtimestamp(known.until, UTC)
    with bulk_write(engine) as connection:
        writer = RunWriter(connection, clock=clock)
        live = writer.find_live(learned.kind)
        run = writer.begin(learned.kind, seed, until)
    served = None if live is None else Figures.from_document(live.figures)
    reason = reason_to_refuse(learned.figures, served)
    figures = learned.figures.as_document()
    if reason is not None:
        with bulk_write(engine) as connection:
            RunWriter(connection, clock=clock).refuse(run, figures, reason)
        return Verdict(learned.kind, learned.figures, reason, 0)
    rows = 0
    remaining = iter(learned.rows)
    while some := list(islice(remaining, ROWS_AT_ONCE)):
        with bulk_write(engine) as connection:
            rows += _add(RunWriter(connection, clock=clock), learned.kind, run, some)
    with bulk_write(engine) as connection:
        RunWriter(connection, clock=clock).put_live(run, figures)
    return Verdict(learned.kind, learned.figures, None, rows)


def _add(writer: RunWriter, kind: ListKind, run: int, rows: Iterable[Row]) -> int:
    of_kind: Any = rows
    if kind is ListKind.PERSONAL:
        return writer.add_personal(run, of_kind)
    if kind is ListKind.POPULAR:
        return writer.add_popular(run, of_kind)
    return writer.add_pairs(run, of_kind)
