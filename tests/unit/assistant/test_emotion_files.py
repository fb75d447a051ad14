import json
from hashlib import sha256
from pathlib import Path

import pytest

from balie.assistant.emotion_files import MANIFEST, WEIGHTS, emotion_model_version
from balie.assistant.errors import EmotionModelUnusableError
from balie.settings import PROJECT_ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "models" / "emotion"
    folder.mkdir(parents=True)
    for name in (WEIGHTS, "tokenizer.json"):
        (folder / name).write_text(f"content of {name}", encoding="utf-8")
    hashes = {name: sha256((folder / name).read_bytes()).hexdigest() for name in (WEIGHTS, "tokenizer.json")}
    (folder / MANIFEST).write_text(json.dumps({"sha256": hashes}), encoding="utf-8")
    return tmp_path


def test_a_whole_model_tells_its_version(project: Path) -> None:
    weights = project / "models" / "emotion" / WEIGHTS

    assert emotion_model_version(project) == sha256(weights.read_bytes()).hexdigest()[:12]


def test_the_shipped_model_is_whole() -> None:
    assert len(emotion_model_version(PROJECT_ROOT)) == 12


@pytest.mark.parametrize("name", [WEIGHTS, "tokenizer.json", MANIFEST])
def test_a_missing_file_is_named(project: Path, name: str) -> None:
    (project / "models" / "emotion" / name).unlink()

    with pytest.raises(EmotionModelUnusableError, match=f"{name} cannot be read"):
        emotion_model_version(project)


@pytest.mark.parametrize("name", [WEIGHTS, "tokenizer.json"])
def test_a_changed_file_is_named(project: Path, name: str) -> None:
    (project / "models" / "emotion" / name).write_text("something else", encoding="utf-8")

    with pytest.raises(EmotionModelUnusableError, match=f"{name} is damaged"):
        emotion_model_version(project)


@pytest.mark.parametrize(
    "manifest", ["", "{", "[]", "{}", '{"sha256": []}', '{"sha256": {"emotion.onnx": 4}}']
)
def test_a_manifest_that_names_no_files_is_refused(project: Path, manifest: str) -> None:
    (project / "models" / "emotion" / MANIFEST).write_text(manifest, encoding="utf-8")

    with pytest.raises(EmotionModelUnusableError, match="does not name the files"):
        emotion_model_version(project)
