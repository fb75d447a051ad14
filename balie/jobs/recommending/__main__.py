"""The training as a process: reads one line of JSON, tells its progress in lines of JSON, and ends.

``balie.jobs.training_process`` starts it; with the numerical libraries it ends, and so does their memory.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any, Final

from balie.kernel.clock import utc_now
from balie.kernel.errors import BalieError
from balie.recommendations.errors import ListTrainingFailedError
from balie.recommendations.kinds import ListKind
from balie.settings import PROJECT_ROOT

NICENESS: Final = 10


def main() -> None:
    """Train what is asked for."""
    order = json.loads(sys.stdin.readline())
    os.nice(NICENESS)
    try:
        _train(order)
    except ListTrainingFailedError as error:
        _refuse(error.code, error.reason)
    except BalieError as error:
        _refuse(error.code, str(error).rstrip("."))
    except Exception as error:
        # The outermost place. Without the error's text, which may quote a row.
        _refuse(ListTrainingFailedError.code, f"{type(error).__name__} at {_place(error)}")


def _train(order: dict[str, Any]) -> None:
    from threadpoolctl import threadpool_limits

    from balie.jobs.recommending import store
    from balie.jobs.recommending.options import Options
    from balie.jobs.recommending.training import train
    from balie.jobs.recommending.workspace import open_workspace

    options = Options(seed=order["seed"], threads=order["threads"])
    kinds = [ListKind(name) for name in order["lists"]]
    # implicit spreads its own work over threads; those of the linear algebra below would only be in the way.
    with (
        threadpool_limits(1),
        store.open_store(order["database_url"]) as engine,
        store.begun(engine, kinds, options.seed, utc_now) as runs,
        open_workspace(threads=options.threads) as workspace,
    ):
        _tell("read", 0, 1)
        known, agreed = store.read_known(engine, workspace, order["currency"], utc_now())
        _tell("read", 1, 1)
        for done, learned in enumerate(train(known, kinds, options, agreed, _tell), start=1):
            verdict = store.keep(engine, learned, known, runs[learned.kind], utc_now)
            _tell("keep", done, len(kinds))
            figures = verdict.figures.as_document()
            _say(
                {
                    "verdict": {
                        "list": verdict.kind.value,
                        "figures": figures,
                        "reason": verdict.reason,
                        "rows": verdict.rows,
                    }
                }
            )
            if not verdict.is_tidy:
                _say({"left_over": verdict.kind.value})


def _refuse(code: str, reason: str) -> None:
    _say({"error": {"code": code, "reason": reason}})


def _place(error: Exception) -> str:
    """Where in our own code it went wrong."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(PROJECT_ROOT / "balie")]
    return f"{Path(ours[-1].filename).relative_to(PROJECT_ROOT)}:{ours[-1].lineno}"


def _tell(step: str, done: int, total: int) -> None:
    _say({"step": step, "done": done, "total": total})


def _say(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
