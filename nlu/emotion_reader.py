"""Adds ``emotion: {label, probabilities, model, known}`` to every message that a customer wrote."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.component import PlainComponent, is_command
from nlu.emotion_files import OTHER_LANGUAGE, is_switched_off
from nlu.emotion_model import emotion_model
from nlu.language_detector import LANGUAGE

EMOTION = "emotion"


# To the recipe it is a classifier that learns nothing, so that training leaves it out altogether and new
# weights are in use after the next start.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class EmotionReader(PlainComponent):
    """Reads what customers feel, unless the shop switched it off; buttons are never read."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._model = None if is_switched_off() else emotion_model()

    @staticmethod
    def required_packages() -> list[str]:
        """What runs the model."""
        return ["onnxruntime", "transformers"]

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the emotion of each message from its text and its language."""
        if self._model is None:
            return messages
        for message in messages:
            if not is_command(message):
                language = (message.get(LANGUAGE) or {}).get("code", OTHER_LANGUAGE)
                reading = self._model.read(message.get(TEXT) or "", language)
                message.set(EMOTION, reading.as_document(), add_to_output=True)
        return messages
