from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from nlu.sentence_encoder import MODEL_FOLDER, SentenceEncoder
from nlu.weights import WeightsError, check_weights


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    folder.mkdir()
    (folder / "tiny.onnx").write_bytes(b"weights")
    manifest = {"sha256": {"tiny.onnx": sha256(b"weights").hexdigest()}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def test_whole_weights_are_accepted(folder: Path) -> None:
    assert check_weights(folder, ["tiny.onnx"]) == {"tiny.onnx": sha256(b"weights").hexdigest()}


@pytest.mark.parametrize("content", [b"", b"weight", b"weights of another model"])
def test_damaged_or_swapped_weights_stop_the_start(folder: Path, content: bytes) -> None:
    (folder / "tiny.onnx").write_bytes(content)

    with pytest.raises(WeightsError, match=r"weights_unusable.*tiny\.onnx.*git checkout"):
        check_weights(folder, ["tiny.onnx"])


def test_missing_weights_stop_the_start(folder: Path) -> None:
    (folder / "tiny.onnx").unlink()

    with pytest.raises(WeightsError, match="cannot be read"):
        check_weights(folder, ["tiny.onnx"])


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"sha256": {}}', '{"sha256": 1}'])
def test_a_manifest_that_names_no_files_stops_the_start(folder: Path, manifest: str) -> None:
    (folder / "manifest.json").write_text(manifest)

    with pytest.raises(WeightsError, match="does not name"):
        check_weights(folder, ["tiny.onnx"])


def test_the_encoder_that_ships_is_whole_and_a_truncated_one_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(MODEL_FOLDER, folder)
    SentenceEncoder(folder)
    weights = folder / "encoder.onnx"
    weights.write_bytes(weights.read_bytes()[:-1])

    with pytest.raises(WeightsError):
        SentenceEncoder(folder)
