"""What is counted, and the numbers that are fitted on dev: temperatures, thresholds. Pure numpy."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.emotion.labels import EMOTIONS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
BINS: Final = 15
"""As ``balie evaluate emotions`` counts."""
FEWEST: Final = 1e-9


def probabilities(logits: Floats, temperature: float = 1.0) -> Floats:
    """Softmax of ``logits / temperature``, row by row."""
    scaled = logits / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    result: Floats = powers / powers.sum(axis=1, keepdims=True)
    return result


def fit_temperature(logits: Floats, wanted: Integers) -> float:
    """The one number that makes the probabilities likeliest (Guo et al. 2017, section 4.2).

    Looked for between 0.3 and 3.3, on a grid: the likelihood has one peak.
    """
    grid = np.exp(np.linspace(np.log(0.3), np.log(3.3), 241))
    rows = np.arange(len(wanted))
    losses = [-np.log(probabilities(logits, t)[rows, wanted] + FEWEST).mean() for t in grid]
    return float(grid[int(np.argmin(losses))])


def calibration_error(chances: Floats, wanted: Integers, bins: int = BINS) -> float:
    """Expected calibration error (Guo et al. 2017, equation 3): equally wide bins of the top probability."""
    top = chances.max(axis=1)
    right = chances.argmax(axis=1) == wanted
    places = np.minimum((top * bins).astype(int), bins - 1)
    gaps = [
        (places == place).mean() * abs(right[places == place].mean() - top[places == place].mean())
        for place in range(bins)
        if (places == place).any()
    ]
    return float(sum(gaps))


def confusion_matrix(wanted: Integers, said: Integers, classes: int) -> Integers:
    """How often class (row) was called class (column)."""
    table = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(table, (wanted, said), 1)
    return table


def eight_way(chances: Floats, wanted: Integers) -> dict[str, Any]:
    """Accuracy, macro-F1, precision, recall and F1 of each emotion, calibration error, confusion matrix."""
    said = chances.argmax(axis=1)
    table = confusion_matrix(wanted, said, len(EMOTIONS))
    per_class = {}
    for at, emotion in enumerate(EMOTIONS):
        hits = int(table[at, at])
        precision, recall = hits / max(1, table[:, at].sum()), hits / max(1, table[at].sum())
        f1 = 2 * precision * recall / max(FEWEST, precision + recall)
        per_class[emotion] = {
            "precision": round(float(precision), 4),
            "recall": round(float(recall), 4),
            "f1": round(float(f1), 4),
            "messages": int(table[at].sum()),
        }
    return {
        "messages": len(wanted),
        "accuracy": round(float((said == wanted).mean()), 4),
        "macro_f1": round(float(np.mean([figures["f1"] for figures in per_class.values()])), 4),
        "ece": round(calibration_error(chances, wanted), 4),
        "per_class": per_class,
        "confusion_matrix": table.tolist(),
    }


def label_f1(scores: Floats, wanted: Integers, thresholds: Floats) -> Floats:
    """F1 of each label when a score at or above its threshold counts; ``(labels,)``."""
    said = scores >= thresholds
    hits = (said & (wanted == 1)).sum(axis=0)
    result: Floats = 2 * hits / np.maximum(1, said.sum(axis=0) + wanted.sum(axis=0))
    return result


def fit_thresholds(scores: Floats, wanted: Integers, *, width: int = 3) -> Floats:
    """Per label the middle between its own best threshold and the best for all labels together.

    A rare label has only a dozen texts in dev, so its own best is half luck: in two-fold cross-validation
    on dev the middle is better by .006 macro-F1 (ADR 0060). For the same reason the F1 over the grid is
    smoothed over ``width`` neighbours on each side.
    """
    grid = np.linspace(0.04, 0.9, 87)
    curves = np.stack([label_f1(scores, wanted, np.full(scores.shape[1], at)) for at in grid])
    shared = grid[curves.mean(axis=1).argmax()]
    padded = np.pad(curves, ((width, width), (0, 0)), mode="edge")
    smooth = np.mean([padded[at : at + len(grid)] for at in range(2 * width + 1)], axis=0)
    chosen: Floats = (grid[smooth.argmax(axis=0)] + shared) / 2
    return chosen
