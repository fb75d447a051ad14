"""Engines for SQLite and PostgreSQL with the settings that keep data safe."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
)


def open_async_engine(database_url: str) -> AsyncEngine:
    """Open the engine the service works with (aiosqlite or psycopg)."""
    url = _with_driver(database_url, {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"})
    engine = create_async_engine(url, pool_pre_ping=url.get_backend_name() == "postgresql")
    _prepare(engine.sync_engine)
    return engine


def open_sync_engine(database_url: str) -> Engine:
    """Open the engine for migrations and bulk loads."""
    url = _with_driver(database_url, {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"})
    engine = create_engine(url)
    _prepare(engine)
    return engine


def _with_driver(database_url: str, drivers: dict[str, str]) -> URL:
    url = make_url(database_url)
    return url.set(drivername=drivers[url.get_backend_name()])


def _prepare(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(pragma)
        cursor.close()
