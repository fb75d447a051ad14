"""Gives every message its sub-word features (sparse)."""

from __future__ import annotations

from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.component import StoredComponent, is_command, learnable_examples, read_arrays
from nlu.subwords import SubwordVectorizer
from nlu.text import clean


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SubwordFeaturizer(StoredComponent):
    """Learns which n-grams occur and how telling each is."""

    _vectorizer: SubwordVectorizer

    def train(self, training_data: TrainingData) -> Resource:
        """Choose and weigh the n-grams."""
        texts = [clean(message.get(TEXT)) for message in learnable_examples(training_data)]
        self._vectorizer = SubwordVectorizer.learn(texts)
        return self._store(arrays=self._vectorizer.arrays)

    def _restore(self, folder: Path) -> None:
        self._vectorizer = SubwordVectorizer(**read_arrays(folder))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to the examples."""
        self._add_features(learnable_examples(training_data))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add features to messages."""
        self._add_features([message for message in messages if not is_command(message)])
        return messages

    def _add_features(self, messages: list[Message]) -> None:
        if not messages:
            return
        rows = self._vectorizer.transform([clean(message.get(TEXT) or "") for message in messages])
        for number, message in enumerate(messages):
            message.add_features(Features(rows[number], FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__))
