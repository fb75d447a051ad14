"""Reads the values of CSV columns; each reader says what it expects when it finds something else.

Reasons never quote the value: it may be personal, and they end up in terminals and logs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from balie.kernel.clock import DEFAULT_TIMEZONE

Reader = Callable[[str], Any]

MAX_MINOR_UNITS: Final = 2_000_000_000
"""Twenty million euros; the largest amount that fits the column."""

_WEB_ADDRESS = re.compile(r"https://[^\s<>\"']+")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_AMOUNT = re.compile(
    r"\d+(?:[.,]\d{1,2})?"
    r"|\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?"
    r"|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?"
    r"|\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?"
)
_CENTS = re.compile(r"[.,](\d{1,2})$")
_YES: Final = {"1", "yes", "ja", "true", "y", "j"}
_NO: Final = {"0", "no", "nee", "false", "n"}


class BadValueError(ValueError):
    """A value is not what its column holds. The text is for the person who made the file."""


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in one column.

    Attributes:
        read: Makes the value out of the text.
        required: Whether it must be in the header and may not be empty.
        default: What an empty or missing one means.
    """

    read: Reader
    required: bool = False
    default: Any = None


def read_values(columns: Mapping[str, Column], values: Mapping[str, str]) -> dict[str, Any]:
    """The values of one line.

    Raises:
        BadValueError: With the column's name and what it should hold.
    """
    read: dict[str, Any] = {}
    for name, column in columns.items():
        written = values.get(name)
        # Most columns of most lines are empty: that is settled here.
        if written:
            read[name] = _read_value(name, column, written)
        elif column.required:
            raise BadValueError(f"column {name}: it is empty")
        else:
            read[name] = column.default
    return read


def _read_value(name: str, column: Column, written: str) -> Any:
    try:
        return column.read(written)
    except ValueError as error:
        raise BadValueError(f"column {name}: {error}") from error


def text(longest: int) -> Reader:
    """Any text up to a length."""

    def read(value: str) -> str:
        if len(value) > longest:
            raise BadValueError(f"longer than {longest} characters")
        return value

    return read


def email(value: str) -> str:
    """An e-mail address, in lower case."""
    if not _EMAIL.fullmatch(value) or len(value) > 254:
        raise BadValueError("not an e-mail address")
    return value.lower()


def web_address(longest: int) -> Reader:
    """Reads an address that browsers may open: ``https://…``."""
    read_text = text(longest)

    def read(value: str) -> str:
        if _WEB_ADDRESS.fullmatch(value) is None or not _names_a_host(value):
            raise BadValueError("not an address such as https://shop.example/tent.jpg")
        return str(read_text(value))

    return read


def _names_a_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        # A port that is none is only noticed when it is asked for.
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def code(letters: int) -> Reader:
    """So many letters, such as a language or a country."""

    def read(value: str) -> str:
        if len(value) != letters or not (value.isascii() and value.isalpha()):
            raise BadValueError(f"not a code of {letters} letters")
        return value

    return read


def lower(reader: Reader) -> Reader:
    """Another reader's text, in lower case."""
    return lambda value: reader(value).lower()


def upper(reader: Reader) -> Reader:
    """Another reader's text, in upper case."""
    return lambda value: reader(value).upper()


def one_of_words(words: type[StrEnum]) -> Reader:
    """One of the words of an enumeration."""

    def read(value: str) -> str:
        try:
            return words(value.lower()).value
        except ValueError as error:
            raise BadValueError(f"not one of {', '.join(words)}") from error

    return read


def whole_number(least: int, most: int = 1_000_000) -> Reader:
    """A whole number within bounds."""

    def read(value: str) -> int:
        if not re.fullmatch(r"-?\d{1,9}", value) or not least <= int(value) <= most:
            raise BadValueError(f"not a whole number from {least} to {most}")
        return int(value)

    return read


def amount(value: str) -> int:
    """An amount of money in cents, not negative; ``89,95``, ``89.95`` and ``1.299,00`` are all understood."""
    written = value.removeprefix("€").strip()
    if not _AMOUNT.fullmatch(written):
        raise BadValueError("not an amount such as 89.95")
    cents = _CENTS.search(written)
    whole = re.sub(r"\D", "", written[: cents.start()] if cents else written)
    minor_units = int(whole) * 100 + (int(cents[1].ljust(2, "0")) if cents else 0)
    if minor_units > MAX_MINOR_UNITS:
        raise BadValueError("too large an amount")
    return minor_units


def yes_or_no(value: str) -> bool:
    """``yes``/``no``, ``ja``/``nee``, ``1``/``0``, ``true``/``false``."""
    if value.lower() in _YES:
        return True
    if value.lower() in _NO:
        return False
    raise BadValueError("neither yes nor no")


def day(value: str) -> date:
    """A day, ``2026-11-03``; with a time behind it, that is left out."""
    return _parse(value, DEFAULT_TIMEZONE).date()


def moment(value: str, timezone: ZoneInfo = DEFAULT_TIMEZONE) -> datetime:
    """A moment, ``2026-11-03T14:05:00+01:00``; without an offset it is the shop's own time."""
    return _parse(value, timezone).astimezone(UTC)


def _parse(value: str, timezone: ZoneInfo) -> datetime:
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError as error:
        raise BadValueError("not a date or time such as 2026-11-03 or 2026-11-03 14:05") from error
    if not 1970 <= parsed.year <= 2100:
        raise BadValueError("not a year from 1970 to 2100")
    return parsed if parsed.tzinfo else datetime.combine(parsed.date(), parsed.time() or time(), timezone)
