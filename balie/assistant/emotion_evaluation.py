"""Figures over messages whose emotion somebody has labelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from balie.assistant.evaluation import macro_f1
from balie.kernel.emotion import EMOTIONS, Emotion, EmotionLabel

CALIBRATION_BINS: Final = 15


@dataclass(frozen=True, slots=True)
class EmotionFigures:
    """Of one emotion; shares are in [0, 1].

    Attributes:
        precision: Of the messages read as this emotion, how many are labelled so; 0 when none was read so.
        recall: Of the messages labelled so, how many were read as it; 0 when there are none.
        support: Messages labelled so.
    """

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class EmotionReport:
    """Figures of one evaluation; shares are in [0, 1].

    Attributes:
        macro_f1: Mean F1 of the emotions that were labelled or read.
        ece: Expected calibration error, see :func:`calibration_error`.
        unread: Messages that were nothing the classifier was made for.
        model: Version of the classifier.
        confusion: Per labelled emotion, how often each was read, both in the order of ``EMOTIONS``.
    """

    messages: int
    accuracy: float
    macro_f1: float
    per_class: dict[EmotionLabel, EmotionFigures]
    ece: float
    unread: int
    model: str
    confusion: tuple[tuple[int, ...], ...]

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return asdict(self)


def report_emotions(labels: Sequence[EmotionLabel], readings: Sequence[Emotion]) -> EmotionReport:
    """Compare readings with labels.

    Raises:
        ValueError: No messages, or not one reading for each label.
    """
    if not labels or len(labels) != len(readings):
        raise ValueError("An evaluation needs messages and one reading for each.")
    read = [reading.label for reading in readings]
    hits = [label == found for label, found in zip(labels, read, strict=True)]
    confusion = _count_confusions(labels, read)
    return EmotionReport(
        messages=len(labels),
        accuracy=sum(hits) / len(hits),
        macro_f1=macro_f1(labels, read),
        per_class={emotion: _figures_of(place, confusion) for place, emotion in enumerate(EMOTIONS)},
        ece=calibration_error([reading.probabilities[reading.label] for reading in readings], hits),
        unread=sum(not reading.known for reading in readings),
        model=readings[0].model,
        confusion=confusion,
    )


def calibration_error(
    confidences: Sequence[float], hits: Sequence[bool], *, bins: int = CALIBRATION_BINS
) -> float:
    """How far confidence is from being right that often: the expected calibration error.

    The messages are put in bins of equal width by the probability of what was read; the gap between a bin's
    share of hits and its mean confidence is weighted by its messages (Guo et al. 2017, "On Calibration of
    Modern Neural Networks", equation 3; with their 15 bins). Each bin is open below and closed above.

    Args:
        confidences: Probability of the emotion that was read, in [0, 1], one for each message.
        hits: Whether it was the labelled one.
        bins: How many.

    >>> calibration_error([0.9, 0.9, 0.6, 0.6], [True, True, True, False])
    0.1
    """
    gaps = [0.0] * bins
    for confidence, hit in zip(confidences, hits, strict=True):
        # -(-x // 1) rounds up
        place = min(max(int(-(-confidence * bins // 1)) - 1, 0), bins - 1)
        gaps[place] += hit - confidence
    return round(sum(abs(gap) for gap in gaps) / len(hits), 10) if hits else 0.0


def _count_confusions(
    labels: Sequence[EmotionLabel], read: Sequence[EmotionLabel]
) -> tuple[tuple[int, ...], ...]:
    counts = [[0] * len(EMOTIONS) for _ in EMOTIONS]
    for label, found in zip(labels, read, strict=True):
        counts[EMOTIONS.index(label)][EMOTIONS.index(found)] += 1
    return tuple(tuple(row) for row in counts)


def _figures_of(place: int, confusion: Sequence[Sequence[int]]) -> EmotionFigures:
    right = confusion[place][place]
    support, found = sum(confusion[place]), sum(row[place] for row in confusion)
    return EmotionFigures(
        precision=right / found if found else 0.0,
        recall=right / support if support else 0.0,
        f1=2 * right / (support + found) if support + found else 0.0,
        support=support,
    )
