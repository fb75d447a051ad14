"""Engines for SQLite and PostgreSQL with the settings that keep data safe."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
)

SERVICE_LOCK_WAIT = timedelta(seconds=2.5)
"""Shorter than a custom action may take, so that a locked database is an error and not silence."""

BULK_LOCK_WAIT = timedelta(seconds=30)
"""Imports and migrations are patient: the service's own writes are short."""

SERVICE_CACHE_KIB = 8 * 1024
BULK_CACHE_KIB = 64 * 1024
"""Per connection. A large transaction that outgrows its cache is written twice."""

_BEGIN_OPTION = "balie_sqlite_begin"


def open_async_engine(database_url: str, *, lock_wait: timedelta = SERVICE_LOCK_WAIT) -> AsyncEngine:
    """Open the engine the service works with (aiosqlite or psycopg).

    Args:
        database_url: ``sqlite:///path`` or ``postgresql://…``.
        lock_wait: How long a writer waits for somebody else's lock before it gives up.
    """
    url = _with_driver(database_url, {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"})
    engine = create_async_engine(url, **_options(url, lock_wait))
    _prepare(engine.sync_engine, lock_wait)
    return engine


def open_sync_engine(
    database_url: str,
    *,
    lock_wait: timedelta = BULK_LOCK_WAIT,
    cache_kib: int = BULK_CACHE_KIB,
    keeps_references: bool = True,
) -> Engine:
    """Open the engine for migrations and bulk loads; see :func:`open_async_engine`.

    Args:
        database_url: ``sqlite:///path`` or ``postgresql://…``.
        lock_wait: How long a writer waits for somebody else's lock before it gives up.
        cache_kib: How much memory each connection of SQLite may use for pages.
        keeps_references: Whether SQLite watches over foreign keys. Not while tables are changed: a copy
            takes the old table's place, and rows that belong to it must not go with the old one.
    """
    url = _with_driver(database_url, {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"})
    engine = create_engine(url, **_options(url, lock_wait))
    _prepare(engine, lock_wait, cache_kib, keeps_references=keeps_references)
    return engine


def for_writing(engine: AsyncEngine) -> AsyncEngine:
    """The same engine, whose SQLite transactions take the writer's lock at once.

    A transaction that reads first and writes later cannot wait for the lock: SQLite refuses it on the spot.
    """
    return engine.execution_options(**{_BEGIN_OPTION: "BEGIN IMMEDIATE"})


def for_bulk_writing(engine: Engine) -> Engine:
    """:func:`for_writing` for a synchronous engine."""
    return engine.execution_options(**{_BEGIN_OPTION: "BEGIN IMMEDIATE"})


def ensure_folder(database_url: str) -> None:
    """Make the folder in which SQLite is going to put the database file."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def _with_driver(database_url: str, drivers: dict[str, str]) -> URL:
    url = make_url(database_url)
    return url.set(drivername=drivers[url.get_backend_name()])


def _options(url: URL, lock_wait: timedelta) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": lock_wait.total_seconds()}}
    milliseconds = int(lock_wait.total_seconds() * 1000)
    settings = f"-c lock_timeout={milliseconds} -c timezone=UTC"
    return {"pool_pre_ping": True, "connect_args": {"connect_timeout": 3, "options": settings}}


def _prepare(
    engine: Engine,
    lock_wait: timedelta,
    cache_kib: int = SERVICE_CACHE_KIB,
    *,
    keeps_references: bool = True,
) -> None:
    if engine.dialect.name != "sqlite":
        return
    milliseconds = int(lock_wait.total_seconds() * 1000)
    own = (
        f"PRAGMA busy_timeout = {milliseconds}",
        f"PRAGMA cache_size = -{cache_kib}",
        f"PRAGMA foreign_keys = {'ON' if keeps_references else 'OFF'}",
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        # The driver's own idea of when to begin leaves reads outside transactions: we say BEGIN ourselves.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (*own, *SQLITE_PRAGMAS):
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN_OPTION, "BEGIN"))
