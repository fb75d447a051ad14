import json

import pytest

from balie.assistant.emotion_evaluation import calibration_error, report_emotions
from balie.kernel.emotion import EMOTIONS, Emotion, EmotionLabel


def reading(label: EmotionLabel, confidence: float = 0.9, *, known: bool = True) -> Emotion:
    rest = (1 - confidence) / (len(EMOTIONS) - 1)
    shares = {emotion: confidence if emotion == label else rest for emotion in EMOTIONS}
    return Emotion(label, shares, "0123456789ab", known)


def test_figures_are_counted_per_emotion() -> None:
    labels: list[EmotionLabel] = ["anger", "anger", "joy", "neutral"]
    read: list[EmotionLabel] = ["anger", "joy", "joy", "anger"]

    report = report_emotions(labels, [reading(label) for label in read])

    anger, joy, fear = (report.per_class[label] for label in ("anger", "joy", "fear"))
    assert (anger.precision, anger.recall, anger.f1, anger.support) == (0.5, 0.5, 0.5, 2)
    assert (joy.precision, joy.recall, joy.support) == (0.5, 1.0, 1)
    assert (fear.precision, fear.recall, fear.f1, fear.support) == (0, 0, 0, 0)
    assert report.accuracy == 0.5
    # The mean over anger, joy and neutral; what neither occurs nor was read does not count.
    assert report.macro_f1 == pytest.approx((0.5 + 2 / 3 + 0) / 3)


def test_the_report_tells_which_was_read_as_which_and_what_was_not_read() -> None:
    report = report_emotions(["fear", "fear"], [reading("sadness"), reading("neutral", 0.3, known=False)])

    row = report.confusion[EMOTIONS.index("fear")]
    assert row[EMOTIONS.index("sadness")] == row[EMOTIONS.index("neutral")] == 1
    assert sum(map(sum, report.confusion)) == report.messages == 2
    assert report.unread == 1


def test_as_json_the_report_has_the_promised_keys() -> None:
    document = json.loads(json.dumps(report_emotions(["joy"], [reading("joy")]).as_json()))

    assert {"accuracy", "macro_f1", "per_class", "ece"} <= set(document)
    assert list(document["per_class"]) == list(EMOTIONS)
    assert set(document["per_class"]["joy"]) == {"precision", "recall", "f1", "support"}


@pytest.mark.parametrize(
    ("confidences", "hits", "error"),
    [
        ([1.0] * 4, [True] * 4, 0.0),
        ([1.0] * 4, [False] * 4, 1.0),
        ([0.75] * 4, [True, True, True, False], 0.0),
        ([0.9, 0.9, 0.6, 0.6], [True, True, True, False], 0.1),
        # Two bins that err in opposite ways do not cancel each other.
        ([0.95, 0.55], [False, True], 0.7),
        ([0.0], [False], 0.0),
        ([], [], 0.0),
    ],
)
def test_the_calibration_error_is_the_mean_gap_of_the_bins(
    confidences: list[float], hits: list[bool], error: float
) -> None:
    assert calibration_error(confidences, hits) == pytest.approx(error)


@pytest.mark.parametrize(("labels", "readings"), [([], []), (["joy"], []), ([], [reading("joy")])])
def test_an_evaluation_without_messages_is_refused(
    labels: list[EmotionLabel], readings: list[Emotion]
) -> None:
    with pytest.raises(ValueError, match="one reading for each"):
        report_emotions(labels, readings)
