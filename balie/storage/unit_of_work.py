"""One transaction, opened and closed in one place: the only code that commits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from balie.storage.engine import for_bulk_writing, for_writing
from balie.storage.errors import RowsRefusedError, StoreUnavailableError

_UNDEFINED_TABLE = "42P01"  # PostgreSQL's code

Session = AsyncSession
"""What services pass on to repositories, without having to know SQLAlchemy."""

BulkConnection = Connection
"""The same for bulk loads."""

BulkEngine = Engine
"""What :func:`bulk_write` opens transactions of."""


class UnitOfWork:
    """Hands out sessions for reading and for writing.

    SQLite has one writer: writers queue here, fairly, instead of racing for its lock.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._readers = async_sessionmaker(engine, expire_on_commit=False)
        self._writers = async_sessionmaker(for_writing(engine), expire_on_commit=False)
        self._turn = asyncio.Lock() if engine.dialect.name == "sqlite" else None

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
