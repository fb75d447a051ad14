"""Reads CSV files as they come: any usual separator and encoding, any length, broken lines included.

Memory stays the same however long the file is. What columns mean is the features' affair.
"""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, Final

from balie.storage.errors import CsvColumnsError, CsvUnreadableError

MAX_LINES_PER_RECORD: Final = 50
"""A quoted text may run over so many lines; one that does not end by then was never meant to start."""

_SEPARATORS: Final = ";,\t"
_CHUNK: Final = 1 << 20
_LONGEST_LINE: Final = 100_000
# What spreadsheets in Western Europe write when they do not write UTF-8. Contains all of Latin-1's letters.
_WESTERN: Final = "cp1252"


@dataclass(frozen=True, slots=True)
class CsvRecord:
    """One line of a CSV file, or several when a quoted text runs over them.

    Attributes:
        line: Number of its first line; the header is line 1.
        values: By column. Of a broken record as far as they can be told.
        problem: Why it cannot be used; None when it can.
    """

    line: int
    values: dict[str, str]
    problem: str | None = None


class CsvFile:
    """An open CSV file.

    Attributes:
        name: Of the file, without its folder.
        encoding: ``utf-8``, ``utf-16`` or ``cp1252``, as found out from its bytes.
        separator: ``;``, ``,`` or a tab, as found out from its header.
        columns: Names in the header, lower case, with ``_`` for spaces and hyphens.
        bytes_total: Size of the file.
    """

    def __init__(self, path: Path) -> None:
        """Look at the file's bytes and read its header.

        Raises:
            CsvUnreadableError: There is no such file, it is empty, or it is not text.
            CsvColumnsError: A column name is there twice.
        """
        self._path = path
        self.name = path.name
        try:
            self.bytes_total = path.stat().st_size
            self.encoding = _detect_encoding(path)
        except OSError as error:
            raise CsvUnreadableError(path.name, error.strerror or "it cannot be opened") from error
        with path.open("rb") as stream, self._text(stream) as lines:
            header = lines.readline(_LONGEST_LINE)
        self.separator = max(_SEPARATORS, key=header.count)
        self.columns = self._read_header(header)

    def check_columns(self, *, required: Collection[str]) -> None:
        """Make sure that the header names every column that is needed.

        Raises:
            CsvColumnsError: Some are missing.
        """
        missing = [name for name in required if name not in self.columns]
        if missing:
            raise CsvColumnsError(self._path.name, missing=missing, found=self.columns)

    def records(self) -> Iterator[tuple[CsvRecord, int]]:
        """Every record after the header, with how many bytes have been read by then; blank lines left out."""
        with self._path.open("rb") as stream, self._text(stream) as lines:
            lines.readline(_LONGEST_LINE)
            for number, text, problem in _join_quoted(lines, self.separator):
                if text.strip():
                    yield self._record(number, text, problem), stream.tell()

    def _text(self, stream: BinaryIO) -> TextIOWrapper:
        encoding = "utf-8-sig" if self.encoding == "utf-8" else self.encoding
        return TextIOWrapper(stream, encoding=encoding, newline="")

    def _read_header(self, header: str) -> tuple[str, ...]:
        names = tuple(_column_name(name) for name in self._split(header))
        twice = sorted({name for name in names if name and names.count(name) > 1})
        if twice:
            raise CsvColumnsError(self._path.name, twice=twice, found=names)
        if not any(names):
            raise CsvUnreadableError(self._path.name, "its first line names no columns")
        return names

    def _record(self, line: int, text: str, problem: str | None) -> CsvRecord:
        if "\x00" in text:
            problem = "there is a NUL character in it"
        fields = text.strip("\r\n").split(self.separator)
        if problem is None:
            try:
                fields = self._split(text)
            except csv.Error as error:
                problem = str(error)
        if problem is None and len(fields) != len(self.columns):
            problem = f"it has {len(fields)} fields, the header has {len(self.columns)}"
        values = {name: value.strip() for name, value in zip(self.columns, fields, strict=False)}
        return CsvRecord(line, values, problem)

    def _split(self, text: str) -> list[str]:
        return next(csv.reader([text], delimiter=self.separator), [])


def _join_quoted(lines: TextIOWrapper, separator: str) -> Iterator[tuple[int, str, str | None]]:
    """Lines with their numbers, those of one quoted text joined, and what is wrong with them."""
    waiting: deque[str] = deque()
    number = 1
    while True:
        first = waiting.popleft() if waiting else lines.readline(_LONGEST_LINE)
        if not first:
            return
        number += 1
        if len(first) == _LONGEST_LINE:
            yield number, first[:1000], "it is longer than any line should be"
            _skip_line(lines)
            continue
        joined = _complete(first, waiting, lines, separator)
        if joined is None:
            yield number, first, "a quotation mark is opened and never closed"
            continue
        yield number, joined, None
        number += joined.count("\n") - first.count("\n")


def _complete(first: str, waiting: deque[str], lines: TextIOWrapper, separator: str) -> str | None:
    """The line with those that its quoted text runs on to; None when the text never ends.

    Lines that were read in vain are put back into ``waiting``.
    """
    text, read = first, 0
    while _ends_in_quotes(text, separator):
        if read == len(waiting):
            waiting.append(lines.readline(_LONGEST_LINE))
        if read == MAX_LINES_PER_RECORD or not waiting[read]:
            return None
        text += waiting[read]
        read += 1
    for _ in range(read):
        waiting.popleft()
    return text


def _ends_in_quotes(text: str, separator: str) -> bool:
    """Whether a quoted field is still open at the end. Only a mark at the start of a field opens one."""
    if '"' not in text:
        return False
    start = 0
    while start < len(text):
        end = start
        if text[start] == '"':
            end = _closing_mark(text, start + 1)
            if end < 0:
                return True
        end = text.find(separator, end)
        if end < 0:
            return False
        start = end + 1
    return False


def _closing_mark(text: str, start: int) -> int:
    """Where a quoted field ends, -1 when it does not; two marks in a row stand for one in the text."""
    end = text.find('"', start)
    while end >= 0 and text[end + 1 : end + 2] == '"':
        end = text.find('"', end + 2)
    return end


def _skip_line(lines: TextIOWrapper) -> None:
    while (rest := lines.readline(_LONGEST_LINE)) and len(rest) == _LONGEST_LINE:
        pass


def _column_name(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _detect_encoding(path: Path) -> str:
    """Find out from all of the bytes: a single accent in the last line of a million can decide."""
    with path.open("rb") as stream:
        start = stream.read(4)
        if not start:
            raise CsvUnreadableError(path.name, "it is empty")
        if start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return "utf-16"
        stream.seek(0)
        if _decodes(stream, "utf-8"):
            return "utf-8"
        stream.seek(0)
        if _decodes(stream, _WESTERN):
            return _WESTERN
    raise CsvUnreadableError(path.name, "it is neither UTF-8, UTF-16 nor Latin-1 text")


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := stream.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
