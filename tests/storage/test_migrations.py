from __future__ import annotations

import pytest
from sqlalchemy import inspect

from balie.storage.base import Base
from balie.storage.engine import open_sync_engine
from balie.storage.errors import SchemaDriftError, StoreUnavailableError
from balie.storage.migrate import check_drift, is_current, upgrade
from balie.storage.unit_of_work import bulk_write


def tables(database_url: str) -> set[str]:
    engine = open_sync_engine(database_url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_upgrade_makes_every_table_the_models_describe(empty_database_url: str) -> None:
    upgrade(empty_database_url)

    assert set(Base.metadata.tables) <= tables(empty_database_url)


def test_upgrade_a_second_time_changes_nothing(empty_database_url: str) -> None:
    upgrade(empty_database_url)

    upgrade(empty_database_url)

    assert is_current(empty_database_url)


def test_database_without_tables_is_not_current(database_url: str, empty_database_url: str) -> None:
    upgrade(empty_database_url)

    assert is_current(database_url)


def test_models_and_migrations_describe_the_same_tables(database_url: str) -> None:
    check_drift(database_url)


def test_drift_names_the_table_nobody_wrote_a_migration_for(database_url: str) -> None:
    engine = open_sync_engine(database_url)
    with bulk_write(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE strangers (id INTEGER)")
    engine.dispose()

    with pytest.raises(SchemaDriftError, match="strangers"):
        check_drift(database_url)


def test_upgrade_of_a_server_that_is_gone_says_that_the_store_is_unavailable() -> None:
    with pytest.raises(StoreUnavailableError):
        upgrade("postgresql://nobody@127.0.0.1:1/balie")
