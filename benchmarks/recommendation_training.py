"""How long a training takes and how much memory: on UCI Online Retail, and on many made-up lines.

Every training runs in a process of its own, so that its peak memory is its own, and goes through all that
``balie recommend train`` does except for reading and writing the store.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa

from balie.jobs.recommending.options import Options
from balie.jobs.recommending.snapshot import Known, catalogue_of
from balie.jobs.recommending.training import train
from balie.jobs.recommending.workspace import LINES, PRODUCTS, SIGNALS, Workspace, open_workspace
from balie.recommendations.kinds import ListKind
from balie.recommendations.signal_repository import SoldProduct
from benchmarks.retail import FILE
from benchmarks.servers import ROOT

UCI: Final = "uci"
MADE_UP: Final = (1_000_000, 3_000_000, 10_000_000)
_PRODUCTS: Final = 20_000
_LINES_PER_CUSTOMER: Final = 20
_LINES_PER_ORDER: Final = 4
_BATCH: Final = 100_000
_YEARS: Final = 2 * 365 * 86_400

_UCI_LINES: Final = """
    SELECT (hash(InvoiceNo) // 4)::BIGINT AS "order", row_number() OVER () AS position,
           CAST(CAST(CustomerID AS DOUBLE) AS BIGINT) AS customer, upper(StockCode) AS sku,
           epoch(CAST(InvoiceDate AS TIMESTAMP))::BIGINT AS "at", Quantity <= 0 AS cancelled,
           Description AS name
    FROM read_csv(?, types = {'InvoiceNo': 'VARCHAR', 'StockCode': 'VARCHAR', 'CustomerID': 'VARCHAR'})
"""


def measure(what: str) -> dict[str, Any]:
    """Train in a fresh process: ``uci``, or so many made-up lines."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.recommendation_training", what]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    """The process: train, and print one line of JSON."""
    what = sys.argv[1]
    started = time.perf_counter()
    with open_workspace() as workspace:
        known = _uci(workspace) if what == UCI else _made_up(workspace, int(what))
        read = time.perf_counter()
        rows = {
            learned.kind.value: sum(1 for _ in learned.rows)
            for learned in train(known, list(ListKind), Options(), None, _tell_nobody)
        }
        lines = int(known.lines.count().to_pyarrow().as_py())
    used = resource.getrusage(resource.RUSAGE_SELF)
    figures = {
        "lines": lines,
        "products": len(known.catalogue),
        "seconds": round(time.perf_counter() - started, 1),
        "of_which_reading_s": round(read - started, 1),
        "processor_s": round(used.ru_utime + used.ru_stime, 1),
        "peak_mb": used.ru_maxrss // 1024,
        "rows": rows,
    }
    print(json.dumps(figures))


def _uci(workspace: Workspace) -> Known:
    raw = workspace.engine.con
    raw.execute(f"CREATE TABLE raw AS {_UCI_LINES}", [str(FILE)])
    raw.execute('CREATE TABLE lines AS SELECT "order", position, customer, sku, "at", cancelled FROM raw')
    returned = (
        "SELECT customer, sku, 'returned' AS kind, \"at\", 0.5::DOUBLE AS share FROM raw WHERE cancelled"
    )
    raw.execute(f"CREATE TABLE signals AS {returned} AND customer IS NOT NULL")
    named = raw.execute("SELECT sku, coalesce(min(name), sku) FROM raw GROUP BY sku").fetchall()
    sold = tuple(SoldProduct(sku, "all", "", {"en": name}, {}, None) for sku, name in sorted(named))
    return _known(workspace, sold, int(raw.execute('SELECT max("at") FROM lines').fetchone()[0]))


def _made_up(workspace: Workspace, lines: int) -> Known:
    workspace.add_batches("lines", LINES, _made_up_lines(lines))
    workspace.add_batches("signals", SIGNALS, [])
    kinds = ("lamp", "lock", "pump", "tent", "shoe", "sock", "bottle", "helmet", "glove", "jacket")
    sold = tuple(
        SoldProduct(
            f"S-{number:06d}",
            f"category {number % 40}",
            f"brand {number % 90}",
            {"en": f"{kinds[number % 10]} {number % 97} of {number % 89}"},
            {},
            500 + 37 * (number % 900),
        )
        for number in range(_PRODUCTS)
    )
    return _known(workspace, sold, _YEARS)


def _made_up_lines(count: int) -> Iterator[pa.RecordBatch]:
    """Orders of people who like a part of the shop; few products are bought often, many seldom."""
    dice = np.random.default_rng(1)
    customers = max(count // _LINES_PER_CUSTOMER, 1)
    skus = np.array([f"S-{number:06d}" for number in range(_PRODUCTS)])
    for start in range(0, count, _BATCH):
        size = min(_BATCH, count - start)
        orders = (start + np.arange(size)) // _LINES_PER_ORDER
        owners = (orders * 7_919) % customers
        rank = np.minimum(dice.pareto(1.1, size) * 30, _PRODUCTS - 1).astype(np.int64)
        products = (rank + (owners % 40) * 500) % _PRODUCTS
        moments = (orders * 104_729 * 60) % _YEARS
        columns = [
            pa.array(orders),
            pa.array(np.arange(size) % _LINES_PER_ORDER),
            pa.array(owners),
            pa.array(skus[products]),
            pa.array(moments),
            pa.array(np.zeros(size, dtype=bool)),
        ]
        yield pa.record_batch(columns, schema=LINES)


def _known(workspace: Workspace, sold: tuple[SoldProduct, ...], until: int) -> Known:
    catalogue = catalogue_of(sold)
    columns: Iterable[Any] = (catalogue.skus, range(len(sold)), catalogue.categories, catalogue.sorts)
    rows = [
        (sku, number, int(category), int(sort)) for sku, number, category, sort in zip(*columns, strict=True)
    ]
    table = workspace.engine.table
    products = workspace.add("products", PRODUCTS, [rows])
    return Known(table("lines"), table("signals"), products, catalogue, sold, until)


def _tell_nobody(_step: str, _done: int, _total: int) -> None:
    """Only the time counts."""


if __name__ == "__main__":
    main()
