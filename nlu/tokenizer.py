"""Splits messages into words in every language, Chinese included."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.text import iterate_tokens


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class MultilingualTokenizer(Tokenizer):
    """Words, single Chinese characters, numbers, emoji and runs of ``?`` and ``!``.

    Offsets are those of the text as it came, so that entities can be shown in place; the invisible
    guard before a typed slash and other invisible characters belong to no token.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings that Rasa's base class wants; intents are never split."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the examples alone: nothing learns from tokens, and Rasa would hash them at every step."""
        return training_data

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of one attribute of a message, in order."""
        return [Token(span.text, span.start) for span in iterate_tokens(message.get(attribute))]
