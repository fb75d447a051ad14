"""Whether the emotion classifier in ``models/emotion`` is whole; Rasa's side checks it anew at its start."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Final

from balie.assistant.errors import EmotionModelUnusableError

MANIFEST: Final = "manifest.json"
WEIGHTS: Final = "emotion.onnx"
_VERSION_DIGITS: Final = 12


def emotion_model_version(project: Path) -> str:
    """Version of the classifier that lies in the project: the first digits of its weights' SHA-256.

    Raises:
        EmotionModelUnusableError: A file is missing, or differs from what the manifest says.
    """
    folder = project / "models" / "emotion"
    hashes = _hashes(folder / MANIFEST)
    for name, expected in hashes.items():
        if sha256(_read(folder / name)).hexdigest() != expected:
            raise EmotionModelUnusableError(folder / name, "is damaged or of another model")
    return hashes[WEIGHTS][:_VERSION_DIGITS]


def _hashes(manifest: Path) -> dict[str, str]:
    try:
        hashes = json.loads(_read(manifest))["sha256"]
        weights = hashes[WEIGHTS]
    except (ValueError, KeyError, TypeError) as error:
        raise EmotionModelUnusableError(manifest, "does not name the files of the model") from error
    if not isinstance(weights, str):
        raise EmotionModelUnusableError(manifest, "does not name the files of the model")
    return {str(name): str(digest) for name, digest in hashes.items()}


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise EmotionModelUnusableError(file, f"cannot be read ({error.strerror})") from error
