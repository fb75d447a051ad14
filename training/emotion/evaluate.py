"""What the exported model says, and how often that is right."""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from training.emotion.labels import EMOTIONS, LABELS28, LANGUAGES
from training.emotion.measures import (
    Floats,
    Integers,
    eight_way,
    fit_temperature,
    fit_thresholds,
    label_f1,
    probabilities,
)
from training.emotion.messages import Message

Reader: TypeAlias = Callable[[Sequence[str]], tuple[Floats, Floats]]
LONGEST: Final = 64
PADDING: Final = 1
BATCH: Final = 32
UNKNOWN_LANGUAGE: Final = 1.5
"""In a language that was not measured, the highest temperature of the four is raised by this factor."""


def reader_of(model: Path, tokenizer: Tokenizer) -> Reader:
    """A function from texts to the logits of both tasks, through onnxruntime."""
    session = onnxruntime.InferenceSession(str(model))

    def read(texts: Sequence[str]) -> tuple[Floats, Floats]:
        rows = [cut(encoding.ids) for encoding in tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
        emotions, labels28 = np.zeros((len(rows), len(EMOTIONS))), np.zeros((len(rows), len(LABELS28)))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            ids = pad([rows[at] for at in chosen])
            mask = (ids != PADDING).astype(np.int64)
            emotions[chosen], labels28[chosen] = session.run(None, {"input_ids": ids, "attention_mask": mask})
        return emotions, labels28

    return read


def cut(ids: list[int], longest: int = LONGEST) -> list[int]:
    """No more than ``longest`` tokens; the closing token stays."""
    return ids if len(ids) <= longest else [*ids[: longest - 1], ids[-1]]


def pad(rows: Sequence[list[int]]) -> Integers:
    """The rows as one table, filled up with the padding token."""
    longest = max(map(len, rows))
    return np.array([[*row, *[PADDING] * (longest - len(row))] for row in rows], dtype=np.int64)


def fit_temperatures(read: Reader, dev: Sequence[Message]) -> dict[str, float]:
    """The temperature of each language, and a cautious one for every other.

    Every language has one writer in dev, so its own best temperature is also that writer's: each is moved
    half the way (on a logarithmic scale) to the best for all writers together.
    """
    logits, wanted, languages = _own(read, dev)
    shared = fit_temperature(logits, wanted)
    own = {
        language: fit_temperature(logits[languages == language], wanted[languages == language])
        for language in LANGUAGES
    }
    found = {language: round(math.sqrt(best * shared), 4) for language, best in own.items()}
    return found | {"other": round(max(found.values()) * UNKNOWN_LANGUAGE, 4)}


def evaluate_own(
    read: Reader, messages: Sequence[Message], temperatures: dict[str, float]
) -> dict[str, dict[str, Any]]:
    """Figures of the eight emotions by language."""
    logits, wanted, languages = _own(read, messages)
    return {
        language: eight_way(
            probabilities(logits[languages == language], temperatures[language]),
            wanted[languages == language],
        )
        for language in LANGUAGES
    }


def find_thresholds(read: Reader, dev: Sequence[Message]) -> Floats:
    """The threshold of each of the 28 labels, from GoEmotions' dev set."""
    return fit_thresholds(_scores(read, dev), _wanted28(dev))


def evaluate_public(read: Reader, messages: Sequence[Message], thresholds: Floats) -> dict[str, Any]:
    """Macro-F1 over the 28 labels, and the F1 of each."""
    each = label_f1(_scores(read, messages), _wanted28(messages), thresholds)
    by_label = {label: round(float(f1), 4) for label, f1 in zip(LABELS28, each, strict=True)}
    return {"macro_f1": round(float(each.mean()), 4), "per_label": by_label}


def measure_speed(python: Path, folder: Path) -> dict[str, Any]:
    """What :mod:`training.emotion.speed` measures in the environment of ``python``."""
    script = Path(__file__).with_name("speed.py")
    # absolute(), not resolve(): a virtual environment's python is a link, and must stay one.
    command = [str(python.absolute()), str(script), str(folder)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    measured: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return measured


def _own(read: Reader, messages: Sequence[Message]) -> tuple[Floats, Integers, np.ndarray[Any, Any]]:
    logits, _ = read([message.text for message in messages])
    wanted = np.array([message.emotion for message in messages])
    return logits, wanted, np.array([message.language for message in messages])


def _scores(read: Reader, messages: Sequence[Message]) -> Floats:
    _, logits = read([message.text for message in messages])
    scores: Floats = 1 / (1 + np.exp(-logits))
    return scores


def _wanted28(messages: Sequence[Message]) -> Integers:
    wanted = np.zeros((len(messages), len(LABELS28)), dtype=np.int64)
    for row, message in enumerate(messages):
        wanted[row, list(message.labels28 or ())] = 1
    return wanted
