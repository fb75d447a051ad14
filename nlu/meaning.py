"""Tells intents by meaning: least squares over sub-word similarity and sentence-vector similarity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nlu.kernel_ridge import KernelRidge

# Chosen on writers that were left out (docs/understanding.md, "How the numbers were chosen").
VECTOR_WEIGHT = 2.0
VECTOR_SHARPNESS = 2.0
RIDGE = 0.5
LANDMARKS = 2000


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
    """

    def __init__(self, intents: Sequence[str], arrays: dict[str, np.ndarray]) -> None:
        self.intents = list(intents)
        self.arrays = arrays
        self._subword_weights = arrays["subword_weights"].astype(np.float32)
        self._landmarks = arrays["landmarks"].astype(np.float32)
        self._landmark_weights = arrays["landmark_weights"].astype(np.float32)

    def score(self, subwords: sparse.csr_matrix, vectors: np.ndarray) -> np.ndarray:
        """Scores, one row per message and one column per intent."""
        return (
            subwords @ self._subword_weights + _similarity(vectors, self._landmarks) @ self._landmark_weights
        )


def learn_meaning(
    subwords: sparse.csr_matrix,
    vectors: np.ndarray,
    intents: Sequence[str],
    writers: Sequence[str],
    *,
    seed: int = 0,
) -> tuple[MeaningModel, HeldOutScores]:
    """Train on examples, and say how it would do on unseen writers and unseen intents.

    Args:
        subwords: Sparse features, one row per example.
        vectors: Sentence vectors of length 1, one row per example.
        intents: The intent of each example.
        writers: Who wrote each example.
        seed: Decides which examples serve as landmarks.
    """
    names, labels = np.unique(np.asarray(intents), return_inverse=True)
    targets = np.full((len(labels), len(names)), -1.0, dtype=np.float32)
    targets[np.arange(len(labels)), labels] = 1.0
    random = np.random.default_rng(seed)
    landmarks = vectors[np.sort(random.permutation(len(vectors))[:LANDMARKS])]
    projected = _similarity(vectors, landmarks) @ _inverse_root(_similarity(landmarks, landmarks))
    kernel = (subwords @ subwords.T).toarray() + VECTOR_WEIGHT * (projected @ projected.T)
    solution = KernelRidge(kernel.astype(np.float32), targets, ridge=RIDGE)
    arrays = {
        "subword_weights": (subwords.T @ solution.dual).astype(np.float16),
        "landmarks": landmarks.astype(np.float16),
        "landmark_weights": VECTOR_WEIGHT
        * (_inverse_root(_similarity(landmarks, landmarks)) @ (projected.T @ solution.dual)),
    }
    held_out = HeldOutScores(
        unseen_writer=_scores_without(solution, _writer_groups(writers, random), targets.shape),
        unseen_intent=_scores_without(solution, _groups(labels), targets.shape),
    )
    return MeaningModel([str(name) for name in names], arrays), held_out


def _similarity(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.exp(VECTOR_SHARPNESS * (left @ right.T - 1.0))


def _inverse_root(kernel: np.ndarray) -> np.ndarray:
    values, axes = np.linalg.eigh(kernel.astype(np.float64))
    values = np.maximum(values, 1e-6)
    return ((axes / np.sqrt(values)) @ axes.T).astype(np.float32)


def _scores_without(solution: KernelRidge, groups: list[np.ndarray], shape: tuple[int, int]) -> np.ndarray:
    scores = np.zeros(shape, dtype=np.float32)
    for group, held_out in solution.scores_without(groups):
        scores[group] = held_out
    return scores


def _groups(labels: np.ndarray) -> list[np.ndarray]:
    return [np.flatnonzero(labels == label) for label in np.unique(labels)]


def _writer_groups(writers: Sequence[str], random: np.random.Generator) -> list[np.ndarray]:
    """One group per writer; a writer of more than a fifth of all is split, or too little would be left."""
    groups: list[np.ndarray] = []
    for group in _groups(np.asarray(writers)):
        parts = max(1, round(5 * len(group) / len(writers)))
        shuffled = random.permutation(group)
        groups.extend(np.sort(part) for part in np.array_split(shuffled, parts))
    return groups
