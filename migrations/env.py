"""Alembic's entry: every feature's tables, compared with and applied to one database."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from balie.settings import Settings
from balie.storage.base import Base, UtcDateTime
from balie.storage.engine import for_bulk_writing, open_sync_engine

FEATURES = (
    "audit",
    "outbox",
    "customers",
    "catalogue",
    "cases",
    "orders",
    "payments",
    "parcels",
    "baskets",
    "errands",
    "conversations",
    "handoff",
    "agents",
    "channels",
    "recommendations",
)


def load_all_tables() -> None:
    """Import the tables of every feature that has some, so that ``Base.metadata`` is complete."""
    for feature in FEATURES:
        module = f"balie.{feature}.models"
        if importlib.util.find_spec(f"balie.{feature}") and importlib.util.find_spec(module):
            importlib.import_module(module)


def render_plainly(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as what they are in the database: migrations outlive the code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def migrate(connection: Connection) -> None:
    """Run the migrations that the caller of Alembic asked for, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        compare_server_default=True,
        render_item=render_plainly,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """Use the connection handed in by ``balie.storage.migrate``, else open the configured database."""
    load_all_tables()
    connection = context.config.attributes.get("connection")
    if connection is not None:
        migrate(connection)
        return
    engine = open_sync_engine(Settings().resolved_database_url, keeps_references=False)
    with for_bulk_writing(engine).begin() as opened:
        migrate(opened)
    engine.dispose()


main()
