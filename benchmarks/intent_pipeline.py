"""The understanding of ``nlu/`` without Rasa around it, so that it can be trained many times in one run.

The same parts with the same numbers as the graph components of ``config.yml``; ``tests/nlu/test_graph.py``
holds the two to the same decisions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nlu.articles import Example, KeywordPattern
from nlu.decision import REJECT_AT, Decider, Decision, learn_decider
from nlu.keywords import KeywordMatcher
from nlu.meaning import Examples, learn_meaning
from nlu.sentence_encoder import SentenceEncoder
from nlu.subwords import SubwordVectorizer
from nlu.text import clean


class VectorCache:
    """Encodes every text once in a run."""

    def __init__(self) -> None:
        self._encoder = SentenceEncoder()
        self._vectors: dict[str, np.ndarray] = {}

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One row for each text."""
        # An int8 vector depends a little on the batch it was made in: the same batches in every run.
        new = sorted({text for text in texts if text not in self._vectors})
        if new:
            self._vectors.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._vectors[text] for text in texts])


class IntentPipeline:
    """Trained on examples and keyword patterns, decides on messages."""

    def __init__(
        self, examples: Sequence[Example], keywords: Sequence[KeywordPattern], vectors: VectorCache
    ) -> None:
        self._vectors = vectors
        languages = {pattern.language for pattern in keywords}
        self._matchers = {
            language: KeywordMatcher([each for each in keywords if each.language == language])
            for language in languages
        }
        texts = [clean(example.text) for example in examples]
        intents = [example.intent for example in examples]
        self._subwords = SubwordVectorizer.learn(texts)
        writers = [example.writer for example in examples]
        rows = Examples(self._subwords.transform(texts), vectors.encode(texts), intents, writers)
        self._meaning, held_out = learn_meaning(rows)
        fired = [self._fired(text, example.language) for text, example in zip(texts, examples, strict=True)]
        self._decider = learn_decider(self._meaning.intents, intents, held_out, fired)

    def reject_at(self, threshold: float = REJECT_AT) -> None:
        """Use another threshold than the product's."""
        self._decider = Decider.from_document({**self._decider.as_document(), "reject_at": threshold})

    def decide(self, texts: Sequence[str], language: str) -> list[Decision]:
        """One decision for each message; all are in one language."""
        cleaned = [clean(text) for text in texts]
        scores = self._meaning.score(self._subwords.transform(cleaned), self._vectors.encode(cleaned))
        fired = [self._fired(text, language) for text in cleaned]
        return [self._decider.decide(row, intents) for row, intents in zip(scores, fired, strict=True)]

    def _fired(self, text: str, language: str) -> list[str]:
        matcher = self._matchers.get(language)
        return [hit.intent for hit in matcher.find(text)] if matcher else []
