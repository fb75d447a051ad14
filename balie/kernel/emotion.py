"""What a customer's message feels like, as the classifier says it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Self, TypeAlias, get_args

EmotionLabel: TypeAlias = Literal[
    "joy", "gratitude", "anger", "sadness", "fear", "confusion", "surprise", "neutral"
]
EMOTIONS: Final[tuple[EmotionLabel, ...]] = get_args(EmotionLabel)


@dataclass(frozen=True, slots=True)
class Emotion:
    """One reading of one message; a single reading decides nothing.

    Attributes:
        label: The most probable emotion; ``neutral`` when the text could not be read.
        probabilities: Of each emotion, in [0, 1], together 1.
        model: Version of the classifier: the first twelve digits of its weights' SHA-256.
        known: False for text the classifier was not made for (another language, no words).
    """

    label: EmotionLabel
    probabilities: Mapping[EmotionLabel, float]
    model: str
    known: bool = True

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read what :meth:`as_document` wrote, or what the classifier reports on a parsed message.

        Raises:
            ValueError: It is not a reading of these eight emotions.
        """
        label, probabilities = document.get("label"), document.get("probabilities")
        if label not in EMOTIONS or not isinstance(probabilities, Mapping):
            raise ValueError("not a reading of an emotion")
        read = {emotion: float(probabilities.get(emotion, 0.0)) for emotion in EMOTIONS}
        return cls(label, read, str(document.get("model", "")), bool(document.get("known", True)))

    def as_document(self) -> dict[str, Any]:
        """As it is stored and sent."""
        return {
            "label": self.label,
            "probabilities": dict(self.probabilities),
            "model": self.model,
            "known": self.known,
        }
