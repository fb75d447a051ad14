"""Simulated customers who want something done: how many get it, and whether anything else ever happens.

Plays goals (``flow_goals``) against the public API of a running Balie with the demo shop, and then looks into
the store (``flow_checks``): the right end state for each customer, and nothing that nobody wanted.

Usage: ``.venv/bin/python -m benchmarks.flows [--customers 300] [--kind KIND] [--seed 2026] [--json FILE]
[--show]``
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import httpx

from balie.content.library import load_library
from balie.content.render import Renderer
from benchmarks.flow_checks import judge
from benchmarks.flow_customer import SimulatedCustomer
from benchmarks.flow_goals import LANGUAGES, choose_goals, make_orders_fresh
from benchmarks.flow_kinds import FRESH, KINDS, Goal, Play
from benchmarks.flow_words import Titles
from benchmarks.servers import BALIE, ROOT, Server, run_balie

SEED: Final = 2026


async def play_all(
    customers: int, seed: int = SEED, *, kinds: Sequence[str] = tuple(KINDS)
) -> tuple[list[Play], list[bool], list[str]]:
    """Every customer's conversation, whether each reached the goal, and all that should not have happened."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "balie.db"
        _load_shop(Path(folder), customers, seed, kinds)
        goals = choose_goals(database, kinds, customers, seed)
        async with run_balie(Path(folder)) as server:
            plays = await _play(server, goals, seed)
        return plays, *judge(database, plays)


def _load_shop(folder: Path, customers: int, seed: int, kinds: Sequence[str]) -> None:
    environment = {"BALIE_VAR_DIR": str(folder), "BALIE_DATABASE_URL": ""}
    for command in (["db", "upgrade"], ["demo", "load"]):
        subprocess.run(
            [str(BALIE), *command],
            cwd=ROOT,
            env={**os.environ, **environment},
            check=True,
            capture_output=True,
        )
    share = sum(KINDS[kind].pool == FRESH for kind in kinds) / len(kinds)
    make_orders_fresh(folder / "balie.db", round(customers * share) + 10, seed)


async def _play(server: Server, goals: list[Goal], seed: int) -> list[Play]:
    renderer = Renderer(load_library(ROOT / "data"))
    titles = {language: Titles(renderer, language) for language in LANGUAGES}
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
        # One after another, so that the time of a turn is its own.
        return [
            await SimulatedCustomer(http, goal, titles[goal.language], seed * 10_000 + number).run()
            for number, goal in enumerate(goals)
        ]


def summarise(
    plays: list[Play], reached: list[bool], wrong: list[str], *, seed: int = SEED
) -> dict[str, Any]:
    """The figures, by kind of goal too."""
    tried = Counter(play.goal.kind for play in plays)
    done = Counter(play.goal.kind for play, is_reached in zip(plays, reached, strict=True) if is_reached)
    seconds = sorted(second for play in plays for second in play.turns_s)
    writing = sorted(second for play in plays for second in play.writing_s)
    return {
        "customers": len(plays),
        "reached": sum(reached),
        "share": sum(reached) / len(plays),
        "wrong": wrong,
        "by_kind": {kind: f"{done[kind]}/{tried[kind]}" for kind in KINDS if tried[kind]},
        "turns": len(seconds),
        "p95_turn_ms": 1000 * seconds[int(0.95 * len(seconds))],
        "p50_writing_ms": 1000 * writing[len(writing) // 2],
        "p95_writing_ms": 1000 * writing[int(0.95 * len(writing))],
        "seed": seed,
    }


def main() -> None:
    """Play, print the figures, and where asked for the conversations that failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=300)
    parser.add_argument("--kind", choices=KINDS, action="append", help="only goals of this kind, or these")
    parser.add_argument("--seed", type=int, default=SEED, help="other customers, who say other things")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--show", action="store_true", help="print the conversations that failed")
    options = parser.parse_args()
    plays, reached, wrong = asyncio.run(
        play_all(options.customers, options.seed, kinds=tuple(options.kind or KINDS))
    )
    figures = summarise(plays, reached, wrong, seed=options.seed)
    if options.show:
        for play, is_reached in zip(plays, reached, strict=True):
            if not is_reached:
                print(play.goal, play.conversation, *play.said, "", sep="\n")
    print(json.dumps(figures, indent=1))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
