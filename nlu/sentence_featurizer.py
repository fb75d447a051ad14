"""Gives every message its sentence vector (dense)."""

from __future__ import annotations

from typing import Any, List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.component import PlainComponent, is_command, learnable_examples
from nlu.sentence_encoder import sentence_encoder
from nlu.text import clean


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(PlainComponent):
    """Adds sentence vectors; there is nothing to learn."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._encoder = sentence_encoder()

    @staticmethod
    def required_packages() -> List[str]:
        """What runs the encoder."""
        return ["onnxruntime", "tokenizers"]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add vectors to the examples."""
        self._add_features(learnable_examples(training_data))
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Add vectors to messages."""
        self._add_features([message for message in messages if not is_command(message)])
        return messages

    def _add_features(self, messages: List[Message]) -> None:
        if not messages:
            return
        vectors = self._encoder.encode([clean(message.get(TEXT) or "") for message in messages])
        for number, message in enumerate(messages):
            row = vectors[number : number + 1]
            message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__))
