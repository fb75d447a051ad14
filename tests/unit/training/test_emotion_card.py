"""The model card says what was measured."""

from __future__ import annotations

import re
from typing import Any

from training.emotion.card import write_card
from training.emotion.labels import EMOTIONS, LANGUAGES


def test_the_card_shows_every_language_and_emotion() -> None:
    card = write_card(_figures())

    for name in (*EMOTIONS, "English", "Dutch", "French", "Chinese", "abcdef012345", "0.531"):
        assert name in card
    assert not re.search(r"\{\w+\}", card)


def test_a_build_without_the_rasa_environment_says_so() -> None:
    assert "not measured" in write_card(_figures() | {"speed": None})


def _figures() -> dict[str, Any]:
    one = {"precision": 0.8, "recall": 0.9, "f1": 0.85, "messages": 10}
    language = {
        "messages": 80,
        "accuracy": 0.84,
        "macro_f1": 0.83,
        "ece": 0.03,
        "per_class": dict.fromkeys(EMOTIONS, one),
        "confusion_matrix": [[0] * 8] * 8,
    }
    counts = {"train": 7000, "dev": 1000, "test": 2000, "writers": 40, "test_writers": 8}
    weights = {"version": "abcdef012345", "sha256": "abcdef012345", "layers": 12, "pieces": 52000}
    return {
        "model": {**counts, **weights, "megabytes": 44.0},
        "test": dict.fromkeys(LANGUAGES, language),
        "goemotions": {"int8": 0.531, "fp32": 0.533},
        "int8_against_fp32": {"emotions": 0.001, "labels28": 0.002},
        "speed": {"p50_ms": 5.0, "p95_ms": 6.0, "memory_mb": 120.0},
        "training": {"minutes": 50.0, "threads": 2},
    }
