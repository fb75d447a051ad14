"""Which trained model belongs to the content and code that lie here now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

INPUT_FILES = ("config.yml", "domain.yml", "data/taxonomy.yml", "requirements/rasa.txt")
INPUT_FOLDERS = {
    "data/faq": "*.yml",
    "data/rules": "*.yml",
    "data/stories": "*.yml",
    "data/nlu": "*",
    "nlu": "*.py",
}
NOT_TRAINED_WITH = ("nlu/serve.py", "nlu/service_texts.py", "nlu/tracker_store.py", "nlu/emotion_*.py")
"""What runs a trained model; emotions come from models/emotion, which training does not look at."""


def find_current_model(project: Path) -> Path | None:
    """The model that was trained with exactly what lies here now, or None."""
    model = model_path(project)
    return model if model.exists() else None


def model_path(project: Path) -> Path:
    """Where the model of the present content and code is, or will be."""
    return project / "models" / f"balie-{fingerprint(project)}.tar.gz"


def fingerprint(project: Path) -> str:
    """Twelve hexadecimal digits over everything a model is trained with."""
    digest = hashlib.sha256()
    for path in sorted(set(_training_inputs(project))):
        digest.update(path.relative_to(project).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _training_inputs(project: Path) -> Iterator[Path]:
    yield from (project / name for name in INPUT_FILES if (project / name).exists())
    for folder, pattern in INPUT_FOLDERS.items():
        for path in (project / folder).rglob(pattern):
            if path.is_file() and not any(path.match(pattern) for pattern in NOT_TRAINED_WITH):
                yield path
