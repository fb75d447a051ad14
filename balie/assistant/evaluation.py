"""Figures over labelled messages: how often the assistant understands, and how often it knows it does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

from balie.content.articles import OUT_OF_SCOPE

WORST_CONFUSIONS = 10


@dataclass(frozen=True, slots=True)
class IntentReport:
    """Figures of one evaluation; shares are in [0, 1], ``mcc`` in [-1, 1].

    Attributes:
        in_scope_accuracy: Share of the in-scope messages that got their intent (rejecting one is an
            error), as in CLINC150 and HINT3; None when there are none.
        out_of_scope_recall: Share of the out-of-scope messages that were rejected; None when there are none.
        mcc: Matthews correlation coefficient over all labels (Gorodkin 2004).
        confusions: The most frequent (label, predicted, count), most frequent first.
    """

    messages: int
    accuracy: float
    macro_f1: float
    in_scope_accuracy: float | None
    out_of_scope_recall: float | None
    mcc: float
    confusions: tuple[tuple[str, str, int], ...]

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return asdict(self)


def report_intents(labels: Sequence[str], predictions: Sequence[str]) -> IntentReport:
    """Compare predicted intents with labels; ``out_of_scope`` is a label like any other.

    Raises:
        ValueError: No messages, or not one prediction for each label.
    """
    if not labels or len(labels) != len(predictions):
        raise ValueError("An evaluation needs messages and one prediction for each.")
    pairs = list(zip(labels, predictions, strict=True))
    wrong = Counter((label, predicted) for label, predicted in pairs if label != predicted)
    return IntentReport(
        messages=len(pairs),
        accuracy=_share_right(pairs) or 0.0,
        macro_f1=macro_f1(labels, predictions),
        in_scope_accuracy=_share_right([pair for pair in pairs if pair[0] != OUT_OF_SCOPE]),
        out_of_scope_recall=_share_right([pair for pair in pairs if pair[0] == OUT_OF_SCOPE]),
        mcc=matthews_coefficient(labels, predictions),
        confusions=tuple((*pair, count) for pair, count in wrong.most_common(WORST_CONFUSIONS)),
    )


def macro_f1(labels: Sequence[str], predictions: Sequence[str]) -> float:
    """The mean over the classes that occur of 2 TP / (2 TP + FP + FN).

    >>> round(macro_f1(["a", "a", "b"], ["a", "b", "b"]), 3)
    0.667
    """
    right = Counter(label for label, predicted in zip(labels, predictions, strict=True) if label == predicted)
    seen = Counter(labels) + Counter(predictions)
    return sum(2 * right[name] / seen[name] for name in seen) / len(seen)


def matthews_coefficient(labels: Sequence[str], predictions: Sequence[str]) -> float:
    """Multi-class Matthews correlation (Gorodkin 2004); 0 when one side knows a single class.

    >>> matthews_coefficient(["a", "b"], ["a", "b"])
    1.0
    """
    total = len(labels)
    right = sum(label == predicted for label, predicted in zip(labels, predictions, strict=True))
    labelled, predicted_as = Counter(labels), Counter(predictions)
    covariance = right * total - sum(labelled[name] * predicted_as[name] for name in labelled)
    spread_predicted = total**2 - sum(count**2 for count in predicted_as.values())
    spread_labelled = total**2 - sum(count**2 for count in labelled.values())
    spread = sqrt(spread_predicted * spread_labelled)
    return covariance / spread if spread else 0.0


def _share_right(pairs: Sequence[tuple[str, str]]) -> float | None:
    if not pairs:
        return None
    return sum(label == predicted for label, predicted in pairs) / len(pairs)
