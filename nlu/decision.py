"""Decides on an intent from keywords and meaning, or rejects the message.

Two small models on top of the scores, both learned from scores on the unseen: how far scores and
keywords can be trusted (calibration), and when nothing the assistant is for was meant (rejection).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from nlu.articles import OUT_OF_SCOPE
from nlu.meaning import HeldOutScores

REJECT_AT = 0.6
"""The one threshold, on the probability of rejection; docs/understanding.md says how it was chosen."""
STRANGER_SHARE = 0.2
"""How much questions that nobody foresaw count, beside real examples of what is out of scope."""
SURE_ENOUGH = 8.0
_IMPOSSIBLE = -1e3


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
    ranking: Tuple[Tuple[str, float], ...]
    rejection: float


@dataclass(frozen=True)
class Trust:
    """What was learned.

    Attributes:
        sharpness: How much a unit of meaning score tells, as a logit.
        keyword: What a keyword of an intent adds to its logit.
        rejection: Weights of the evidence for a rejection, the last one the constant.
    """

    sharpness: float
    keyword: float
    rejection: Tuple[float, ...]


class Decider:
    """Applies what was learned to one message after the other.

    Args:
        intents: The columns of the scores.
        trust: What was learned.
        reject_at: From which probability on a message is rejected.
    """

    def __init__(self, intents: Sequence[str], trust: Trust, *, reject_at: float = REJECT_AT) -> None:
        self._columns = _Columns(intents)
        self._trust = trust
        self._weights = np.asarray(trust.rejection)
        self._reject_at = reject_at

    def decide(self, scores: np.ndarray, keyword_intents: Sequence[str]) -> Decision:
        """Decide on one message.

        Args:
            scores: What meaning gives each intent.
            keyword_intents: Intents whose keywords fired.
        """
        hits = self._columns.hits([keyword_intents])
        logits = self._trust.sharpness * scores[None] + self._trust.keyword * hits
        doubt = float((self._columns.evidence(scores[None], logits, hits) @ self._weights)[0])
        rejection = 1.0 / (1.0 + float(np.exp(-doubt)))
        ranking = self._columns.ranking(logits)
        if rejection >= self._reject_at:
            return Decision(OUT_OF_SCOPE, rejection, ranking, rejection)
        return Decision(ranking[0][0], ranking[0][1] * (1.0 - rejection), ranking, rejection)

    def as_document(self) -> Dict[str, Any]:
        """What to store; ``from_document`` takes it back."""
        return {
            "intents": self._columns.intents,
            "trust": asdict(self._trust),
            "reject_at": self._reject_at,
        }

    @classmethod
    def from_document(cls, document: Dict[str, Any]) -> "Decider":
        """The stored decider."""
        return cls(document["intents"], Trust(**document["trust"]), reject_at=document["reject_at"])


def learn_decider(
    intents: Sequence[str],
    labels: Sequence[str],
    held_out: HeldOutScores,
    keyword_intents: Sequence[Sequence[str]],
) -> Decider:
    """Learn calibration and rejection.

    Args:
        intents: The columns of the scores.
        labels: The intent of each example.
        held_out: Scores by models that had not seen the example's writer, or its intent.
        keyword_intents: Intents whose keywords fired on each example.
    """
    columns = _Columns(intents)
    own = columns.hits([[label] for label in labels]).astype(bool)
    hits = columns.hits(keyword_intents)
    sharpness, keyword = _calibrate(held_out.unseen_writer, hits, own)

    def evidence(scores: np.ndarray, fired: np.ndarray) -> np.ndarray:
        return columns.evidence(scores, sharpness * scores + keyword * fired, fired)

    seen = evidence(held_out.unseen_writer, hits)
    # Without its own intent, an example of it is a question that nobody foresaw.
    unforeseen = evidence(np.where(own, -1.0, held_out.unseen_intent), np.where(own, 0.0, hits))
    known = ~own[:, columns.stranger] if columns.stranger is not None else np.ones(len(own), dtype=bool)
    weights = _learn_rejection(seen[known], seen[~known], unforeseen[known])
    return Decider(intents, Trust(sharpness, keyword, weights))


def _calibrate(scores: np.ndarray, hits: np.ndarray, own: np.ndarray) -> Tuple[float, float]:
    """Sharpness and keyword trust with the highest likelihood."""

    def loss(parameters: np.ndarray) -> float:
        logits = np.exp(parameters[0]) * scores + parameters[1] * hits
        peak = logits.max(axis=1)
        mass = peak + np.log(np.exp(logits - peak[:, None]).sum(axis=1))
        return float(np.mean(mass - logits[own]))

    options = {"xatol": 0.01, "fatol": 1e-4}
    found = minimize(loss, np.array([1.5, 1.0]), method="Nelder-Mead", options=options)
    return float(np.exp(found.x[0])), float(found.x[1])


def _learn_rejection(known: np.ndarray, strange: np.ndarray, unforeseen: np.ndarray) -> Tuple[float, ...]:
    """Weigh the evidence; what to keep and what to reject count the same, however many there are."""
    share = STRANGER_SHARE if len(strange) else 1.0
    counts = np.concatenate([_shared(known, 1.0), _shared(strange, 1.0 - share), _shared(unforeseen, share)])
    evidence = np.concatenate([known, strange, unforeseen])
    model = LogisticRegression(C=10.0, fit_intercept=False, max_iter=1000)
    model.fit(evidence, np.arange(len(evidence)) >= len(known), sample_weight=counts * len(evidence))
    return tuple(float(weight) for weight in model.coef_[0])


def _shared(rows: np.ndarray, weight: float) -> np.ndarray:
    return np.full(len(rows), weight / max(1, len(rows)))


class _Columns:
    """The columns of score matrices: one intent each, one of them perhaps ``out_of_scope``."""

    def __init__(self, intents: Sequence[str]) -> None:
        self.intents: List[str] = list(intents)
        self._column_of = {intent: column for column, intent in enumerate(self.intents)}
        self.stranger: Optional[int] = self._column_of.get(OUT_OF_SCOPE)

    def hits(self, intents_of_rows: Sequence[Sequence[str]]) -> np.ndarray:
        """1 where the row names the column's intent."""
        hits = np.zeros((len(intents_of_rows), len(self.intents)))
        for row, intents in enumerate(intents_of_rows):
            hits[row, [self._column_of[intent] for intent in intents if intent in self._column_of]] = 1.0
        return hits

    def evidence(self, scores: np.ndarray, logits: np.ndarray, hits: np.ndarray) -> np.ndarray:
        """What speaks for a rejection: weak best score, close runner-up, a strong out-of-scope score."""
        inside = self._inside(logits)
        rows = np.arange(len(logits))
        best = inside.argmax(axis=1)
        runner_up = np.partition(inside, -2, axis=1)[:, -2]
        strange = np.full(len(scores), -1.0) if self.stranger is None else scores[:, self.stranger]
        return np.column_stack(
            [
                scores[rows, best],
                np.minimum(inside[rows, best] - runner_up, SURE_ENOUGH),
                np.log(np.maximum(_softmax(inside)[rows, best], 1e-6)),
                strange,
                hits[rows, best],
                np.ones(len(logits)),
            ]
        )

    def ranking(self, logits: np.ndarray) -> Tuple[Tuple[str, float], ...]:
        """The assistant's own intents and their probabilities, best first, for a single row."""
        shares = _softmax(self._inside(logits))[0]
        order = [int(column) for column in np.argsort(-shares) if column != self.stranger]
        return tuple((self.intents[column], float(shares[column])) for column in order)

    def _inside(self, logits: np.ndarray) -> np.ndarray:
        if self.stranger is None:
            return logits
        inside = logits.copy()
        inside[:, self.stranger] = _IMPOSSIBLE
        return inside


def _softmax(logits: np.ndarray) -> np.ndarray:
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
