"""Adds ``language: {code, confidence}`` to every message."""

from __future__ import annotations

from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.component import StoredComponent, is_command, learnable_examples, read_arrays, read_document
from nlu.language import KnownLanguages, LanguageModel, stop_words
from nlu.text import clean

LANGUAGE = "language"


def language_of_example(message: Message) -> str:
    """The language a training example is written in, or nothing when nobody said."""
    metadata = message.get("metadata") or {}
    return str((metadata.get("example") or {}).get(LANGUAGE, ""))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageDetector(StoredComponent):
    """Learns the shop's languages from the examples, and others from their most telling words."""

    _model: LanguageModel

    @staticmethod
    def required_packages() -> list[str]:
        """Where the telling words come from."""
        return ["spacy"]

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples' languages."""
        texts: dict[str, list[str]] = {}
        for message in learnable_examples(training_data):
            texts.setdefault(language_of_example(message), []).append(clean(message.get(TEXT)))
        texts.pop("", None)
        spoken = list(texts)
        for language, words in stop_words().items():
            texts.setdefault(language, []).extend(words)
        self._model = LanguageModel.learn(texts, spoken=spoken)
        document = {"languages": self._model.languages, "spoken": spoken}
        return self._store(document=document, arrays={"scores": self._model.scores})

    def _restore(self, folder: Path) -> None:
        document = read_document(folder)
        self._model = LanguageModel(document["languages"], document["spoken"], read_arrays(folder)["scores"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the language of each message, from its text and its metadata."""
        for message in messages:
            text = "" if is_command(message) else clean(message.get(TEXT) or "")
            code, confidence = self._model.detect(text, KnownLanguages.from_metadata(message.get("metadata")))
            message.set(LANGUAGE, {"code": code, "confidence": round(confidence, 4)}, add_to_output=True)
        return messages
