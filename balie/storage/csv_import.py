"""What every CSV import has in common: progress, the report, and the way through the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

from balie.kernel.clock import utc_now
from balie.storage.csv_file import CsvFile, CsvRecord
from balie.storage.csv_values import BadValueError
from balie.storage.engine import open_sync_engine
from balie.storage.errors import RowsRefusedError
from balie.storage.unit_of_work import BulkConnection, BulkEngine, bulk_write

Progress = Callable[[str, int, int], None]
"""Told what is going on, how much of it is done, and out of how much (bytes while reading)."""

LINES_PER_TRANSACTION: Final = 2_000
BAD_LINES_KEPT: Final = 1_000
"""A report holds so many; whoever wants them all listens to ``on_bad_line``."""

_TELL_EVERY: Final = 1_000

Item = TypeVar("Item")
NumberedValues = tuple[int, dict[str, Any]]
"""The values of a line, and its number."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was not loaded. ``line`` counts from the header, which is line 1."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file.

    Attributes:
        kind: What it held: ``customers``, ``products``, ``orders`` …
        encoding: As found out from the file; ``separator`` likewise.
        lines: How many there were besides the header and blank ones.
        added: Customers, variants, orders … that are new; ``changed`` were there already.
        bad_line_count: Lines that were not loaded.
        bad_lines: The first thousand of them.
        ignored_columns: In the header, and not known.
    """

    kind: str
    encoding: str
    separator: str
    lines: int
    added: int
    changed: int
    bad_line_count: int
    bad_lines: tuple[BadLine, ...]
    ignored_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What one transaction wrote: how many are new, how many were there already."""

    added: int
    changed: int


@dataclass(slots=True)
class ImportRun:
    """One import under way: writes, counts, tells, and collects what goes wrong."""

    kind: str
    file: CsvFile
    engine: BulkEngine
    now: datetime
    known_columns: frozenset[str]
    progress: Progress
    on_bad_line: Callable[[BadLine], None]
    lines: int = 0
    added: int = 0
    changed: int = 0
    _bad_line_count: int = 0
    _bad_lines: list[BadLine] = field(default_factory=list)

    def records(self) -> Iterator[CsvRecord]:
        """Every record of the file; progress is told on the way."""
        for record, bytes_read in self.file.records():
            self.lines += 1
            if self.lines % _TELL_EVERY == 0:
                self.progress("read", min(bytes_read, self.file.bytes_total), self.file.bytes_total)
            yield record
        self.progress("read", self.file.bytes_total, self.file.bytes_total)

    def usable(self, read: Callable[[dict[str, str]], dict[str, Any]]) -> Iterator[NumberedValues]:
        """Line numbers and values of the records that can be read; the others are reported."""
        for record in self.records():
            if record.problem is not None:
                self.refuse(record.line, record.problem)
                continue
            try:
                values = read(record.values)
            except BadValueError as error:
                self.refuse(record.line, str(error))
                continue
            yield record.line, values

    def refuse(self, line: int, reason: str) -> None:
        """Report a line that is not loaded."""
        bad = BadLine(line, reason)
        self._bad_line_count += 1
        if len(self._bad_lines) < BAD_LINES_KEPT:
            self._bad_lines.append(bad)
        self.on_bad_line(bad)

    def write(
        self, batch: Sequence[Item], write: Callable[[BulkConnection, Sequence[Item]], Written]
    ) -> Iterator[Item]:
        """Write a batch in one transaction; answers what the database refused, and would refuse again.

        When the batch as a whole is refused, its items are tried one by one: the others are no worse for it.

        Raises:
            StoreUnavailableError: The database cannot be used; earlier batches stay written.
        """
        try:
            with bulk_write(self.engine) as connection:
                written = write(connection, batch)
        except RowsRefusedError:
            if len(batch) == 1:
                yield batch[0]
                return
            for item in batch:
                yield from self.write([item], write)
            return
        self.added += written.added
        self.changed += written.changed

    def write_lines(
        self,
        batch: Sequence[NumberedValues],
        write: Callable[[BulkConnection, Sequence[NumberedValues]], Written],
    ) -> None:
        """:meth:`write` for lines that stand for themselves: those refused are reported."""
        for line, _ in self.write(batch, write):
            self.refuse(line, "it contradicts another line or what is in the database")

    def report(self) -> ImportReport:
        """What has become of the file."""
        return ImportReport(
            kind=self.kind,
            encoding=self.file.encoding,
            separator=self.file.separator,
            lines=self.lines,
            added=self.added,
            changed=self.changed,
            bad_line_count=self._bad_line_count,
            bad_lines=tuple(sorted(self._bad_lines, key=lambda bad: bad.line)),
            ignored_columns=tuple(name for name in self.file.columns if name not in self.known_columns),
        )


@dataclass(frozen=True, slots=True)
class Importer:
    """How the files of one kind are loaded.

    Attributes:
        kind: What they hold, as reports call it.
        required: Columns that must be there; ``known`` every one that is read.
        write: Writes what a run reads.
    """

    kind: str
    required: tuple[str, ...]
    known: frozenset[str]
    write: Callable[[ImportRun], None]


def load_file(
    importer: Importer,
    path: Path,
    database_url: str,
    *,
    progress: Progress | None = None,
    on_bad_line: Callable[[BadLine], None] | None = None,
) -> ImportReport:
    """Load a CSV file into a database with the current tables; lines that cannot be used are left out.

    Args:
        importer: What the file holds.
        path: The file. UTF-8 (with or without byte order mark), UTF-16 or Latin-1; separated by
            semicolons, commas or tabs. Both are found out from the file.
        database_url: Where to.
        progress: Told what is going on, how much is done, out of how much.
        on_bad_line: Told of every line that is not loaded, as it is found.

    Raises:
        CsvUnreadableError: The file is missing, empty, or not text.
        CsvColumnsError: Its header lacks columns, or names one twice.
        StoreUnavailableError: The database cannot be used; what was written before stays.
    """
    file = CsvFile(path)
    file.check_columns(required=importer.required)
    engine = open_sync_engine(database_url)
    run = ImportRun(
        kind=importer.kind,
        file=file,
        engine=engine,
        now=utc_now(),
        known_columns=importer.known,
        progress=progress or (lambda _doing, _done, _total: None),
        on_bad_line=on_bad_line or (lambda _bad: None),
    )
    try:
        importer.write(run)
    finally:
        engine.dispose()
    return run.report()


def batches(items: Iterator[Item], size: int = LINES_PER_TRANSACTION) -> Iterator[list[Item]]:
    """The items in lists of at most so many."""
    while some := list(islice(items, size)):
        yield some
