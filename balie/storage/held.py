"""What is held about a person: trees of tables, each with its fate when the person is erased.

Whoever adds a table that belongs to a person adds it to a tree too; a test finds those that nobody added.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Integer, RowMapping, Table, delete, select, update

from balie.storage.base import Base
from balie.storage.unit_of_work import Session

Document = dict[str, Any]


class Fate(StrEnum):
    """What becomes of rows when the person is erased."""

    GOES = "goes"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of one table that belong to a person, or to rows of another table that do.

    Attributes:
        through: The column that says whose they are.
        parts: Rows that belong to these; they go when these go.
        named: Columns that hold another table's key, with what a person knows that row by
            (``product_variants.sku``).
        hidden: Columns that are never told: secrets, and digests of them.
    """

    table: str
    through: str = "customer_id"
    parts: tuple[Held, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Belonging:
    """What belongs to a person themselves, and what becomes of it.

    Attributes:
        blank: Of rows that stay, what is taken out of them.
    """

    held: Held
    fate: Fate
    blank: Mapping[str, Any] = field(default_factory=dict)


async def tell(session: Session, held: Held, owner: Any) -> list[Document]:
    """Every row that belongs to an owner, oldest first, with its parts, as JSON can hold it."""
    return (await _tell_all(session, held, [owner])).get(owner, [])


async def erase(session: Session, belongings: Iterable[Belonging], owner: Any) -> None:
    """Take away what goes, in this order, and blank what stays."""
    for belonging in belongings:
        table = Base.metadata.tables[belonging.held.table]
        is_theirs = table.c[belonging.held.through] == owner
        if belonging.fate is Fate.GOES:
            await session.execute(delete(table).where(is_theirs))
        elif belonging.blank:
            await session.execute(update(table).where(is_theirs).values(**belonging.blank))


async def _tell_all(session: Session, held: Held, owners: Sequence[Any]) -> dict[Any, list[Document]]:
    table = Base.metadata.tables[held.table]
    whose = table.c[held.through]
    if not owners:
        return {}
    query = select(table).where(whose.in_(owners)).order_by(*table.primary_key)
    rows = (await session.execute(query)).mappings().all()
    names = {column: await _look_up(session, rows, column, known) for column, known in held.named.items()}
    parts = [(part, await _tell_parts(session, part, rows)) for part in held.parts]
    told: dict[Any, list[Document]] = {}
    for row in rows:
        document = {
            column.name: names[column.name].get(row[column.name])
            if column.name in names
            else _as_json(row[column.name])
            for column in table.columns
            if _is_told(column, held)
        }
        for part, found in parts:
            document[part.table] = found.get(row[_key_of(part)], [])
        told.setdefault(row[held.through], []).append(document)
    return told


async def _tell_parts(session: Session, part: Held, rows: Sequence[RowMapping]) -> dict[Any, list[Document]]:
    return await _tell_all(session, part, [row[_key_of(part)] for row in rows])


async def _look_up(
    session: Session, rows: Sequence[RowMapping], column: str, known_by: str
) -> dict[Any, Any]:
    """What a person knows the rows by that a column refers to."""
    table_name, _, name = known_by.partition(".")
    table: Table = Base.metadata.tables[table_name]
    [key] = table.primary_key
    wanted = {row[column] for row in rows} - {None}
    query = select(key, table.c[name]).where(key.in_(wanted))
    return {row[0]: row[1] for row in await session.execute(query)}


def _key_of(part: Held) -> str:
    """The column of the row above that says which parts are its own."""
    [reference] = Base.metadata.tables[part.table].c[part.through].foreign_keys
    return str(reference.column.name)


def _is_told(column: Column[Any], held: Held) -> bool:
    # A number that the database gave means nothing to anybody.
    is_number = column.primary_key and isinstance(column.type, Integer)
    return not is_number and column.name != held.through and column.name not in held.hidden


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value) if isinstance(value, UUID) else value
