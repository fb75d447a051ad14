"""What Rasa says a message feels like, as an emotion of ours; what is none is left out."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from typing import Any

from balie.kernel.emotion import Emotion

_log = logging.getLogger(__name__)


def read_emotion(document: object) -> Emotion | None:
    """The reading in a document of ``docs/emotion.md``; None when there is none, or when it is not one.

    >>> read_emotion({"label": "anger", "probabilities": {"anger": 0.9, "neutral": 0.1}}).label
    'anger'
    >>> read_emotion({"label": "rage"}) is None
    True
    """
    if document is None:
        return None
    emotion = _emotion_in(document) if isinstance(document, Mapping) else None
    if emotion is None:
        # What it holds may quote the customer: it is not told.
        _log.warning("The reading of a message is none: it is left out.")
    return emotion


def _emotion_in(document: Mapping[str, Any]) -> Emotion | None:
    try:
        emotion = Emotion.from_document(document)
    except (ValueError, TypeError):
        return None
    shares = emotion.probabilities.values()
    sound = all(math.isfinite(share) and 0 <= share <= 1 for share in shares) and sum(shares) <= 1.01
    return emotion if sound else None
