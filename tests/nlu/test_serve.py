"""What is looked at before Rasa starts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nlu.serve import PROJECT, end_with_damaged_weights


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("BALIE_EMOTION", raising=False)
    for name in ("encoder", "emotion"):
        shutil.copytree(PROJECT / "models" / name, tmp_path / name)
    return tmp_path


def cut_short(weights: Path) -> None:
    weights.write_bytes(weights.read_bytes()[:-1])


@pytest.mark.parametrize(
    ("weights", "code"),
    [("encoder/encoder.onnx", "weights_unusable"), ("emotion/emotion.onnx", "emotion_model_unusable")],
)
def test_the_server_ends_at_once_with_one_sentence_when_weights_are_damaged(
    models: Path, weights: str, code: str
) -> None:
    cut_short(models / weights)

    with pytest.raises(SystemExit) as ended:
        end_with_damaged_weights(models)

    assert str(ended.value).startswith(f"{code}: ")
    assert "\n" not in str(ended.value)


def test_the_server_starts_with_whole_weights(models: Path) -> None:
    end_with_damaged_weights(models)


def test_switched_off_the_emotion_model_may_be_anything(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(models / "emotion" / "emotion.onnx")
    monkeypatch.setenv("BALIE_EMOTION", "off")

    end_with_damaged_weights(models)
