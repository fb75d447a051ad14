"""One transaction, opened and closed in one place: the only code that commits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Any, Final, TypeVar, cast

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.orm import Session as OrmSession

from balie.storage.engine import (
    SERVICE_CACHE_KIB,
    SERVICE_LOCK_WAIT,
    for_bulk_writing,
    for_writing,
    open_sync_engine,
)
from balie.storage.errors import RowsRefusedError, StoreUnavailableError

_UNDEFINED_TABLE = "42P01"  # PostgreSQL's code

Result = TypeVar("Result")

STORE_THREADS: Final = 4

Session = AsyncSession
"""What services pass on to repositories, without having to know SQLAlchemy."""

StoreConnection = Connection
"""What functions that run in one transaction pass on to repositories."""

BulkConnection = Connection
"""The same for bulk loads."""

BulkEngine = Engine
"""What :func:`bulk_write` opens transactions of."""


class UnitOfWork:
    """Transactions: as a session that the caller works with, or as a function that runs in one.

    A session is the usual way. A function costs a sixth of the processor time, because all its statements
    run in one thread without changing places in between: for what every message does.

    SQLite has one writer: writers queue here, fairly, instead of racing for its lock.
    """

    def __init__(self, engine: AsyncEngine, *, lock_wait: timedelta = SERVICE_LOCK_WAIT) -> None:
        """Build it on an engine; disposing of the engine closes everything.

        Args:
            engine: The database.
            lock_wait: How long functions that write wait for somebody else's lock.
        """
        self._readers = async_sessionmaker(engine, expire_on_commit=False)
        self._writers = async_sessionmaker(for_writing(engine), expire_on_commit=False)
        self._turn = asyncio.Lock() if engine.dialect.name == "sqlite" else None
        self._threads = _Threads(engine, lock_wait)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that only reads; nothing is committed.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        with refusing_as_unavailable():
            async with self._readers() as session:
                yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session whose changes are committed when the block ends, or undone when it raises.

        Raises:
            StoreUnavailableError: The database cannot be used, or somebody else kept its lock too long.
        """
        with refusing_as_unavailable():
            if self._turn is None:
                async with self._writers.begin() as session:
                    yield session
                return
            async with self._turn, self._writers.begin() as session:
                yield session

    async def run_reading(self, work: Callable[[Connection], Result]) -> Result:
        """What a function finds out that only reads; it runs in a thread of its own.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        return await self._threads.run(work, self._threads.reader)

    async def run_asking(self, work: Callable[[Session], Coroutine[Any, Any, Result]]) -> Result:
        """What a coroutine finds out that only asks the session that it is given, in one thread.

        For services with many questions in a row: through :meth:`read` each of them changes threads twice,
        which costs more than the question (ADR 0032). The coroutine may wait for nothing but the session.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        return await self.run_reading(lambda connection: run_within(connection, work))

    async def run_writing(self, work: Callable[[Connection], Result]) -> Result:
        """What a function returns whose changes are then committed; they are undone when it raises.

        Raises:
            StoreUnavailableError: As for :meth:`write`.
        """
        if self._turn is None:
            return await self._threads.run(work, self._threads.writer)
        async with self._turn:
            return await self._threads.run(work, self._threads.writer)


class _Threads:
    """A second, synchronous way to the same database, and the threads that use it."""

    def __init__(self, engine: AsyncEngine, lock_wait: timedelta) -> None:
        address = engine.url.render_as_string(hide_password=False)
        self.reader = open_sync_engine(address, lock_wait=lock_wait, cache_kib=SERVICE_CACHE_KIB)
        self.writer = for_bulk_writing(self.reader)
        self._pool = ThreadPoolExecutor(STORE_THREADS, thread_name_prefix="store")
        event.listen(engine.sync_engine, "engine_disposed", self._close)

    async def run(self, work: Callable[[Connection], Result], engine: Engine) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._pool, _in_transaction, work, engine)

    def _close(self, _engine: Engine) -> None:
        self._pool.shutdown()
        self.reader.dispose()


class _SessionInThisThread:
    """The part of an asynchronous session that asks, answered at once by a synchronous one."""

    def __init__(self, session: OrmSession) -> None:
        self._session = session

    async def execute(self, *question: Any, **options: Any) -> Any:
        return self._session.execute(*question, **options)

    async def scalars(self, *question: Any, **options: Any) -> Any:
        return self._session.scalars(*question, **options)

    async def scalar(self, *question: Any, **options: Any) -> Any:
        return self._session.scalar(*question, **options)

    async def get(self, *question: Any, **options: Any) -> Any:
        return self._session.get(*question, **options)

    def get_bind(self) -> Any:
        return self._session.get_bind()


def run_within(connection: StoreConnection, work: Callable[[Session], Coroutine[Any, Any, Result]]) -> Result:
    """What a coroutine finds out or changes with statements, in a transaction that a function is already in.

    The coroutine may wait for nothing but the session it is given.
    """
    return _finish(work(_in_this_thread(connection)))


def _in_this_thread(connection: Connection) -> Session:
    session = OrmSession(bind=connection, expire_on_commit=False, autoflush=False)
    return cast("Session", _SessionInThisThread(session))


def _finish(work: Coroutine[Any, Any, Result]) -> Result:
    """The result of a coroutine that never really waits."""
    try:
        work.send(None)
    except StopIteration as end:
        result: Result = end.value
        return result
    work.close()
    raise RuntimeError("The work waited for something else than its session.")


def _in_transaction(work: Callable[[Connection], Result], engine: Engine) -> Result:
    with refusing_as_unavailable(), engine.begin() as connection:
        return work(connection)


@contextmanager
def bulk_read(engine: Engine) -> Iterator[Connection]:
    """One synchronous transaction that only reads, for whoever reads whole tables; nothing is committed.

    Raises:
        StoreUnavailableError: As for :meth:`UnitOfWork.read`.
    """
    with refusing_as_unavailable(), engine.connect() as connection:
        yield connection


@contextmanager
def bulk_write(engine: Engine) -> Iterator[Connection]:
    """One synchronous transaction for a bulk load: committed when the block ends, undone when it raises.

    Raises:
        StoreUnavailableError: As for :meth:`UnitOfWork.write`.
        RowsRefusedError: A row contradicts another one: a number is there twice, a reference leads nowhere.
    """
    try:
        with refusing_as_unavailable(), for_bulk_writing(engine).begin() as connection:
            yield connection
    except (IntegrityError, DataError) as error:
        raise RowsRefusedError from error


@contextmanager
def refusing_as_unavailable() -> Iterator[None]:
    """Turn the database's own troubles into ours; what is wrong with the *data* passes through.

    Raises:
        StoreUnavailableError: Instead of the driver's error. Its text names no statement and no values.
    """
    try:
        yield
    except (DBAPIError, PoolTimeoutError) as error:
        if not _is_the_databases_fault(error):
            raise
        raise StoreUnavailableError(_reason(error)) from error


def _is_the_databases_fault(error: SQLAlchemyError) -> bool:
    if isinstance(error, IntegrityError):
        return False
    # Drivers file a lost server, a lock and a file that is no database under these three names;
    # DatabaseError itself is sqlite3's word for a broken file, its other subclasses are ours to mend.
    names = {"OperationalError", "InterfaceError", "TimeoutError", "DatabaseError"}
    return type(error).__name__ in names or _lacks_a_table(error)


def _lacks_a_table(error: SQLAlchemyError) -> bool:
    # SQLite files this under OperationalError; either way it is not the question that is wrong.
    return getattr(getattr(error, "orig", None), "sqlstate", None) == _UNDEFINED_TABLE


def _reason(error: SQLAlchemyError) -> str:
    said = str(error.orig) if isinstance(error, DBAPIError) else "no free connection"
    return said.strip().partition("\n")[0] or type(error).__name__
