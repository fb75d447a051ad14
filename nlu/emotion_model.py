"""Texts to probabilities of eight emotions: the transformer in ``models/emotion``, on one thread.

Nothing is downloaded and nothing is unpickled: ONNX weights, a ``tokenizer.json`` and JSON, each checked
against its hash. The batch is always one message: a shop's messages come one by one.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from nlu.emotion_files import (
    EMOTIONS,
    MODEL_FOLDER,
    OTHER_LANGUAGE,
    TOKENIZER,
    WEIGHTS,
    EmotionModelError,
    check_files,
)
from nlu.emotion_text import is_readable, own_words

NEUTRAL = "neutral"
# What is said of a text that cannot be read: neutral, but hardly surer of it than of anything else.
UNREADABLE_NEUTRAL = 0.3
# Of the sub-words read of a long message; ½ found most of the feelings at either end (docs/emotion.md).
_START_SHARE = 1 / 2
_BEGIN_OF_WORD = "▁"


@dataclass(frozen=True)
class EmotionReading:
    """What a text feels like.

    Attributes:
        label: The most probable emotion.
        probabilities: Of every emotion, in the order of ``EMOTIONS``; together 1.
        model: Version of the weights.
        known: False when the text is nothing the model was made for.
    """

    label: str
    probabilities: Sequence[float]
    model: str
    known: bool = True

    def as_document(self) -> dict[str, Any]:
        """As it stands on a parsed message."""
        return {
            "label": self.label,
            "probabilities": {
                emotion: round(float(value), 4)
                for emotion, value in zip(EMOTIONS, self.probabilities, strict=True)
            },
            "model": self.model,
            "known": self.known,
        }


class EmotionModel:
    """Reads emotions; safe to be used from several threads.

    Args:
        folder: Where the model's files lie.
        threads: Of onnxruntime; more than one helps long texts on an idle machine only.

    Raises:
        EmotionModelError: A file is missing, damaged, or of another model.
    """

    def __init__(self, folder: Path = MODEL_FOLDER, *, threads: int = 1) -> None:
        self._config = check_files(folder)
        self._session = _open_session(folder / WEIGHTS, threads)
        self._tokenizer = _open_tokenizer(folder / TOKENIZER)
        self._prefix_tokens = len(self._tokenizer(self._config.prefix.strip())["input_ids"]) - 1

    @property
    def version(self) -> str:
        """First twelve digits of the weights' SHA-256."""
        return self._config.version

    def read(self, text: str, language: str = OTHER_LANGUAGE) -> EmotionReading:
        """What a message feels like.

        Args:
            text: As the customer sent it.
            language: Code of the language it was taken for; decides how sure the scores make us.
        """
        words = own_words(text)
        tokens = self.tokens_of(words) if is_readable(words) else []
        if not self._says_something(tokens):
            return self._unreadable()
        probabilities = _softmax(self.scores(tokens) / self._temperature(language))
        return EmotionReading(EMOTIONS[int(probabilities.argmax())], probabilities.tolist(), self.version)

    def scores(self, tokens: Sequence[int], output: str = "emotions") -> np.ndarray:
        """The model's scores (logits) for the sub-words of one text; ``labels28`` are GoEmotions'."""
        inputs = {
            "input_ids": np.array([tokens], dtype=np.int64),
            "attention_mask": np.ones((1, len(tokens)), dtype=np.int64),
        }
        return np.asarray(self._session.run([output], inputs)[0][0], dtype=np.float64)

    def tokens_of(self, text: str) -> list[int]:
        """Sub-words with the marks of begin and end; of a long text the first and the last ones."""
        tokens: list[int] = self._tokenizer(self._config.prefix + text)["input_ids"]
        excess = len(tokens) - self._config.longest
        if excess <= 0:
            return tokens
        start = round(self._config.longest * _START_SHARE)
        return tokens[:start] + tokens[start + excess :]

    def _says_something(self, tokens: Sequence[int]) -> bool:
        """Whether a sub-word stands in the vocabulary besides blanks and what every text begins with."""
        unknown = self._tokenizer.unk_token_id
        known = [token for token in tokens[self._prefix_tokens : -1] if token != unknown]
        return any(word.strip(_BEGIN_OF_WORD) for word in self._tokenizer.convert_ids_to_tokens(known))

    def _temperature(self, language: str) -> float:
        temperatures = self._config.temperatures
        return temperatures.get(language, temperatures[OTHER_LANGUAGE])

    def _unreadable(self) -> EmotionReading:
        rest = (1 - UNREADABLE_NEUTRAL) / (len(EMOTIONS) - 1)
        probabilities = [UNREADABLE_NEUTRAL if emotion == NEUTRAL else rest for emotion in EMOTIONS]
        return EmotionReading(NEUTRAL, probabilities, self.version, known=False)


def _open_session(weights: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # The arena keeps the memory of the longest text for ever.
    options.enable_cpu_mem_arena = False
    try:
        return onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no base but this
        raise EmotionModelError(weights, f"cannot be run by onnxruntime {onnxruntime.__version__}") from error


def _open_tokenizer(file: Path) -> Any:
    # We run ONNX: that PyTorch is absent is as it should be, and not worth a warning at every start.
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    from transformers import PreTrainedTokenizerFast

    try:
        return PreTrainedTokenizerFast(tokenizer_file=str(file), unk_token="<unk>")  # noqa: S106 (a word)
    except Exception as error:  # what the tokenizers library raises is a bare Exception
        raise EmotionModelError(file, "cannot be read by transformers") from error


def _softmax(scores: np.ndarray) -> np.ndarray:
    weights = np.exp(scores - scores.max())
    return np.asarray(weights / weights.sum())


@lru_cache(maxsize=1)
def emotion_model() -> EmotionModel:
    """The model of this process, loaded once."""
    return EmotionModel()
