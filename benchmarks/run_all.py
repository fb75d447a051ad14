"""Measures everything and writes docs/benchmarks.md; ``make bench`` runs it.

Each part runs in its own process, as a user would run it, and leaves its raw figures, with when and where
they were measured, in ``docs/benchmarks/*.json``; ``--only NAME`` repeats a part and keeps the others' last
figures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.servers import QUIET, RASA_PYTHON, ROOT
from benchmarks.table import read_result, write_page

PAGE = ROOT / "docs" / "benchmarks.md"
RESULTS = ROOT / "docs" / "benchmarks"


def measure_intents(result: Path) -> None:
    """How well messages are understood; in Rasa's environment."""
    _run(str(RASA_PYTHON), "-m", "benchmarks.intents", "--json", str(result))


def measure_operation(result: Path) -> None:
    """Training, start, memory, demo shop."""
    _run(sys.executable, "-m", "benchmarks.operation", "--json", str(result))


def measure_turns(result: Path) -> None:
    """One turn and many, against a default Rasa assistant."""
    _run(sys.executable, "-m", "benchmarks.turns", "--json", str(result))


def measure_emotions(result: Path) -> None:
    """How well emotions are read, against lexica."""
    _run(sys.executable, "-m", "benchmarks.emotions", "--json", str(result))


def measure_flows(result: Path) -> None:
    """Simulated customers who want something done."""
    _run(sys.executable, "-m", "benchmarks.flows", "--json", str(result))


def measure_numbers(result: Path) -> None:
    """The figures of the desk."""
    _run(sys.executable, "-m", "benchmarks.numbers", "--json", str(result))


def measure_card(result: Path) -> None:
    """What an agent has to know at once: how fast it is put together."""
    _run(sys.executable, "-m", "benchmarks.card", "--json", str(result))


def measure_chatwoot(result: Path) -> None:
    """How fast Chatwoot gets its acknowledgement while the assistant is slow."""
    _run(sys.executable, "-m", "benchmarks.chatwoot", "--json", str(result))


def measure_telegram(result: Path) -> None:
    """Telegram: every update answered once and in order; how long an answer takes."""
    _run(sys.executable, "-m", "benchmarks.telegram", "--json", str(result))


def measure_handoff_walk(result: Path) -> None:
    """A random walk over who owns a conversation; nothing may go wrong."""
    _run(sys.executable, "-m", "benchmarks.handoff_walk", "--json", str(result))


def measure_handoff_delivery(result: Path) -> None:
    """200 customers and 20 agents, with the service killed every half minute."""
    _run(sys.executable, "-m", "benchmarks.handoff_delivery", "--json", str(result))


def measure_recommendation_serving(result: Path) -> None:
    """How long one recommendation takes, in a small catalogue and in a large one."""
    _run(sys.executable, "-m", "benchmarks.recommendation_serving", "--json", str(result))


def measure_recommendations(result: Path) -> None:
    """Who foresees the next basket, and what learning costs."""
    _run(sys.executable, "-m", "benchmarks.recommendations", "--json", str(result))


PARTS: dict[str, Callable[[Path], None]] = {
    "intents": measure_intents,
    "operation": measure_operation,
    "turns": measure_turns,
    "emotions": measure_emotions,
    "flows": measure_flows,
    "numbers": measure_numbers,
    "card": measure_card,
    "chatwoot": measure_chatwoot,
    "recommendation_serving": measure_recommendation_serving,
    "recommendations": measure_recommendations,
    "telegram": measure_telegram,
    "handoff_walk": measure_handoff_walk,
    "handoff_delivery": measure_handoff_delivery,
}


def main() -> None:
    """Run the parts asked for and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=sorted(PARTS), action="append")
    parser.add_argument("--page-only", action="store_true", help="write the page from the last figures")
    arguments = parser.parse_args()
    RESULTS.mkdir(parents=True, exist_ok=True)
    for name in [] if arguments.page_only else arguments.only or PARTS:
        print(f"· {name}", flush=True)
        _measure(name)
    write_page(PAGE, {name: read_result(RESULTS / f"{name}.json") for name in PARTS})
    print(f"{PAGE.relative_to(ROOT)} is written.")


def _measure(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / f"{name}.json"
        PARTS[name](result)
        figures = json.loads(result.read_text("utf-8"))
    document = {"measured": _machine(), "figures": figures}
    (RESULTS / f"{name}.json").write_text(json.dumps(document, indent=1) + "\n", "utf-8")


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, env={**os.environ, **QUIET}, check=True)


def _machine() -> str:
    model = next(
        (line.split(":", 1)[1].strip() for line in _cpu_lines() if line.startswith("model name")), "unknown"
    )
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({model}), Python {platform.python_version()}"
    )


def _cpu_lines() -> list[str]:
    cpu = Path("/proc/cpuinfo")
    return cpu.read_text("utf-8").splitlines() if cpu.exists() else []


if __name__ == "__main__":
    main()
