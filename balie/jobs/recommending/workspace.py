"""The place where frames are worked out: DuckDB, in a file of its own, with so much memory and no more.

What does not fit into memory goes to disk. Nothing but this module knows which engine it is.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, Final

import duckdb
import ibis
import pyarrow as pa
from ibis.expr.types import Table

from balie.recommendations.errors import ListTrainingFailedError

MEMORY: Final = "512MB"
THREADS: Final = 2

LINES: Final = pa.schema(
    [
        ("order", pa.int64()),
        ("position", pa.int64()),
        ("customer", pa.int64()),
        ("sku", pa.string()),
        ("at", pa.int64()),
        ("cancelled", pa.bool_()),
    ]
)
SIGNALS: Final = pa.schema(
    [
        ("customer", pa.int64()),
        ("sku", pa.string()),
        ("kind", pa.string()),
        ("at", pa.int64()),
        ("share", pa.float64()),
    ]
)
PRODUCTS: Final = pa.schema(
    [("sku", pa.string()), ("product", pa.int64()), ("category", pa.int64()), ("sort", pa.int64())]
)

_FULL: Final = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    # A commit that cannot be written: nobody else works here whom it could contradict.
    duckdb.TransactionException,
    duckdb.FatalException,
)
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES})

Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Workspace:
    """An open engine."""

    engine: Any

    def add(self, name: str, schema: pa.Schema, parts: Iterable[Rows]) -> Table:
        """Make a table of rows that come in parts; no more than one part is in memory at a time."""
        batches = (_batch(rows, schema) for rows in parts if rows)
        return self.add_batches(name, schema, batches)

    def add_batches(self, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Table:
        """The same, of parts that are in columns already."""
        reader = pa.RecordBatchReader.from_batches(schema, iter(batches))
        self.engine.con.register("incoming", reader)
        self.engine.con.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM incoming")  # noqa: S608
        self.engine.con.unregister("incoming")
        table: Table = self.engine.table(name)
        return table

    def keep(self, name: str, frame: Table) -> Table:
        """Work a frame out once, for those that build on it."""
        table: Table = self.engine.create_table(name, frame, overwrite=True)
        return table


@contextmanager
def open_workspace(*, memory: str = MEMORY, threads: int = THREADS) -> Iterator[Workspace]:
    """A workspace, which is gone afterwards.

    Args:
        memory: The most that the engine may use, as DuckDB writes it.
        threads: How many may work at the same time.

    Raises:
        ListTrainingFailedError: There is no room to work in: disk or memory is full.
    """
    with _refusing_for_want_of_room(), TemporaryDirectory(prefix="balie-training-") as folder:
        path = Path(folder)
        engine = ibis.duckdb.connect(
            path / "frames.duckdb", threads=threads, memory_limit=memory, temp_directory=str(path / "spilled")
        )
        try:
            yield Workspace(engine)
        finally:
            engine.disconnect()


@contextmanager
def _refusing_for_want_of_room() -> Iterator[None]:
    try:
        yield
    except _FULL as error:
        # The first line of what it says is about files and bytes, never about rows.
        raise _no_room(str(error).partition("\n")[0]) from error
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise _no_room(str(error.strerror)) from error
    except MemoryError as error:
        raise ListTrainingFailedError("memory is full") from error


def _batch(rows: Rows, schema: pa.Schema) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    arrays = [pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.record_batch(arrays, schema=schema)


def _no_room(said: str) -> ListTrainingFailedError:
    return ListTrainingFailedError(f"no room to work in {gettempdir()}: {said}")
