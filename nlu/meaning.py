"""Tells intents by meaning: least squares over sub-word similarity and sentence-vector similarity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Sequence

import numpy as np
from scipy import sparse

from nlu.kernel_ridge import KernelRidge

# Chosen on writers that were left out (docs/understanding.md, "How the numbers were chosen").
VECTOR_WEIGHT = 3.0
VECTOR_SHARPNESS = 2.0
RIDGE = 0.5
# A writer with more than this share, of all or of one intent, is left out in this many parts.
LARGEST_SHARE, SPLIT = 0.34, 5


@dataclass(frozen=True)
class Examples:
    """What there is to learn from; every part has one row or entry per example.

    Attributes:
        subwords: Sparse features.
        vectors: Sentence vectors of length 1.
        intents: What the example means.
        writers: Who wrote it.
    """

    subwords: sparse.csr_matrix
    vectors: np.ndarray
    intents: Sequence[str]
    writers: Sequence[str]


@dataclass(frozen=True)
class HeldOutScores:
    """What models would have said that had not seen some examples; one row per example.

    Attributes:
        unseen_writer: Scores of a model trained without the example's writer.
        unseen_intent: Scores of a model trained without the example's whole intent, as if it were
            a question that nobody had foreseen.
    """

    unseen_writer: np.ndarray
    unseen_intent: np.ndarray


class MeaningModel:
    """Scores every intent for a message: about 1 for its own, about -1 for the others.

    Attributes:
        intents: Their order is that of the columns of every score matrix.
        arrays: What to store; the constructor takes the same.
    """

    def __init__(self, intents: Sequence[str], arrays: Dict[str, np.ndarray]) -> None:
        self.intents = list(intents)
        self.arrays = arrays
        self._centre = arrays["centre"]
        self._vectors = arrays["vectors"].astype(np.float32)
        self._vector_weights = arrays["vector_weights"]
        self._subword_weights = arrays["subword_weights"].astype(np.float32)

    def score(self, subwords: sparse.csr_matrix, vectors: np.ndarray) -> np.ndarray:
        """Scores, one row per message and one column per intent."""
        near = _similarity(_centred(vectors, self._centre), self._vectors)
        return np.asarray(subwords @ self._subword_weights + near @ self._vector_weights)


def learn_meaning(examples: Examples, *, seed: int = 0) -> "tuple[MeaningModel, HeldOutScores]":
    """Train on examples, and say how it would do on unseen writers and unseen intents.

    Args:
        examples: What to learn from.
        seed: Decides how large writers are split.
    """
    names, labels = np.unique(np.asarray(examples.intents), return_inverse=True)
    targets = np.where(labels[:, None] == np.arange(len(names)), 1.0, -1.0).astype(np.float32)
    centre = examples.vectors.mean(axis=0)
    vectors = _centred(examples.vectors, centre)
    kernel = (examples.subwords @ examples.subwords.T).toarray()
    kernel += VECTOR_WEIGHT * _similarity(vectors, vectors)
    solution = KernelRidge(kernel, targets, ridge=RIDGE)
    model = MeaningModel(
        [str(name) for name in names],
        {
            "centre": centre,
            "vectors": vectors.astype(np.float16),
            "vector_weights": VECTOR_WEIGHT * solution.dual,
            "subword_weights": (examples.subwords.T @ solution.dual).astype(np.float16),
        },
    )
    random = np.random.default_rng(seed)
    held_out = HeldOutScores(
        unseen_writer=_scores_without(solution, _writer_groups(examples, random), targets.shape),
        unseen_intent=_scores_without(solution, _groups(labels), targets.shape),
    )
    return model, held_out


def _centred(vectors: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """The encoder's vectors all lie in one narrow cone; around their centre they spread."""
    moved = vectors - centre
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9))


def _similarity(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.asarray(np.exp(VECTOR_SHARPNESS * (left @ right.T - 1.0)))


def _scores_without(solution: KernelRidge, groups: List[np.ndarray], shape: "tuple[int, ...]") -> np.ndarray:
    scores = np.zeros(shape, dtype=np.float32)
    for group, held_out in solution.scores_without(groups):
        scores[group] = held_out
    return scores


def _groups(labels: np.ndarray) -> List[np.ndarray]:
    return [np.flatnonzero(labels == label) for label in np.unique(labels)]


def _writer_groups(examples: Examples, random: np.random.Generator) -> List[np.ndarray]:
    """One group per writer; a writer of much is split, or too little of some intent would be left."""
    intents = np.asarray(examples.intents)
    groups: List[np.ndarray] = []
    for group in _groups(np.asarray(examples.writers)):
        parts = SPLIT if _largest_share(intents, group) > LARGEST_SHARE else 1
        groups.extend(np.sort(part) for part in np.array_split(random.permutation(group), parts))
    return groups


def _largest_share(intents: np.ndarray, group: np.ndarray) -> float:
    """How much of all, or of one intent if that is more, a group holds."""
    shares = [
        float(np.sum(intents[group] == name) / np.sum(intents == name)) for name in np.unique(intents[group])
    ]
    return max(len(group) / len(intents), *shares)
