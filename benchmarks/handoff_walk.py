"""A random walk over handoffs: who owns a conversation, whoever acts at once, twice, too late, or dies.

A million events on the table alone (:mod:`benchmarks.handoff_table`), and as many as are asked for on the
real services with SQLite, in one fresh database after another: one event is one command of a customer, an
agent or Balie itself, the refused ones included. What is looked at after every move stands in
``tests/support/walk_checks.py``; the hypothesis version of the same walk is
``tests/storage/test_handoff_walk.py``.

Usage: ``.venv/bin/python -m benchmarks.handoff_walk [--events 1000000] [--store-events 30000]
[--processes 2] [--seed 5] [--json FILE]``
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any, Final

from balie.storage.engine import open_async_engine
from benchmarks.handoff_table import walk_table
from tests.support.store import copy_database
from tests.support.walk import Walk
from tests.support.walk_moves import Move, draw_move
from tests.support.walk_store import Complaints, WatchedUnitOfWork

TALKS: Final = 5
CAPACITIES: Final = (1, 1, 2, 3)
MOVES_PER_STORE: Final = 400
"""Then the next one begins: a conversation of thousands of messages is nobody's."""
LOOKS_AT_ALL_EVERY: Final = 50
"""Moves; in between only at the conversations that something happened in."""


@dataclass
class Tally:
    """What was counted in all stores."""

    commands: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    crashes: int = 0
    stores: int = 0
    violations: list[str] = field(default_factory=list)

    def add(self, walk: Walk) -> None:
        """Add what one store saw."""
        self.stores += 1
        self.commands += walk.done
        self.steps += walk.store.taken
        self.refused += walk.refused
        self.crashes += walk.store.crashed

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            commands=self.commands + other.commands,
            steps=self.steps + other.steps,
            refused=self.refused + other.refused,
            crashes=self.crashes + other.crashes,
            stores=self.stores + other.stores,
            violations=self.violations + other.violations,
        )

    @property
    def events(self) -> int:
        """Commands so far."""
        return self.commands.total()


async def walk_one_store(seed: int, tally: Tally, complaints: Complaints) -> None:
    """Make moves in a fresh store until it has had its share, or something is wrong."""
    random = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_async_engine(copy_database(Path(folder)))
        walk = Walk(WatchedUnitOfWork(engine))
        await walk.begin(talks=TALKS, capacities=CAPACITIES)
        made: list[Move] = []
        wrong: list[str] = []
        while len(made) < MOVES_PER_STORE and not wrong:
            made.append(draw_move(random))
            await walk.go(made[-1])
            wrong = await walk.check(fully=len(made) % LOOKS_AT_ALL_EVERY == 0) + complaints.heard
        if not wrong:
            await walk.settle()
            wrong = await walk.check() + complaints.heard
        tally.violations += (f"seed {seed}, move {len(made)}: {what}; {made[-1]}" for what in wrong)
        complaints.heard.clear()
        tally.add(walk)
        await engine.dispose()


def walk_stores(events: int, *, seed: int, processes: int) -> dict[str, Any]:
    """At least so many commands on the real store; what was counted, and everything that was wrong."""
    started = time.perf_counter()
    seeds = range(seed * processes, (seed + 1) * processes)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        tallies = list(pool.map(walk_one_after_another, [-(-events // processes)] * processes, seeds))
    tally = sum(tallies, start=Tally())
    return {
        "events": tally.events,
        "events_per_second": round(tally.events / (time.perf_counter() - started)),
        "processes": processes,
        "stores": tally.stores,
        "crashes": tally.crashes,
        "commands": dict(tally.commands.most_common()),
        "steps": dict(tally.steps.most_common()),
        "refused": dict(tally.refused.most_common()),
        "violations": len(tally.violations),
        "first_violations": tally.violations[:5],
    }


def walk_one_after_another(events: int, seed: int) -> Tally:
    """What one process does: store after store, until there were so many commands."""
    tally, complaints = Tally(), Complaints()
    log = logging.getLogger("balie")
    log.addHandler(complaints)
    log.propagate = False
    try:
        while tally.events < events:
            # One loop for each store: nothing is left over from the one before.
            asyncio.run(walk_one_store(seed * 1_000_000 + tally.stores, tally, complaints))
            if tally.stores % 10 == 0:
                print(f"{tally.events} events, {len(tally.violations)} violations", file=sys.stderr)
    finally:
        log.removeHandler(complaints)
        log.propagate = True
    return tally


def main() -> None:
    """Walk and print; with ``--json`` also write the figures to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--store-events", type=int, default=30_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    figures = {
        "table": walk_table(arguments.events, seed=arguments.seed),
        "store": walk_stores(arguments.store_events, seed=arguments.seed, processes=arguments.processes),
    }
    print(json.dumps(figures, indent=2))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    if figures["table"]["violations"] or figures["store"]["violations"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
