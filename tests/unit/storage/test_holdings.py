"""Whatever belongs to a person is told and has a fate; a table that nobody thought of fails here."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from sqlalchemy import Table

import balie
from balie.conversations.holdings import HOLDINGS as CONVERSATIONS
from balie.errands.holdings import HOLDINGS
from balie.recommendations.holdings import HOLDINGS as RECOMMENDATIONS
from balie.storage.base import Base
from balie.storage.held import Belonging, Fate, Held

ALL = (*HOLDINGS, *RECOMMENDATIONS, *CONVERSATIONS)

for module in pkgutil.walk_packages(balie.__path__, "balie."):
    if module.name.rpartition(".")[2] == "models":
        importlib.import_module(module.name)

TABLES = Base.metadata.tables


def every(held: Held) -> Iterator[Held]:
    yield held
    for part in held.parts:
        yield from every(part)


def belongs_to_a_person(table: Table, seen: frozenset[str] = frozenset()) -> bool:
    """Whether its rows are a customer's, or part of something that is."""
    owners = {reference.column.table for reference in table.foreign_keys} - {table}
    return any(
        owner.name == "customers" or belongs_to_a_person(owner, seen | {table.name})
        for owner in owners
        if owner.name not in seen
    )


PERSONAL = sorted(
    name
    for name, table in TABLES.items()
    if name != "customers" and ("customer_id" in table.c or belongs_to_a_person(table))
)
HELD = [held for belonging in ALL for held in every(belonging.held)]


@pytest.mark.parametrize("table", PERSONAL)
def test_every_table_about_a_person_is_told_and_has_a_fate(table: str) -> None:
    assert table in {held.table for held in HELD}


@pytest.mark.parametrize("belonging", ALL, ids=lambda one: one.held.table)
def test_what_goes_takes_its_parts_along(belonging: Belonging) -> None:
    for held in every(belonging.held):
        for part in held.parts:
            [reference] = TABLES[part.table].c[part.through].foreign_keys
            assert reference.column.table.name == held.table
            assert belonging.fate is Fate.STAYS or reference.ondelete == "CASCADE"


@pytest.mark.parametrize("held", HELD, ids=lambda one: one.table)
def test_every_column_that_is_named_exists(held: Held) -> None:
    table = TABLES[held.table]
    for column, known_by in held.named.items():
        [reference] = table.c[column].foreign_keys
        other, _, name = known_by.partition(".")
        assert reference.column.table.name == other
        assert name in TABLES[other].c
    assert held.hidden <= set(table.c.keys())
    assert held.through in table.c


@pytest.mark.parametrize("belonging", ALL, ids=lambda one: one.held.table)
def test_only_what_stays_is_blanked(belonging: Belonging) -> None:
    assert not belonging.blank or belonging.fate is Fate.STAYS
    assert set(belonging.blank) <= set(TABLES[belonging.held.table].c.keys())
