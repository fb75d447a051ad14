"""What only one process may do at a time, whichever machine it is on; a process that dies lets others in."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zlib import crc32

from sqlalchemy import Engine, func, select


@contextmanager
def alone(engine: Engine, work: str) -> Iterator[bool]:
    """Keep others from some work on this database for as long as the block lasts.

    Nothing of the database is locked: PostgreSQL keeps the name of the work with the connection, SQLite gets
    a file beside its own. Both let go when the process ends, whatever ended it.

    Args:
        engine: The database.
        work: What is done, in letters that a file's name may have.

    Yields:
        Whether it may be done now; False while another process is at it.
    """
    if engine.dialect.name == "postgresql":
        with _named_in_postgresql(engine, work) as is_alone:
            yield is_alone
    elif engine.url.database in (None, "", ":memory:"):
        yield True
    else:
        with Path(f"{engine.url.database}-{work}").open("a", encoding="utf-8") as file:
            yield _took(file)


@contextmanager
def _named_in_postgresql(engine: Engine, work: str) -> Iterator[bool]:
    key = crc32(f"balie {work}".encode())
    # Without a transaction, which would keep old rows from being cleared away all the time.
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        is_alone = bool(connection.scalar(select(func.pg_try_advisory_lock(key))))
        try:
            yield is_alone
        finally:
            # Its connection goes back into the pool, and would keep the name.
            connection.invalidate()


def _took(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
