"""Starts the Rasa server for the service: ``python -m nlu.serve MODEL PORT``.

The shared token comes from the environment (``BALIE_INTERNAL_TOKEN``) and reaches Rasa inside this
process, so that it never stands in the machine's process list; and the server ends with its parent.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from nlu.lean import leave_out_tensorflow

PR_SET_PDEATHSIG = 1
PROJECT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run ``rasa run`` on loopback, bound to the life of the parent process."""
    _end_with_parent()
    model, port = sys.argv[1:3]
    sys.argv = [
        "rasa",
        "run",
        *("--model", model),
        *("--port", port),
        *("--interface", "127.0.0.1"),
        *("--endpoints", "endpoints.yml"),
        *("--credentials", "credentials.yml"),
        *("--response-timeout", os.environ["BALIE_RASA_TIMEOUT"]),
        "--enable-api",
        # One argument: a token may begin like an option.
        f"--auth-token={os.environ['BALIE_INTERNAL_TOKEN']}",
    ]
    leave_out_tensorflow()
    end_with_damaged_weights()
    from rasa.__main__ import main as run_rasa

    check_each_schema_once()
    run_graphs_straight()
    run_rasa()


def end_with_damaged_weights(models: Path = PROJECT / "models") -> None:
    """End at once when weights are damaged: Rasa would log it and go on as a server without any model."""
    from nlu.emotion_files import check_files, is_switched_off
    from nlu.sentence_encoder import TOKENIZER, WEIGHTS
    from nlu.weights import WeightsError, check_weights

    try:
        check_weights(models / "encoder", (WEIGHTS, TOKENIZER))
        if not is_switched_off():
            check_files(models / "emotion")
    except WeightsError as error:
        sys.exit(str(error))


def check_each_schema_once() -> None:
    """Spare every action call the check of its schema, which is the same each time (11 ms of a turn).

    Rasa calls ``jsonschema.validate``, which checks the schema itself before the answer; a schema that
    passed is remembered. Answers are checked as before.
    """
    from jsonschema.validators import Draft202012Validator

    check = Draft202012Validator.check_schema
    passed: set[str] = set()

    def check_once(schema: dict[str, Any], **options: Any) -> None:
        key = json.dumps(schema, sort_keys=True)
        if key not in passed:
            check(schema, **options)
            passed.add(key)

    Draft202012Validator.check_schema = staticmethod(check_once)


def run_graphs_straight() -> None:
    """Let Rasa run its graph with our runner."""
    import rasa.core.processor

    from nlu.graph_runner import StraightGraphRunner

    rasa.core.processor.DaskGraphRunner = StraightGraphRunner


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    main()
