"""The training as a process: reads one line of JSON, tells its progress in lines of JSON, and ends.

``balie.jobs.training_process`` starts it; with the numerical libraries it ends, and so does their memory.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, Final

from balie.kernel.clock import utc_now
from balie.kernel.errors import BalieError
from balie.recommendations.kinds import ListKind

NICENESS: Final = 10


def main() -> None:
    """Train what is asked for."""
    order = json.loads(sys.stdin.readline())
    os.nice(NICENESS)
    try:
        _train(order)
    except BalieError as error:
        _say({"error": {"code": error.code, "message": str(error)}})


def _train(order: dict[str, Any]) -> None:
    from threadpoolctl import threadpool_limits

    from balie.jobs.recommending import store
    from balie.jobs.recommending.options import Options
    from balie.jobs.recommending.training import train
    from balie.jobs.recommending.workspace import open_workspace
    from balie.storage.engine import open_sync_engine

    options = Options(seed=order["seed"], threads=order["threads"])
    kinds = [ListKind(name) for name in order["lists"]]
    engine = open_sync_engine(order["database_url"])
    # implicit spreads its own work over threads; those of the linear algebra below would only be in the way.
    with threadpool_limits(1), open_workspace(threads=options.threads) as workspace:
        _tell("read", 0, 1)
        known, agreed = store.read_known(engine, workspace, order["currency"], utc_now())
        _tell("read", 1, 1)
        for done, learned in enumerate(train(known, kinds, options, agreed, _tell), start=1):
            verdict = store.keep(engine, learned, known, options.seed, utc_now)
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
    engine.dispose()


def _tell(step: str, done: int, total: int) -> None:
    _say({"step": step, "done": done, "total": total})


def _say(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
