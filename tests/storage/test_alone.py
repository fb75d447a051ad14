"""Some work is for one process at a time, on one database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from balie.storage.alone import alone
from balie.storage.engine import open_sync_engine
from balie.storage.unit_of_work import bulk_write


@pytest.fixture
def engines(database_url: str) -> Iterator[tuple[Engine, Engine]]:
    one, other = open_sync_engine(database_url), open_sync_engine(database_url)
    yield one, other
    one.dispose()
    other.dispose()


def test_only_one_is_let_in_at_a_time(engines: tuple[Engine, Engine]) -> None:
    one, other = engines

    with alone(one, "training") as first, alone(other, "training") as second:
        assert (first, second) == (True, False)
    with alone(other, "training") as afterwards:
        assert afterwards


def test_who_broke_off_lets_the_next_one_in(engines: tuple[Engine, Engine]) -> None:
    one, other = engines

    with pytest.raises(RuntimeError), alone(one, "training"):
        raise RuntimeError("broke off")
    with alone(other, "training") as afterwards:
        assert afterwards


def test_other_work_and_whoever_writes_are_not_kept_out(engines: tuple[Engine, Engine]) -> None:
    one, other = engines

    with alone(one, "training"), alone(other, "counting") as is_alone, bulk_write(other):
        assert is_alone


def test_a_process_that_dies_lets_the_next_one_in(engines: tuple[Engine, Engine], database_url: str) -> None:
    dying = (
        "import os, sys; from balie.storage.alone import alone\n"
        "from balie.storage.engine import open_sync_engine\n"
        "with alone(open_sync_engine(sys.argv[1]), 'training') as is_alone: os._exit(7 if is_alone else 1)"
    )

    done = subprocess.run([sys.executable, "-c", dying, database_url], check=False)

    assert done.returncode == 7
    with alone(engines[0], "training") as afterwards:
        assert afterwards


def test_a_database_that_is_in_memory_is_nobody_elses() -> None:
    with alone(open_sync_engine("sqlite://"), "training") as is_alone:
        assert is_alone
