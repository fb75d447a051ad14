"""Sets the intent of a message from keywords and meaning, or rejects it as out of scope."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.component import StoredComponent, is_command, learnable_examples, read_document
from nlu.decision import Decider, Decision, learn_decider
from nlu.keyword_classifier import KEYWORDS
from nlu.meaning import HeldOutScores
from nlu.meaning_classifier import HELD_OUT_SCORES, INTENT_NAMES, MEANING_SCORES, STRANGER_SCORES

REJECTED = "rejected"
RANKING_LENGTH = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentDecider(StoredComponent, IntentClassifier):
    """The last word on the intent."""

    _decider: Decider

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """How many intents the ranking shows."""
        return {"ranking_length": RANKING_LENGTH}

    @staticmethod
    def required_packages() -> list[str]:
        """The rejection is a logistic regression."""
        return ["sklearn", "scipy"]

    def train(self, training_data: TrainingData) -> Resource:
        """Learn how far scores and keywords can be trusted."""
        examples = learnable_examples(training_data)
        self._decider = learn_decider(
            examples[0].get(INTENT_NAMES),
            [example.get(INTENT) for example in examples],
            HeldOutScores(
                unseen_writer=_score_rows(examples, HELD_OUT_SCORES),
                unseen_intent=_score_rows(examples, STRANGER_SCORES),
            ),
            [_fired(example) for example in examples],
        )
        return self._store(document=self._decider.as_document())

    def _restore(self, folder: Path) -> None:
        self._decider = Decider.from_document(read_document(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and the reason of a rejection."""
        for message in messages:
            scores = message.get(MEANING_SCORES)
            if scores is not None and not is_command(message):
                self._set_intent(message, self._decider.decide(scores, _fired(message)))
        return messages

    def _set_intent(self, message: Message, decision: Decision) -> None:
        best = (decision.intent, decision.confidence)
        ranking = [best, *(each for each in decision.ranking if each[0] != decision.intent)]
        message.set(INTENT, _named(best), add_to_output=True)
        shown = [_named(each) for each in ranking[: self._config["ranking_length"]]]
        message.set(INTENT_RANKING_KEY, shown, add_to_output=True)
        message.set(REJECTED, round(decision.rejection, 4), add_to_output=True)


def _score_rows(examples: Sequence[Message], key: str) -> np.ndarray:
    return np.stack([np.frombuffer(example.get(key), dtype=np.float32) for example in examples])


def _fired(message: Message) -> Sequence[str]:
    return [hit["intent"] for hit in message.get(KEYWORDS) or ()]


def _named(intent: tuple[str, float]) -> dict[str, Any]:
    return {INTENT_NAME_KEY: intent[0], PREDICTED_CONFIDENCE_KEY: round(intent[1], 4)}
