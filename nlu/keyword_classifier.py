"""Adds ``keywords``: which patterns of the articles fired, for which intent, on which words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.articles import KeywordPattern
from nlu.component import StoredComponent, is_command, learnable_examples, read_document
from nlu.faq_importer import KEYWORD_PATTERN
from nlu.keywords import KeywordHit, KeywordMatcher
from nlu.language_detector import LANGUAGE, language_of_example
from nlu.text import clean

KEYWORDS = "keywords"


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER,
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    ],
    is_trainable=True,
)
class KeywordClassifier(StoredComponent):
    """Reads the articles' keyword patterns with spaCy.

    It marks training messages too, because what follows it learns how far keywords can be trusted.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._matchers: dict[str, KeywordMatcher] = {}

    @staticmethod
    def required_packages() -> list[str]:
        """The matchers are spaCy's."""
        return ["spacy"]

    def train(self, training_data: TrainingData) -> Resource:
        """Collect the patterns, which the importer hands over beside the examples."""
        carried = [message.get(KEYWORD_PATTERN) for message in training_data.training_examples]
        patterns = [KeywordPattern(*pattern) for pattern in carried if pattern]
        self._use(patterns)
        return self._store(document=[[each.pattern, each.intent, each.language] for each in patterns])

    def _restore(self, folder: Path) -> None:
        self._use([KeywordPattern(*each) for each in read_document(folder)])

    def _use(self, patterns: Sequence[KeywordPattern]) -> None:
        languages = sorted({pattern.language for pattern in patterns})
        self._matchers = {
            language: KeywordMatcher([each for each in patterns if each.language == language])
            for language in languages
        }

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Mark the examples with what fires in their own language."""
        for message in learnable_examples(training_data):
            self._mark(message, language_of_example(message))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Mark each message with what fires in the language it was found to be in."""
        for message in messages:
            if not is_command(message):
                self._mark(message, (message.get(LANGUAGE) or {}).get("code", ""))
        return messages

    def _mark(self, message: Message, language: str) -> None:
        hits = self.find(clean(message.get(TEXT) or ""), language)
        message.set(KEYWORDS, [hit._asdict() for hit in hits], add_to_output=True)

    def find(self, text: str, language: str) -> list[KeywordHit]:
        """The patterns of a language that fire on a text; none for a language without patterns."""
        matcher = self._matchers.get(language)
        return matcher.find(text) if matcher else []
