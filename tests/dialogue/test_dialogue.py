"""The real dialogue, as Rasa sees it: its data is sound, and the test stories go as they should.

Needs the trained model (``balie train``); ``make test`` trains it first.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}


def rasa(*arguments: str, folder: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rasa", *arguments]
    ports = {"BALIE_INTERNAL_PORT": "1", "BALIE_INTERNAL_TOKEN": "unused", "BALIE_RASA_DB": ":memory:"}
    environment = {**os.environ, **QUIET, **ports}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=600
    )


@pytest.fixture(scope="module")
def model() -> Path:
    models = sorted((PROJECT / "models").glob("balie-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    assert models, "There is no trained model: run `balie train` (`make test` does)."
    return models[-1]


def test_the_training_data_is_sound() -> None:
    data = ("--data", "data/rules", "data/stories", "data/nlu")
    result = rasa("data", "validate", "--fail-on-warnings", *data)

    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-4000:]


def test_the_dialogues_go_as_the_stories_say(model: Path, tmp_path: Path) -> None:
    """What customers type is really read (``--e2e``): a sentence that is misunderstood fails its story."""
    result = rasa(
        *("test", "core", "--e2e", "--stories", "tests/dialogue", "--model", str(model)),
        *("--out", str(tmp_path), "--fail-on-prediction-errors", "--no-plot"),
    )

    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-4000:]
