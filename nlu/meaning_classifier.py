"""Scores every intent for a message by its meaning; ``nlu.intent_decider`` decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse

from nlu.component import StoredComponent, is_command, learnable_examples, read_arrays, read_document
from nlu.faq_importer import WRITER_KEY
from nlu.meaning import Examples, MeaningModel, learn_meaning

MEANING_SCORES = "meaning_scores"
HELD_OUT_SCORES = "meaning_scores_held_out"
STRANGER_SCORES = "meaning_scores_as_stranger"
INTENT_NAMES = "meaning_intents"
HELD_OUT_FILE = "held_out.npz"


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER,
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    ],
    is_trainable=True,
)
class MeaningClassifier(StoredComponent):
    """Learns the intents; in training it also tells what follows it how it does on the unseen."""

    _model: MeaningModel

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Only the seed of what is drawn by chance."""
        return {"seed": 0}

    @staticmethod
    def required_packages() -> list[str]:
        """The solver is SciPy's."""
        return ["scipy"]

    def train(self, training_data: TrainingData) -> Resource:
        """Solve for the intents."""
        examples = learnable_examples(training_data)
        subwords, vectors = _features(examples)
        intents = [example.get(INTENT) for example in examples]
        writers = [_writer(example) for example in examples]
        self._model, held_out = learn_meaning(
            Examples(subwords, vectors, intents, writers), seed=self._config["seed"]
        )
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / HELD_OUT_FILE, **asdict(held_out))
        return self._store(document={"intents": self._model.intents}, arrays=self._model.arrays)

    def _restore(self, folder: Path) -> None:
        self._model = MeaningModel(read_document(folder)["intents"], read_arrays(folder))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add to each example the scores of models that had not seen its writer, or its intent.

        As bytes of 32-bit floats: Rasa hashes every example at every step, and arrays by their printed text.
        """
        with (
            self._model_storage.read_from(self._resource) as folder,
            np.load(folder / HELD_OUT_FILE, allow_pickle=False) as stored,
        ):
            examples = learnable_examples(training_data)
            rows = zip(examples, stored["unseen_writer"], stored["unseen_intent"], strict=True)
            for message, unseen_writer, unseen_intent in rows:
                message.set(INTENT_NAMES, self._model.intents)
                message.set(HELD_OUT_SCORES, unseen_writer.tobytes())
                message.set(STRANGER_SCORES, unseen_intent.tobytes())
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the scores of all intents to each message."""
        typed = [message for message in messages if not is_command(message)]
        if typed:
            for message, scores in zip(typed, self._model.score(*_features(typed)), strict=True):
                message.set(INTENT_NAMES, self._model.intents)
                message.set(MEANING_SCORES, scores)
        return messages


def _features(messages: Sequence[Message]) -> tuple[sparse.csr_matrix, np.ndarray]:
    rows: list[sparse.csr_matrix] = []
    vectors: list[np.ndarray] = []
    for message in messages:
        for features in message.features:
            if features.attribute == TEXT and features.type == FEATURE_TYPE_SENTENCE:
                (rows if features.is_sparse() else vectors).append(features.features)
    return sparse.vstack(rows, format="csr"), np.concatenate(vectors)


def _writer(message: Message) -> str:
    return str(((message.get("metadata") or {}).get("example") or {}).get(WRITER_KEY, ""))
