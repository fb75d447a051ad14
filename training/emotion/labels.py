"""The words of the two tasks: eight emotions of a customer, twenty-eight of GoEmotions. Pure."""

from __future__ import annotations

from typing import Final

EMOTIONS: Final = ("joy", "gratitude", "anger", "sadness", "fear", "confusion", "surprise", "neutral")
"""As in ``balie.kernel.emotion``, in the order of the model's outputs."""

LABELS28: Final = (
    *("admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion"),
    *("curiosity", "desire", "disappointment", "disapproval", "disgust", "embarrassment", "excitement"),
    *("fear", "gratitude", "grief", "joy", "love", "nervousness", "optimism", "pride"),
    *("realization", "relief", "remorse", "sadness", "surprise", "neutral"),
)
"""The order of GoEmotions' labels.txt (Demszky et al. 2020)."""

LANGUAGES: Final = ("en", "nl", "fr", "zh")
