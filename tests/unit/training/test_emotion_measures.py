"""What the recipe counts and fits, on numbers whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from training.emotion.labels import EMOTIONS
from training.emotion.measures import (
    calibration_error,
    eight_way,
    fit_temperature,
    fit_thresholds,
    label_f1,
    probabilities,
)


def test_probabilities_add_up_to_one_and_flatten_with_the_temperature() -> None:
    logits = np.array([[3.0, 0.0, 0.0]])

    sharp, flat = probabilities(logits, 0.5), probabilities(logits, 3.0)

    assert sharp.sum() == pytest.approx(1)
    assert sharp[0, 0] > flat[0, 0]


def test_the_temperature_is_found_with_which_the_labels_were_drawn() -> None:
    rng = np.random.default_rng(7)
    logits = rng.normal(size=(4000, 8)) * 2
    wanted = np.array([rng.choice(8, p=row) for row in probabilities(logits, 1.6)])

    assert fit_temperature(logits, wanted) == pytest.approx(1.6, rel=0.1)


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    chances = np.tile([0.8, 0.2], (10, 1))
    wanted = np.array([0] * 5 + [1] * 5)

    assert calibration_error(chances, wanted) == pytest.approx(0.3)


def test_eight_way_counts_precision_and_recall_per_emotion() -> None:
    anger, joy = EMOTIONS.index("anger"), EMOTIONS.index("joy")
    chances = np.eye(8)[[anger, anger, joy]]

    figures = eight_way(chances, np.array([anger, joy, joy]))

    assert figures["accuracy"] == pytest.approx(0.6667)
    assert figures["per_class"]["anger"] == {"precision": 0.5, "recall": 1.0, "f1": 0.6667, "messages": 1}
    assert figures["confusion_matrix"][joy][anger] == 1


def test_a_threshold_separates_what_can_be_separated() -> None:
    scores = np.array([[0.1], [0.2], [0.6], [0.7]])
    wanted = np.array([[0], [0], [1], [1]])

    thresholds = fit_thresholds(scores, wanted)

    assert 0.2 < thresholds[0] <= 0.6
    assert label_f1(scores, wanted, thresholds) == pytest.approx([1.0])
