"""Adds ``emotion: {label, probabilities, model, known}`` to every message that a customer wrote.

Two components: one begins to read on another core, early in the pipeline, when a core has nothing to do; the
other, at its end, reads what was not begun. So one customer waits less, and a busy server does no more.
"""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.component import PlainComponent, is_command
from nlu.emotion_files import OTHER_LANGUAGE, is_switched_off
from nlu.emotion_model import EmotionReading, emotion_model
from nlu.language_detector import LANGUAGE

EMOTION = "emotion"
BEGUN = "emotion_begun"
_LOAD = Path("/proc/loadavg")


def has_idle_core(load: Path = _LOAD) -> bool:
    """Whether a core has nothing to do right now; False where the machine does not say (only Linux does).

    The fourth word is how many threads run and how many there are; this one runs.
    """
    try:
        running = int(load.read_text(encoding="ascii").split()[3].partition("/")[0])
    except (OSError, ValueError, IndexError):
        return False
    return running < (os.cpu_count() or 1)


class _Reading(PlainComponent):
    """What both have in common: the model, unless emotions are switched off."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._model = None if is_switched_off() else emotion_model()

    @staticmethod
    def required_packages() -> list[str]:
        """What runs the model."""
        return ["onnxruntime", "transformers"]

    def _read(self, text: str, language: str) -> EmotionReading:
        assert self._model is not None
        return self._model.read(text, language)


# To the recipe both are classifiers that learn nothing, so that training leaves them out altogether and new
# weights are in use after the next start.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class EmotionStarter(_Reading):
    """Begins to read what customers feel, beside the rest of the pipeline."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="emotion")

    def process(self, messages: list[Message]) -> list[Message]:
        """Leave a promise on each message, to be kept by the reader."""
        if self._model is None or not has_idle_core():
            return messages
        for message in messages:
            if not is_command(message):
                message.set(BEGUN, self._beside.submit(self._read, *_to_read(message)))
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class EmotionReader(_Reading):
    """Reads what customers feel, unless the shop switched it off; buttons are never read."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the emotion of each message from its text and its language."""
        if self._model is None:
            return messages
        for message in messages:
            if not is_command(message):
                begun: Future[EmotionReading] | None = message.data.pop(BEGUN, None)
                reading = begun.result() if begun is not None else self._read(*_to_read(message))
                message.set(EMOTION, reading.as_document(), add_to_output=True)
        return messages


def _to_read(message: Message) -> tuple[str, str]:
    """A message's text and its language."""
    language = (message.get(LANGUAGE) or {}).get("code", OTHER_LANGUAGE)
    return message.get(TEXT) or "", language
