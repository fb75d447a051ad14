"""What running Balie costs: training, start, memory, the demo shop, the widget's size.

Usage: ``.venv/bin/python -m benchmarks.operation [--json FILE]``
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.servers import BALIE, QUIET, ROOT, resident_megabytes, run_balie

STATIC = ROOT / "balie" / "gateway" / "static"


def seconds_of(*command: str, folder: Path) -> float:
    """How long a command takes, whole."""
    started = time.monotonic()
    environment = {**os.environ, **QUIET, "BALIE_VAR_DIR": str(folder)}
    subprocess.run([str(BALIE), *command], cwd=ROOT, env=environment, check=True)
    return time.monotonic() - started


async def measure_start(folder: Path) -> dict[str, Any]:
    """A second start, with database and model there; memory once it is ready."""
    async with run_balie(folder) as server:
        return {"ready_s": server.seconds_to_start, "memory_mb": resident_megabytes(server.process_id)}


def widget_kilobytes() -> dict[str, float]:
    """Gzip sizes of what a page loads: the loader at once, the rest when the chat is used."""
    sizes = {
        path.name: len(gzip.compress(path.read_bytes(), 9)) / 1024 for path in STATIC.glob("widget/**/*.js")
    }
    return {"loader_kb": sizes.get("widget.js", 0.0), "all_kb": sum(sizes.values())}


def main() -> None:
    """Measure and print; with ``--json`` also write the figures to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = {
            "training_s": seconds_of("train", "--force", folder=folder),
            "demo_load_s": seconds_of("demo", "load", folder=folder),
            **asyncio.run(measure_start(folder)),
            "widget": widget_kilobytes(),
        }
    print(json.dumps(figures, indent=2))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
