"""Many rows at once, for loads and imports; what to write is the features' affair.

All functions work inside the caller's transaction (``bulk_write`` of ``unit_of_work``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, Column, Connection, Dialect, Table, delete, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from balie.storage.base import Base, UtcDateTime

Row = Mapping[str, Any]
Writer = Callable[[Any], Any]

LOOK_UP_SIZE: Final = 500
"""Values per ``IN``: below the smallest limit of bound values any SQLite was built with."""


@dataclass(frozen=True, slots=True)
class Key:
    """Columns that are unique together; with ``among`` only in the rows of which that condition is true."""

    columns: tuple[str, ...]
    among: str | None = None


def insert_rows(connection: Connection, model: type[Base], rows: Sequence[Row]) -> None:
    """Add new rows, all with the same columns, as fast as the database takes them."""
    if not rows:
        return
    write = _copy if connection.dialect.name == "postgresql" else _insert_plainly
    write(connection, _table(model), rows)


def upsert_rows(
    connection: Connection,
    model: type[Base],
    rows: Sequence[Row],
    *,
    key: Key,
    keep: Collection[str] = (),
) -> None:
    """Add rows, or change those that are there already.

    Args:
        connection: Inside a transaction.
        model: Whose table.
        rows: All with the same columns; no two with the same key.
        key: What is unique in the table.
        keep: Columns that are only written for new rows.
    """
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(_table(model))
    changes = {name: statement.excluded[name] for name in rows[0] if name not in {*key.columns, *keep}}
    where = None if key.among is None else text(key.among)
    if changes:
        upsert = statement.on_conflict_do_update(index_elements=key.columns, index_where=where, set_=changes)
    else:
        upsert = statement.on_conflict_do_nothing(index_elements=key.columns, index_where=where)
    connection.execute(upsert, list(rows))


def find_ids(connection: Connection, model: type[Base], column: str, values: Sequence[Any]) -> dict[Any, int]:
    """The ids of the rows whose ``column`` holds one of the values, by that value."""
    found = find_rows(connection, model, column, values, wanted=(column, "id"))
    return {row[column]: row["id"] for row in found}


def find_rows(
    connection: Connection, model: type[Base], column: str, values: Sequence[Any], *, wanted: Sequence[str]
) -> list[dict[str, Any]]:
    """Some columns of the rows whose ``column`` holds one of the values."""
    table = _table(model)
    found: list[dict[str, Any]] = []
    for start in range(0, len(values), LOOK_UP_SIZE):
        some = values[start : start + LOOK_UP_SIZE]
        query = select(*(table.c[name] for name in wanted)).where(table.c[column].in_(some))
        found.extend(dict(zip(wanted, row, strict=True)) for row in connection.execute(query))
    return found


def list_pairs(connection: Connection, model: type[Base], first: str, second: str) -> list[tuple[Any, Any]]:
    """Two columns of every row."""
    table = _table(model)
    return [(one, other) for one, other in connection.execute(select(table.c[first], table.c[second]))]


def delete_where(
    connection: Connection,
    model: type[Base],
    column: str,
    values: Sequence[Any],
    *,
    also: Mapping[str, Any] | None = None,
) -> None:
    """Remove the rows whose ``column`` holds one of the values, and by cascade what belongs to them.

    Args:
        connection: Inside a transaction.
        model: Whose table.
        column: Where to look for the values.
        values: What to look for.
        also: What other columns must hold besides; None is an empty one.
    """
    table = _table(model)
    conditions = [
        table.c[name].is_(None) if other is None else table.c[name] == other
        for name, other in (also or {}).items()
    ]
    for start in range(0, len(values), LOOK_UP_SIZE):
        some = values[start : start + LOOK_UP_SIZE]
        connection.execute(delete(table).where(table.c[column].in_(some), *conditions))


def delete_everything(connection: Connection, models: Sequence[type[Base]]) -> None:
    """Empty tables, in the order given."""
    for model in models:
        connection.execute(delete(_table(model)))


def count_rows(connection: Connection, model: type[Base], *, unlike: tuple[str, str] | None = None) -> int:
    """How many rows a table has; with ``unlike=(column, prefix)`` only those that start otherwise."""
    table = _table(model)
    query = select(func.count()).select_from(table)
    if unlike is not None:
        column, prefix = unlike
        query = query.where(table.c[column].not_like(f"{prefix}%"))
    return connection.execute(query).scalar_one()


def catch_up_sequences(connection: Connection, models: Sequence[type[Base]]) -> None:
    """Let PostgreSQL number new rows after those that were written with their own ids."""
    if connection.dialect.name != "postgresql":
        return
    for model in models:
        name = _table(model).name
        connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), "  # noqa: S608 - our own table's name
                f"COALESCE((SELECT max(id) FROM {name}), 0) + 1, false)"
            )
        )


def _copy(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    columns = [table.c[name] for name in rows[0]]
    writers = [_special_writer(column, connection.dialect) for column in columns]
    listed = ", ".join(column.name for column in columns)
    statement = f"COPY {table.name} ({listed}) FROM STDIN"
    cursor: Any = connection.connection.cursor()
    with _errors_as_usual(connection, statement), cursor, cursor.copy(statement) as copy:
        for values in _prepared(rows, writers):
            copy.write_row(values)


@contextmanager
def _errors_as_usual(connection: Connection, statement: str) -> Iterator[None]:
    """Give the driver's own errors the names they have in every other statement."""
    driver = connection.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        raise DBAPIError.instance(statement, None, error, driver.Error, dialect=connection.dialect) from error


def _special_writer(column: Column[Any], dialect: Dialect) -> Writer | None:
    """How the values of a column are written, where it is not the column type's own way."""
    if isinstance(column.type, JSON):
        return _json_writer()
    # The same text that SQLAlchemy would store, made in half the time.
    return _sqlite_moment if isinstance(column.type, UtcDateTime) and dialect.name == "sqlite" else None


def _insert_plainly(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """The driver's own ``executemany``: a third of the time that statement objects take."""
    columns = [table.c[name] for name in rows[0]]
    dialect = connection.dialect
    writers = [
        _special_writer(column, dialect) or column.type.dialect_impl(dialect).bind_processor(dialect)
        for column in columns
    ]
    listed = ", ".join(column.name for column in columns)
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table.name} ({listed}) VALUES ({marks})"  # noqa: S608 - our own names
    connection.exec_driver_sql(statement, list(_prepared(rows, writers)))


def _prepared(rows: Sequence[Row], writers: Sequence[Writer | None]) -> Iterator[tuple[Any, ...]]:
    """The rows' values as the driver wants them, in the order of the first row's columns."""
    names = list(rows[0])
    columns = [
        [row[name] for row in rows] if write is None else [write(row[name]) for row in rows]
        for name, write in zip(names, writers, strict=True)
    ]
    return zip(*columns, strict=True)


def _sqlite_moment(value: datetime | None) -> str | None:
    return (
        None if value is None else value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    )


def _json_writer() -> Writer:
    """Writes JSON; a value that stands in many rows (the name of a product) is written out once."""
    written: dict[int, str] = {}

    def write(value: Any) -> str | None:
        if value is None:
            return None
        # The rows keep their values alive meanwhile, so that no id is given away twice.
        if id(value) not in written:
            written[id(value)] = json.dumps(value)
        return written[id(value)]

    return write


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
