"""Decides on an intent from keywords and meaning, or rejects the message.

Two small models on top of the scores, both learned from scores on the unseen: how far scores and
keywords can be trusted (calibration), and when nothing the assistant is for was meant (rejection).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from nlu.articles import OUT_OF_SCOPE

REJECT_AT = 0.5
# A simulated unforeseen question counts less than a real one: some are close to a neighbouring intent.
STRANGER_WEIGHT = 0.1


@dataclass(frozen=True)
class Decision:
    """What a message was taken for.

    Attributes:
        intent: The decided intent, ``out_of_scope`` when rejected.
        confidence: How likely that is right, in [0, 1].
        ranking: The intents of the assistant with their probabilities, best first.
        rejection: How likely the message is none of them, in [0, 1].
    """

    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    rejection: float


class Decider:
    """Applies the two small models.

    Args:
        intents: The columns of the scores.
        sharpness: How much a unit of score tells.
        keyword_trust: What a keyword of an intent adds to its logit.
        weights: The rejection's weights, the last one the constant.
        reject_at: The one threshold on the probability of rejection.
    """

    def __init__(
        self,
        intents: Sequence[str],
        *,
        sharpness: float,
        keyword_trust: float,
        weights: Sequence[float],
        reject_at: float = REJECT_AT,
    ) -> None:
        self.intents = list(intents)
        self._stranger = self.intents.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in self.intents else None
        self.parameters = {
            "sharpness": sharpness,
            "keyword_trust": keyword_trust,
            "weights": list(weights),
            "reject_at": reject_at,
        }
        self._sharpness, self._keyword_trust = sharpness, keyword_trust
        self._weights, self._reject_at = np.asarray(weights), reject_at

    def decide(self, scores: np.ndarray, keyword_intents: Sequence[str]) -> Decision:
        """Decide on one message.

        Args:
            scores: What meaning gives each intent.
            keyword_intents: Intents whose keywords fired.
        """
        hits = keyword_hits([keyword_intents], self.intents)
        logits = self._sharpness * scores[None] + self._keyword_trust * hits
        rejection = float(
            1 / (1 + np.exp(-(_evidence(logits, scores[None], hits, self._stranger) @ self._weights)))[0]
        )
        shares = _softmax(_without(logits, self._stranger))[0]
        order = np.argsort(-shares)
        ranking = tuple(
            (self.intents[column], float(shares[column])) for column in order if column != self._stranger
        )
        if rejection >= self._reject_at:
            return Decision(OUT_OF_SCOPE, rejection, ranking, rejection)
        return Decision(ranking[0][0], ranking[0][1] * (1 - rejection), ranking, rejection)


def learn_decider(
    intents: Sequence[str],
    labels: Sequence[str],
    held_out: np.ndarray,
    as_stranger: np.ndarray,
    keyword_intents: Sequence[Sequence[str]],
) -> Decider:
    """Learn calibration and rejection.

    Args:
        intents: The columns of the scores.
        labels: The intent of each example.
        held_out: Scores by models that had not seen the example's writer.
        as_stranger: Scores by models that had not seen the example's intent.
        keyword_intents: Intents whose keywords fired on each example.
    """
    column_of = {intent: column for column, intent in enumerate(intents)}
    stranger = column_of.get(OUT_OF_SCOPE)
    columns = np.array([column_of[label] for label in labels])
    hits = keyword_hits(keyword_intents, intents)
    sharpness, trust = _calibrate(held_out, hits, columns)
    known = columns != stranger
    own = np.eye(len(intents), dtype=bool)[columns]
    unforeseen = np.where(own, -1.0, as_stranger)
    unforeseen_hits = np.where(own, 0.0, hits)
    evidence = np.concatenate(
        [
            _evidence(sharpness * held_out + trust * hits, held_out, hits, stranger),
            _evidence(
                sharpness * unforeseen + trust * unforeseen_hits, unforeseen, unforeseen_hits, stranger
            )[known],
        ]
    )
    is_strange = np.concatenate([~known, np.ones(known.sum(), dtype=bool)])
    counts = np.concatenate([np.ones(len(columns)), np.full(known.sum(), STRANGER_WEIGHT)])
    balance = counts[~is_strange].sum() / counts[is_strange].sum()
    counts[is_strange] *= balance
    model = LogisticRegression(C=10.0, fit_intercept=False, max_iter=1000)
    model.fit(evidence, is_strange, sample_weight=counts)
    return Decider(intents, sharpness=sharpness, keyword_trust=trust, weights=model.coef_[0].tolist())


def keyword_hits(keyword_intents: Sequence[Sequence[str]], intents: Sequence[str]) -> np.ndarray:
    """1 where a keyword of the column's intent fired."""
    column_of = {intent: column for column, intent in enumerate(intents)}
    hits = np.zeros((len(keyword_intents), len(intents)))
    for row, fired in enumerate(keyword_intents):
        hits[row, [column_of[intent] for intent in fired if intent in column_of]] = 1.0
    return hits


def _calibrate(scores: np.ndarray, hits: np.ndarray, columns: np.ndarray) -> tuple[float, float]:
    """Sharpness and keyword trust with the highest likelihood."""
    rows = np.arange(len(columns))

    def loss(parameters: np.ndarray) -> float:
        logits = np.exp(parameters[0]) * scores + parameters[1] * hits
        peak = logits.max(axis=1)
        return float(
            np.mean(peak + np.log(np.exp(logits - peak[:, None]).sum(axis=1)) - logits[rows, columns])
        )

    found = minimize(loss, np.array([1.5, 1.0]), method="Nelder-Mead", options={"xatol": 0.01, "fatol": 1e-4})
    return float(np.exp(found.x[0])), float(found.x[1])


def _evidence(logits: np.ndarray, scores: np.ndarray, hits: np.ndarray, stranger: int | None) -> np.ndarray:
    """What speaks for a rejection: weak best score, close runner-up, a strong out-of-scope score."""
    inside = _without(logits, stranger)
    rows = np.arange(len(logits))
    best = inside.argmax(axis=1)
    second = np.partition(inside, -2, axis=1)[:, -2]
    strange = logits[rows, stranger] - inside[rows, best] if stranger is not None else np.zeros(len(logits))
    return np.column_stack(
        [
            scores[rows, best],
            np.log(np.maximum(_softmax(inside)[rows, best], 1e-6)),
            np.minimum(inside[rows, best] - second, 8.0),
            np.clip(strange, -8.0, 8.0),
            hits[rows, best],
            np.ones(len(logits)),
        ]
    )


def _without(logits: np.ndarray, column: int | None) -> np.ndarray:
    if column is None:
        return logits
    inside = logits.copy()
    inside[:, column] = -1e3
    return inside


def _softmax(logits: np.ndarray) -> np.ndarray:
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
