"""The process is killed (SIGKILL) at every statement of a change; the repeated message has one effect."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from balie.settings import PROJECT_ROOT

NOTHING = {"audits": 1, "refunds": 0, "returns": 0, "cases": 0, "letters": 0}
DONE = {
    "cancel": {**NOTHING, "response": ["utter_cancel_order_done"]},
    "return": {**NOTHING, "response": ["utter_return_item_done"], "refunds": 1, "returns": 1, "letters": 1},
    "refund": {**NOTHING, "response": ["utter_get_refund_done"], "refunds": 1},
    "lines": {**NOTHING, "response": ["utter_change_order_done"], "refunds": 1},
    "invoice": {**NOTHING, "response": ["utter_invoice_mailed"], "letters": 1},
    "report": {
        **NOTHING,
        "response": ["utter_wrong_or_missing_item_done"],
        "refunds": 1,
        "cases": 1,
        "letters": 1,
    },
}
FEWEST_STATEMENTS = 12


@pytest.mark.parametrize("flow", sorted(DONE))
def test_a_change_that_was_killed_anywhere_happens_once_when_the_message_comes_again(
    flow: str, tmp_path: Path
) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.support.killed", flow, str(tmp_path)],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    reports = [json.loads(line) for line in run.stdout.splitlines()]

    assert reports, run.stderr[-2000:]
    killed = [report.pop("killed_at") for report in reports]
    # Until at last the change was made before it came to the kill.
    assert killed == [*range(1, len(killed)), None]
    assert len(killed) > FEWEST_STATEMENTS
    assert [report for report in reports if report != DONE[flow]] == []
