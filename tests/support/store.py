"""A real SQLite database with the real tables, migrated once and copied for every test."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, insert

from balie.customers.models import CustomerRow
from balie.storage.engine import open_async_engine
from balie.storage.errors import StoreUnavailableError
from balie.storage.migrate import upgrade
from balie.storage.unit_of_work import Result, Session, UnitOfWork


@cache
def _migrated() -> Path:
    path = Path(tempfile.mkdtemp(prefix="balie-test-")) / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


def copy_database(folder: Path) -> str:
    """The address of an empty database in this folder."""
    path = folder / "balie.db"
    shutil.copy(_migrated(), path)
    return f"sqlite:///{path}"


class BreakableUnitOfWork(UnitOfWork):
    """The real thing, until a test says that the database is gone."""

    is_down = False

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        self._check()
        async with super().read() as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        self._check()
        async with super().write() as session:
            yield session

    async def run_reading(self, work: Callable[[Connection], Result]) -> Result:
        self._check()
        return await super().run_reading(work)

    async def run_writing(self, work: Callable[[Connection], Result]) -> Result:
        self._check()
        return await super().run_writing(work)

    def _check(self) -> None:
        if self.is_down:
            raise StoreUnavailableError("Down for a test.")


@asynccontextmanager
async def opened(
    database_url: str, *, lock_wait: timedelta = timedelta(seconds=2.5)
) -> AsyncIterator[BreakableUnitOfWork]:
    engine = open_async_engine(database_url, lock_wait=lock_wait)
    try:
        yield BreakableUnitOfWork(engine, lock_wait=lock_wait)
    finally:
        await engine.dispose()


@contextmanager
def locked_by_somebody_else(database_url: str) -> Iterator[None]:
    """Another process that holds the writer's lock as long as the block lasts."""
    connection = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
    finally:
        connection.close()


async def add_customer(unit_of_work: UnitOfWork, external_id: str = "K-1001") -> int:
    async with unit_of_work.write() as session:
        added = await session.execute(
            insert(CustomerRow)
            .values(
                external_id=external_id,
                first_name="Sanne",
                last_name="de Wit",
                email=f"{external_id.lower()}@voorbeeld.example",
                language="nl",
                account_type="personal",
                registered_at=datetime(2025, 1, 1, tzinfo=UTC),
            )
            .returning(CustomerRow.id)
        )
        return added.scalar_one()
