"""A handoff's card as it leaves the house: JSON for a desk, facts for the words of a note. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

NAME_TO_FILL_IN: Final = "…"


@dataclass(frozen=True, slots=True)
class OutsideReader:
    """An agent whom we do not know: reads the shop's own language, and fills in their name themselves."""

    display_name: str = NAME_TO_FILL_IN
    languages: tuple[str, ...] = ()


def as_document(value: object) -> Any:
    """Plain values as JSON can hold them, dataclasses as objects, times in ISO 8601.

    >>> as_document({"at": datetime(2026, 11, 3, 10, 0), "codes": (1, 2)})
    {'at': '2026-11-03T10:00:00', 'codes': [1, 2]}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_document(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(as_document(key)): as_document(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [as_document(one) for one in value]
    return _plain(value)


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
