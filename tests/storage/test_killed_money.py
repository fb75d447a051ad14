"""The process is killed (SIGKILL) at every statement of a promise to the outside; it is kept exactly once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from balie.settings import PROJECT_ROOT

NOTHING = dict.fromkeys(
    ("audits", "refunds", "paid out", "parts", "given back", "links", "at the provider", "letters"), 0
)
KEPT = {
    "refund": {**NOTHING, "audits": 1, "refunds": 1, "paid out": 1, "parts": 1, "given back": "amount"},
    "promise": {**NOTHING, "links": 1, "at the provider": 1, "tries": 2, "letters": 1},
    "return": {**NOTHING, "labelled": 1, "announcements": "parcels"},
}
FEWEST_STATEMENTS = 15


@pytest.mark.parametrize("promise", sorted(KEPT))
def test_a_promise_whose_keeper_was_killed_anywhere_is_kept_once(promise: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.support.killed_money", promise, str(tmp_path)],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    reports = [json.loads(line) for line in run.stdout.splitlines()]

    assert reports, run.stderr[-2000:]
    killed = [report.pop("killed_at") for report in reports]
    # Until at last the promise was kept before it came to the kill.
    assert killed == [*range(1, len(killed)), None]
    assert len(killed) > FEWEST_STATEMENTS
    for report in reports:
        expected = {name: report.get(value, value) for name, value in KEPT[promise].items()}
        assert {name: report[name] for name in expected} == expected
