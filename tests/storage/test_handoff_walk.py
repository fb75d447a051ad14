"""Whatever customers, agents and the queue's keeper do, in whatever order, at once, twice and too late."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from balie.storage.engine import open_async_engine
from tests.support.store import copy_database
from tests.support.walk import Walk
from tests.support.walk_moves import AFTER_COMMIT, AGENT, WHATS, Do, Move, Together, Turn, draw_move
from tests.support.walk_store import Complaints, WatchedUnitOfWork

# BALIE_EXAMPLES=10000 walks ten thousand times; the usual run few times: each is a database.
EXAMPLES = int(os.environ.get("BALIE_EXAMPLES", "15"))
SEEDED_MOVES = 120

crashes = st.sampled_from((None, None, None, None, AFTER_COMMIT, 1, 2, 4, 7))
lates = st.sampled_from((None, None, 0, 1, 3))
numbers = st.integers(0, 7)


def commands(whats: tuple[str, ...]) -> st.SearchStrategy[Do]:
    return st.builds(Do, st.sampled_from(whats), numbers, numbers, st.integers(0, 63), lates, crashes)


moves: st.SearchStrategy[Move] = st.one_of(
    commands(WHATS),
    commands(WHATS),
    st.lists(commands(WHATS), min_size=2, max_size=4).map(lambda several: Together(tuple(several))),
    st.builds(
        Turn,
        numbers,
        st.lists(commands(AGENT), max_size=2).map(tuple),
        st.lists(commands(AGENT), max_size=2).map(tuple),
        crashes,
    ),
)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(moves, min_size=15, max_size=50))
def test_nobody_is_forgotten_nothing_is_lost_and_there_is_always_one_owner(taken: list[Move]) -> None:
    asyncio.run(_walk_in_a_new_store(taken))


async def test_the_same_holds_for_a_long_walk_on_either_database(engine: AsyncEngine) -> None:
    random = Random(2026)
    await _walk(engine, [draw_move(random) for _ in range(SEEDED_MOVES)])


async def _walk_in_a_new_store(taken: list[Move]) -> None:
    with TemporaryDirectory() as folder:
        engine = open_async_engine(copy_database(Path(folder)))
        try:
            await _walk(engine, taken)
        finally:
            await engine.dispose()


async def _walk(engine: AsyncEngine, taken: list[Move]) -> None:
    walk = Walk(WatchedUnitOfWork(engine))
    await walk.begin()
    with _complaints() as heard:
        for move in taken:
            await walk.go(move)
            assert not await walk.check() + heard
        await walk.settle()
        assert not await walk.check() + heard


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What is logged as broken; the deaths that were ordered are not."""
    complaints, log = Complaints(), logging.getLogger("balie")
    log.addHandler(complaints)
    try:
        yield complaints.heard
    finally:
        log.removeHandler(complaints)
