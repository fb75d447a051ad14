from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, text

from balie.customers.models import CustomerRow
from balie.storage.bulk import (
    LOOK_UP_SIZE,
    Key,
    catch_up_sequences,
    count_rows,
    delete_where,
    find_ids,
    find_rows,
    insert_rows,
    upsert_rows,
)
from balie.storage.engine import open_sync_engine
from balie.storage.errors import RowsRefusedError, StoreUnavailableError
from balie.storage.unit_of_work import bulk_write

MOMENT = datetime(2026, 11, 3, 14, 5, 6, 789, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_sync_engine(database_url)
    yield opened
    opened.dispose()


def customer(number: int, **details: Any) -> dict[str, Any]:
    values = {
        "external_id": f"K-{number}",
        "first_name": "Zoë",
        "last_name": "de Wit",
        "email": f"k{number}@voorbeeld.example",
        "phone": None,
        "language": "nl",
        "account_type": "personal",
        "registered_at": MOMENT,
    }
    return {**values, **details}


def stored(engine: Engine, *columns: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        query = select(*(CustomerRow.__table__.c[name] for name in columns)).order_by(CustomerRow.id)
        return [tuple(row) for row in connection.execute(query)]


def test_rows_inserted_in_bulk_read_like_any_other(engine: Engine) -> None:
    with bulk_write(engine) as connection:
        insert_rows(connection, CustomerRow, [customer(1)])
        connection.execute(insert(CustomerRow), [customer(2)])

    quick, usual = stored(engine, "first_name", "phone", "registered_at")
    assert quick == usual == ("Zoë", None, MOMENT.astimezone(UTC))


def test_moments_are_stored_in_the_same_form_either_way(engine: Engine) -> None:
    with bulk_write(engine) as connection:
        insert_rows(connection, CustomerRow, [customer(1)])
        connection.execute(insert(CustomerRow), [customer(2)])
        raw = connection.execute(text("SELECT registered_at FROM customers")).all()

    assert raw[0] == raw[1]


def test_rows_that_contradict_each_other_are_refused_without_a_word_about_them(engine: Engine) -> None:
    with pytest.raises(RowsRefusedError) as refused, bulk_write(engine) as connection:
        insert_rows(connection, CustomerRow, [customer(1), customer(1)])

    assert "K-1" not in str(refused.value)
    assert stored(engine, "external_id") == []


def test_no_rows_are_no_statement(engine: Engine) -> None:
    with bulk_write(engine) as connection:
        insert_rows(connection, CustomerRow, [])
        upsert_rows(connection, CustomerRow, [], key=Key(("external_id",)))

    assert stored(engine, "id") == []


def test_upsert_changes_what_is_there_and_keeps_what_it_should(engine: Engine) -> None:
    with bulk_write(engine) as connection:
        insert_rows(connection, CustomerRow, [customer(1, phone="+31 6 555")])

        rows = [customer(1, last_name="Bakker"), customer(2)]
        upsert_rows(connection, CustomerRow, rows, key=Key(("external_id",)), keep=("phone",))

    assert stored(engine, "last_name", "phone") == [("Bakker", "+31 6 555"), ("de Wit", None)]


def test_more_values_than_one_statement_holds_are_all_found_and_deleted(engine: Engine) -> None:
    count = LOOK_UP_SIZE * 2 + 1
    numbers = [f"K-{number}" for number in range(count)]
    with bulk_write(engine) as connection:
        insert_rows(connection, CustomerRow, [customer(number) for number in range(count)])

        assert len(find_ids(connection, CustomerRow, "external_id", numbers)) == count
        assert count_rows(connection, CustomerRow) == count
        delete_where(connection, CustomerRow, "external_id", numbers[1:])
        assert count_rows(connection, CustomerRow) == 1


def test_rows_are_found_with_the_columns_asked_for(engine: Engine) -> None:
    with bulk_write(engine) as connection:
        insert_rows(connection, CustomerRow, [customer(1), customer(2)])
        found = find_rows(
            connection, CustomerRow, "external_id", ["K-2", "K-9"], wanted=("email", "language")
        )

    assert found == [{"email": "k2@voorbeeld.example", "language": "nl"}]


def test_condition_on_another_column_narrows_a_deletion(engine: Engine) -> None:
    with bulk_write(engine) as connection:
        insert_rows(connection, CustomerRow, [customer(1), customer(2, phone="+31 6 555")])
        delete_where(connection, CustomerRow, "external_id", ["K-1", "K-2"], also={"phone": None})

    assert stored(engine, "external_id") == [("K-2",)]


def test_rows_that_start_otherwise_are_counted(engine: Engine) -> None:
    with bulk_write(engine) as connection:
        insert_rows(connection, CustomerRow, [customer(1), customer(2, external_id="demo-2")])

        assert count_rows(connection, CustomerRow, unlike=("external_id", "demo-")) == 1


def test_numbers_go_on_after_rows_with_their_own(engine: Engine) -> None:
    with bulk_write(engine) as connection:
        insert_rows(connection, CustomerRow, [customer(1, id=41)])
        catch_up_sequences(connection, [CustomerRow])
        connection.execute(insert(CustomerRow), [customer(2)])

    assert stored(engine, "id") == [(41,), (42,)]


def test_bulk_load_into_a_locked_database_writes_nothing(migrated_sqlite: Path, tmp_path: Path) -> None:
    path = tmp_path / "locked.db"
    shutil.copy(migrated_sqlite, path)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    engine = open_sync_engine(f"sqlite:///{path}", lock_wait=timedelta(milliseconds=50))

    with pytest.raises(StoreUnavailableError, match="locked"), bulk_write(engine) as connection:
        insert_rows(connection, CustomerRow, [customer(1)])

    holder.close()
    assert stored(engine, "id") == []
    engine.dispose()
