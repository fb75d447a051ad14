"""Every storage test runs on both databases, on the real tables, migrated once per database."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncEngine

from balie.storage.engine import open_async_engine
from balie.storage.migrate import upgrade
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.postgres_server import PostgresServer, postgres_server

TEMPLATE = "migrated"
DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(server: PostgresServer) -> PostgresServer:
    _administer(server, f"CREATE DATABASE {TEMPLATE}")
    upgrade(server.url(TEMPLATE))
    return server


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with all tables and no rows, this test's own."""
    if request.param == "sqlite":
        path = tmp_path / "balie.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("migrated_postgresql")
    name = f"test_{uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield server.url(name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'folder' / 'balie.db'}"
        return
    server: PostgresServer = request.getfixturevalue("server")
    name = f"test_{uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name}")
    yield server.url(name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    opened = open_async_engine(database_url)
    yield opened
    await opened.dispose()


@pytest.fixture
def unit_of_work(engine: AsyncEngine) -> UnitOfWork:
    return UnitOfWork(engine)


def _administer(server: PostgresServer, statement: str) -> None:
    url = server.url("postgres").replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
