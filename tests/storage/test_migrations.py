from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text

from balie.storage.base import Base
from balie.storage.engine import ensure_folder, open_sync_engine
from balie.storage.errors import ReferencesLostError, SchemaDriftError, StoreUnavailableError
from balie.storage.migrate import _config, _connected, check_drift, is_current, upgrade
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


def test_every_migration_can_be_undone_and_done_again(empty_database_url: str) -> None:
    upgrade(empty_database_url)

    with _connected(empty_database_url) as connection:
        command.downgrade(_config(connection), "base")
    left = tables(empty_database_url)
    upgrade(empty_database_url)

    assert left == {"alembic_version"}
    check_drift(empty_database_url)


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


BEFORE_CODES = "0007"
_COLUMNS = (
    "id, channel, status, recent_languages, customer_id, proof, last_sequence, created_at, last_active_at"
)
_CONVERSATION = (
    f"INSERT INTO conversations ({_COLUMNS}) VALUES (:id, 'web_widget', 'with_assistant', '[]', {{}})"
)
_MESSAGE = (
    "INSERT INTO messages (id, conversation_id, sequence, author, text, buttons, turn_state, created_at)"
    " VALUES (:id, :conversation, 1, 'agent', 'Hallo', '[]', 'none', '2026-11-03 10:00:00')"
)
_CUSTOMER = (
    "INSERT INTO customers"
    " (id, external_id, first_name, last_name, email, language, account_type, registered_at)"
    " VALUES (1, 'K-1', 'Sanne', 'de Wit', 'k-1@voorbeeld.example', 'nl', 'personal', '2025-01-01 10:00:00')"
)


def write(database_url: str, revision: str, statements: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Bring an empty database to a revision and write into it."""
    ensure_folder(database_url)
    with _connected(database_url) as connection:
        command.upgrade(_config(connection), revision)
        for statement, values in statements:
            connection.execute(text(statement), values)


def identifier(database_url: str) -> str:
    made = uuid4()
    return made.hex if database_url.startswith("sqlite") else str(made)


def test_what_was_said_and_shown_before_survives_the_change_of_the_conversations(
    empty_database_url: str,
) -> None:
    known, stranger = identifier(empty_database_url), identifier(empty_database_url)
    shown = _CONVERSATION.format("1, 'order_email', 1, '2026-11-03 10:00:00', '2026-11-03 12:00:00'")
    unknown = _CONVERSATION.format("NULL, NULL, 0, '2026-11-03 10:00:00', '2026-11-03 12:00:00'")
    message = {"id": identifier(empty_database_url), "conversation": known}
    rows = [(_CUSTOMER, {}), (shown, {"id": known}), (unknown, {"id": stranger}), (_MESSAGE, message)]
    write(empty_database_url, BEFORE_CODES, rows)

    upgrade(empty_database_url)

    with _connected(empty_database_url) as connection:
        assert connection.execute(text("SELECT count(*) FROM messages")).scalar_one() == 1
        query = text("SELECT proof, proven_at = created_at FROM conversations ORDER BY proof IS NULL")
        assert [(proof, bool(same)) for proof, same in connection.execute(query)] == [
            ("order_email", True),
            (None, False),
        ]
        _accepts_a_code(connection, known)


def _accepts_a_code(connection: Connection, conversation: str) -> None:
    changed = text("UPDATE conversations SET proof = 'email_code' WHERE id = :id")
    assert connection.execute(changed, {"id": conversation}).rowcount == 1


def test_a_migration_that_loses_rows_is_undone(tmp_path: Any) -> None:
    database_url = f"sqlite:///{tmp_path / 'balie.db'}"
    orphan = {"id": uuid4().hex, "conversation": uuid4().hex}
    write(database_url, BEFORE_CODES, [(_MESSAGE, orphan)])

    with pytest.raises(ReferencesLostError, match="messages"):
        upgrade(database_url)

    assert not is_current(database_url)
    assert "one_time_codes" not in tables(database_url)


BEFORE_CHANNELS = "0013"
_FILLED = (
    f"INSERT INTO conversations ({_COLUMNS}, slots, assistant_helps, handoff_number, customer_read,"
    " agent_read)"
    " VALUES (:id, :channel, 'with_assistant', '[]', NULL, NULL, 1, '2026-11-03 10:00:00',"
    " '2026-11-03 10:00:00', '{}', :helps, 0, 0, 0)"
)


def test_customers_of_before_are_reached_where_their_conversation_began(empty_database_url: str) -> None:
    website, elsewhere = identifier(empty_database_url), identifier(empty_database_url)
    rows = [
        (_FILLED, {"id": website, "channel": "web_widget", "helps": False}),
        (_FILLED, {"id": elsewhere, "channel": "chatwoot", "helps": False}),
        (_MESSAGE, {"id": identifier(empty_database_url), "conversation": website}),
    ]
    write(empty_database_url, BEFORE_CHANNELS, rows)

    upgrade(empty_database_url)

    with _connected(empty_database_url) as connection:
        heard = connection.execute(text("SELECT channel, heard_via FROM conversations ORDER BY channel"))
        assert heard.all() == [("chatwoot", "chatwoot"), ("web_widget", "web_widget")]
        edited = connection.execute(text("SELECT text, edited_at FROM messages"))
        assert edited.all() == [("Hallo", None)]
