"""What an operator sees when Balie cannot start: one sentence, and nothing is left running."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from balie.cli.running_rasa import free_port
from balie.settings import PROJECT_ROOT

BALIE = Path(sys.executable).with_name("balie")


@pytest.mark.parametrize("setting", ["BALIE_PUBLIC_PORT", "BALIE_INTERNAL_PORT"])
def test_a_port_that_is_taken_is_one_sentence_and_everything_ends(setting: str, tmp_path: Path) -> None:
    rasa_port = free_port()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = {"BALIE_PUBLIC_PORT": str(free_port()), "BALIE_INTERNAL_PORT": str(free_port())}
        environment = {
            **os.environ,
            **ports,
            "BALIE_VAR_DIR": str(tmp_path),
            "BALIE_DATABASE_URL": "",
            "BALIE_RASA_PORT": str(rasa_port),
            "BALIE_RASA_WORKERS": "1",
            setting: str(taken.getsockname()[1]),
        }
        ended = subprocess.run(
            [str(BALIE), "up"],
            cwd=PROJECT_ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    said = ended.stdout + ended.stderr
    assert ended.returncode == 1
    assert "is it in use?" in said
    assert setting in said
    assert "Traceback" not in said
    listed = subprocess.run(["ps", "-eo", "args="], check=True, capture_output=True, text=True).stdout
    assert [line for line in listed.splitlines() if "nlu.serve" in line and f" {rasa_port}" in line] == []
