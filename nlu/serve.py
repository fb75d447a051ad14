"""Starts the Rasa server for the service: ``python -m nlu.serve MODEL PORT``.

The shared token comes from the environment (``BALIE_INTERNAL_TOKEN``) and reaches Rasa inside this
process, so that it never stands in the machine's process list; and the server ends with its parent.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


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
        "--enable-api",
        *("--auth-token", os.environ["BALIE_INTERNAL_TOKEN"]),
    ]
    from rasa.__main__ import main as run_rasa

    run_rasa()


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    main()
