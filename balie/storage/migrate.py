"""Brings a database to the tables this version expects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from balie.settings import PROJECT_ROOT
from balie.storage.engine import ensure_folder, open_sync_engine
from balie.storage.errors import ReferencesLostError, SchemaDriftError
from balie.storage.unit_of_work import bulk_write


def upgrade(database_url: str) -> None:
    """Make the database, its folder and its tables where they are missing, or bring them up to date.

    All or nothing, and doing it again changes nothing.

    Raises:
        ReferencesLostError: A migration lost rows; nothing was changed.
        StoreUnavailableError: The database cannot be used.
    """
    ensure_folder(database_url)
    with _connected(database_url) as connection:
        if _is_current(connection):
            return
        command.upgrade(_config(connection), "head")
        _check_references(connection)


def is_current(database_url: str) -> bool:
    """Whether the database has exactly the tables this version expects.

    Raises:
        StoreUnavailableError: The database cannot be used.
    """
    with _connected(database_url) as connection:
        return _is_current(connection)


def check_drift(database_url: str) -> None:
    """Compare the tables in the database with the models (``alembic check``).

    Raises:
        SchemaDriftError: A model changed and nobody wrote its migration.
        StoreUnavailableError: The database cannot be used.
    """
    with _connected(database_url) as connection:
        try:
            command.check(_config(connection))
        except CommandError as error:
            raise SchemaDriftError(str(error)) from error


def _is_current(connection: Connection) -> bool:
    applied = MigrationContext.configure(connection).get_current_heads()
    return set(applied) == set(ScriptDirectory.from_config(_config(connection)).get_heads())


def _check_references(connection: Connection) -> None:
    """See that every row still has the rows it refers to: SQLite does not while tables are changed."""
    if connection.dialect.name != "sqlite":
        return
    tables = {row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
    if tables:
        raise ReferencesLostError(sorted(tables))


@contextmanager
def _connected(database_url: str) -> Iterator[Connection]:
    engine = open_sync_engine(database_url, keeps_references=False)
    try:
        with bulk_write(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(PROJECT_ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config
