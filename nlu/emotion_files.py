"""The files of ``models/emotion``: all there, and exactly those that were measured together.

A customer must never meet a damaged model: whatever is wrong stops the start, in one sentence.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.weights import WeightsError, check_weights

MODEL_FOLDER = Path(__file__).resolve().parent.parent / "models" / "emotion"
WEIGHTS = "emotion.onnx"
TOKENIZER = "tokenizer.json"
CONFIG = "config.json"
EMOTIONS = ("joy", "gratitude", "anger", "sadness", "fear", "confusion", "surprise", "neutral")
OTHER_LANGUAGE = "other"
SWITCH = "BALIE_EMOTION"
_OFF = {"0", "off", "f", "false", "n", "no"}  # as the service reads the same setting


class EmotionModelError(WeightsError):
    """A file of the emotion model cannot be used; says how to start without."""

    code = "emotion_model_unusable"

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(file, problem)
        self.args: tuple[str, ...] = (f"{self} {SWITCH}=off starts without emotions.",)


@dataclass(frozen=True)
class EmotionConfig:
    """How the model's numbers are read.

    Attributes:
        prefix: What every text begins with, as in training.
        longest: Sub-words that are read of a text, marks of begin and end included.
        temperatures: By which the scores are divided, per language and for ``other``.
        version: First twelve digits of the weights' SHA-256.
    """

    prefix: str
    longest: int
    temperatures: Mapping[str, float]
    version: str


def is_switched_off() -> bool:
    """Whether the shop wants no emotions to be read (docs/emotion.md)."""
    return os.environ.get(SWITCH, "").strip().lower() in _OFF


def check_files(folder: Path = MODEL_FOLDER) -> EmotionConfig:
    """Compare every file with the manifest.

    Raises:
        EmotionModelError: One is missing, damaged, of another model, or of a form unknown here.
    """
    try:
        hashes = check_weights(folder, (WEIGHTS, TOKENIZER, CONFIG))
    except WeightsError as error:
        raise EmotionModelError(error.file, error.problem) from error
    return _as_config(folder / CONFIG, version=hashes[WEIGHTS][:12])


def _as_config(file: Path, *, version: str) -> EmotionConfig:
    try:
        document: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        emotions = tuple(document["emotions"])
        temperatures = {code: float(value) for code, value in document["temperatures"].items()}
        config = EmotionConfig(
            prefix=str(document["prefix"]),
            longest=int(document["longest"]),
            temperatures={OTHER_LANGUAGE: 1.0, **temperatures},
            version=version,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EmotionModelError(file, f"cannot be understood ({type(error).__name__})") from error
    if emotions != EMOTIONS:
        raise EmotionModelError(file, "names other emotions than the service knows")
    if min(config.temperatures.values()) <= 0:
        raise EmotionModelError(file, "holds a temperature that is not positive")
    return config
