from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from balie.catalogue.models import CategoryRow
from balie.storage.engine import open_async_engine, open_sync_engine
from balie.storage.errors import RowsRefusedError, StoreUnavailableError
from balie.storage.unit_of_work import Session, UnitOfWork, bulk_write
from tests.storage.postgres_server import PostgresServer


def category(code: str) -> CategoryRow:
    return CategoryRow(code=code, names={"nl": code}, search_words={})


async def count(unit_of_work: UnitOfWork) -> int:
    async with unit_of_work.read() as session:
        return (await session.execute(select(func.count()).select_from(CategoryRow))).scalar_one()


async def test_what_is_written_is_there_afterwards(unit_of_work: UnitOfWork) -> None:
    async with unit_of_work.write() as session:
        session.add(category("tents"))

    assert await count(unit_of_work) == 1


async def test_nothing_is_written_when_the_block_raises(unit_of_work: UnitOfWork) -> None:
    async def write_and_stumble() -> None:
        async with unit_of_work.write() as session:
            session.add(category("tents"))
            await session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_stumble()

    assert await count(unit_of_work) == 0


async def test_what_is_wrong_with_the_rows_is_not_blamed_on_the_database(unit_of_work: UnitOfWork) -> None:
    with pytest.raises(IntegrityError):
        async with unit_of_work.write() as session:
            session.add_all([category("tents"), category("tents")])

    assert await count(unit_of_work) == 0


async def test_many_writers_at_once_all_get_their_turn(unit_of_work: UnitOfWork) -> None:
    async def write(code: str) -> None:
        async with unit_of_work.write() as session:
            there = (await session.execute(select(func.count()).select_from(CategoryRow))).scalar_one()
            session.add(category(f"{code}-{there}"))

    await asyncio.gather(*(write(str(number)) for number in range(20)))

    assert await count(unit_of_work) == 20


async def test_missing_table_is_told_as_unavailable_without_the_statement(unit_of_work: UnitOfWork) -> None:
    with pytest.raises(StoreUnavailableError, match="nowhere") as caught:
        async with unit_of_work.read() as session:
            await session.execute(text("SELECT 'secret' FROM nowhere"))

    assert "secret" not in str(caught.value)


async def test_locked_sqlite_is_unavailable_and_nothing_is_half_written(
    migrated_sqlite: Path, tmp_path: Path
) -> None:
    path = tmp_path / "locked.db"
    shutil.copy(migrated_sqlite, path)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    engine = open_async_engine(f"sqlite:///{path}", lock_wait=timedelta(milliseconds=50))
    unit_of_work = UnitOfWork(engine)

    with pytest.raises(StoreUnavailableError, match="locked"):
        async with unit_of_work.write() as session:
            session.add(category("tents"))
    readable = await count(unit_of_work)
    holder.execute("ROLLBACK")
    async with unit_of_work.write() as session:
        session.add(category("bikes"))

    assert readable == 0
    assert await count(unit_of_work) == 1
    holder.close()
    await engine.dispose()


async def test_locked_postgresql_row_is_unavailable_and_nothing_is_half_written(
    migrated_postgresql: PostgresServer,
) -> None:
    url = migrated_postgresql.url("migrated")
    holder = open_sync_engine(url)
    engine = open_async_engine(url, lock_wait=timedelta(milliseconds=50))
    unit_of_work = UnitOfWork(engine)

    with holder.connect() as connection:
        connection.exec_driver_sql("LOCK TABLE categories IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(StoreUnavailableError, match="lock"):
            async with unit_of_work.write() as session:
                session.add(category("tents"))
        connection.rollback()

    assert await count(unit_of_work) == 0
    await engine.dispose()
    holder.dispose()


async def test_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("These are not the tables you are looking for. " * 100)
    engine = open_async_engine(f"sqlite:///{path}")

    with pytest.raises(StoreUnavailableError, match="not a database"):
        await count(UnitOfWork(engine))
    await engine.dispose()


async def test_missing_folder_is_unavailable(tmp_path: Path) -> None:
    engine = open_async_engine(f"sqlite:///{tmp_path / 'gone' / 'balie.db'}")

    with pytest.raises(StoreUnavailableError):
        await count(UnitOfWork(engine))
    await engine.dispose()


async def test_server_that_is_gone_is_unavailable() -> None:
    engine = open_async_engine("postgresql://nobody@127.0.0.1:1/balie")

    with pytest.raises(StoreUnavailableError):
        await count(UnitOfWork(engine))
    await engine.dispose()


async def test_server_that_hangs_up_in_the_middle_is_unavailable(migrated_postgresql: PostgresServer) -> None:
    url = migrated_postgresql.url("migrated")
    engine, executioner = open_async_engine(url), open_sync_engine(url)
    unit_of_work = UnitOfWork(engine)

    async def write_and_be_cut_off() -> None:
        async with unit_of_work.write() as session:
            session.add(category("tents"))
            await session.flush()
            process = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            with executioner.begin() as connection:
                connection.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})
            await session.execute(select(CategoryRow))

    with pytest.raises(StoreUnavailableError):
        await write_and_be_cut_off()
    assert await count(unit_of_work) == 0
    await engine.dispose()
    executioner.dispose()


def test_bulk_write_refuses_contradicting_rows_without_naming_their_values(database_url: str) -> None:
    engine = open_sync_engine(database_url)
    row = {"code": "sanne@voorbeeld.example", "names": {}, "search_words": {}}

    with pytest.raises(RowsRefusedError) as caught, bulk_write(engine) as connection:
        connection.execute(CategoryRow.__table__.insert(), [row, row])  # type: ignore[attr-defined]

    assert "sanne" not in str(caught.value)
    engine.dispose()


async def test_sqlite_keeps_its_promises_on_every_connection(migrated_sqlite: Path) -> None:
    engine: AsyncEngine = open_async_engine(f"sqlite:///{migrated_sqlite}")
    async with engine.connect() as connection:
        answers = {
            name: (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    await engine.dispose()

    assert answers == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


async def test_work_that_only_asks_is_answered_in_one_thread(unit_of_work: UnitOfWork) -> None:
    async with unit_of_work.write() as session:
        session.add(category("tents"))

    async def ask(session: Session) -> tuple[str | None, int]:
        threads = {threading.get_ident()}
        found = await session.scalar(select(CategoryRow.code))
        threads.add(threading.get_ident())
        return found, len(threads)

    assert await unit_of_work.run_asking(ask) == ("tents", 1)


async def test_work_that_waits_for_something_else_than_its_session_is_refused(
    unit_of_work: UnitOfWork,
) -> None:
    async def wait(_session: Session) -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waited for something else"):
        await unit_of_work.run_asking(wait)


async def test_an_error_of_such_work_is_the_callers(unit_of_work: UnitOfWork) -> None:
    async def fail(_session: Session) -> None:
        raise LookupError("nothing there")

    with pytest.raises(LookupError):
        await unit_of_work.run_asking(fail)
