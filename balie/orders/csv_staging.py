"""Brings the lines of each order together, wherever in the file they stand, without holding them in memory.

The lines wait in a temporary SQLite file of their own; it is gone when the import ends.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import groupby, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from balie.storage.csv_file import CsvRecord
from balie.storage.csv_import import batches

_STAGED_AT_ONCE: Final = 10_000
_TABLE: Final = "CREATE TABLE staged (number TEXT, line INTEGER, problem TEXT, fields TEXT)"
_ADD: Final = "INSERT INTO staged VALUES (?, ?, ?, ?)"
_SORTED: Final = "SELECT number, line, problem, fields FROM staged ORDER BY number, line"

StagedRow = tuple[str, int, str | None, str]


class Staging:
    """Lines that wait for the others of their order."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add_all(self, records: Iterator[tuple[str, CsvRecord]]) -> None:
        """Put every record with its order's number aside."""
        for some in batches(records, _STAGED_AT_ONCE):
            rows = ((number, record.line, record.problem, _pack(record)) for number, record in some)
            self._connection.executemany(_ADD, rows)

    def orders(self, *, max_lines: int) -> Iterator[list[CsvRecord]]:
        """The records of each order, by line number; of a longer order one record too many, and no more."""
        for _, rows in groupby(self._connection.execute(_SORTED), key=lambda row: row[0]):
            yield [_unpack(row) for row in islice(rows, max_lines + 1)]


@contextmanager
def open_staging() -> Iterator[Staging]:
    """An empty place for lines to wait in, removed at the end of the block."""
    with TemporaryDirectory(prefix="balie-import-") as folder:
        connection = sqlite3.connect(Path(folder) / "lines.db", isolation_level=None)
        with closing(connection):
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(_TABLE)
            connection.execute("BEGIN")
            yield Staging(connection)


def _pack(record: CsvRecord) -> str:
    return json.dumps(record.values)


def _unpack(row: StagedRow) -> CsvRecord:
    _, line, problem, fields = row
    return CsvRecord(line, json.loads(fields), problem)
