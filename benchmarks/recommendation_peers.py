"""Other ways to foresee a basket, each at its best settings: what many buy, what is near, factors.

Every method gets the same lines (all before the month) and the same history of the customer who is asked
about; ``implicit``'s models fold that history in, as its documentation does for users it has not seen.
Products that the customer has are named too, because people buy again; lists without them are judged apart.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender
from scipy import sparse

from balie.jobs.recommending.arrays import Floats, Ints, Matrix
from benchmarks.retail import DAY, Retail, Targets

Settings = Mapping[str, Any]
THREADS: Final = 2
SEED: Final = 1

Scorer = Callable[[Ints], Floats]
"""From some of the baskets in question to scores: baskets by products."""

Method = Callable[[Retail, Targets, Settings, int], Scorer]
"""Learns from what was bought before a moment."""


@dataclass(frozen=True)
class Peer:
    """A way to do it, and the settings that are tried.

    Attributes:
        start: The settings that are tried first.
        values: Of each setting what else is tried, one setting after the other, the best kept.
    """

    name: str
    method: Method
    start: Settings
    values: Mapping[str, tuple[Any, ...]]


def popular(retail: Retail, targets: Targets, settings: Settings, moment: int) -> Scorer:
    """What was bought most in the last days."""
    days = settings["days"]
    some = (retail.moments < moment) & (retail.moments >= moment - days * DAY)
    counts = np.bincount(retail.products[some], minlength=len(retail.skus)).astype(np.float64)
    return lambda asked: np.tile(counts, (len(asked), 1))


def own(retail: Retail, targets: Targets, settings: Settings, moment: int) -> Scorer:
    """What the customer bought before, faded by age: nothing is learned from others."""
    history = _history(targets, half_life=settings["half_life"])
    return lambda asked: history[asked].toarray()


def near(retail: Retail, targets: Targets, settings: Settings, moment: int) -> Scorer:
    """Item-kNN: products near those that the customer has, by cosine."""
    model = CosineRecommender(K=settings["K"], num_threads=THREADS)
    return _neighbours(model, retail, targets, moment, counted=settings["counted"])


def bm25(retail: Retail, targets: Targets, settings: Settings, moment: int) -> Scorer:
    """The same, weighted by BM25."""
    model = BM25Recommender(K=settings["K"], K1=settings["K1"], B=settings["B"], num_threads=THREADS)
    return _neighbours(model, retail, targets, moment, counted=settings["counted"])


def als(retail: Retail, targets: Targets, settings: Settings, moment: int) -> Scorer:
    """Factors by alternating least squares."""
    model = AlternatingLeastSquares(
        factors=settings["factors"],
        regularization=settings["regularization"],
        alpha=settings["alpha"],
        iterations=15,
        num_threads=THREADS,
        random_state=SEED,
    )
    counted = settings["counted"]
    model.fit(_for_implicit(retail.customers_before(moment, counted=counted)), show_progress=False)
    history = _history(targets, counted=counted)

    def score(asked: Ints) -> Floats:
        factors = model.recalculate_user(np.arange(len(asked)), _for_implicit(history[asked]))
        scores: Floats = factors @ model.item_factors.T
        return scores

    return score


PEERS: Final = (
    Peer("popularity", popular, {"days": 30}, {"days": (7, 14, 30, 90, 400)}),
    Peer("own purchases only", own, {"half_life": 180.0}, {"half_life": (60.0, 180.0, 365.0)}),
    Peer(
        "item-kNN (cosine)",
        near,
        {"K": 20, "counted": False},
        {"counted": (True,), "K": (5, 10, 50, 100, 400)},
    ),
    Peer(
        "implicit BM25",
        bm25,
        {"K": 200, "K1": 0.5, "B": 0.75, "counted": True},
        {"B": (0.2, 0.5, 1.0), "K1": (0.2, 0.8, 1.2), "K": (20, 100, 400), "counted": (False,)},
    ),
    Peer(
        "implicit ALS",
        als,
        {"factors": 128, "regularization": 10.0, "alpha": 1.0, "counted": True},
        {
            "alpha": (0.3, 3.0),
            "regularization": (3.0, 30.0),
            "counted": (False,),
            "factors": (64, 384, 512),
        },
    ),
)


def tried_settings(peer: Peer, worth: Callable[[Settings], float]) -> Iterator[tuple[Settings, float]]:
    """Every setting that is tried, with what it is worth on the validation baskets."""
    best, reached = dict(peer.start), worth(peer.start)
    yield best, reached
    for name, values in peer.values.items():
        for value in values:
            settings = {**best, name: value}
            if settings == best:
                continue
            found = worth(settings)
            yield settings, found
            if found > reached:
                best, reached = settings, found


def _neighbours(model: Any, retail: Retail, targets: Targets, moment: int, *, counted: bool) -> Scorer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # implicit turns its own matrices into another form, and says so
        model.fit(_for_implicit(retail.customers_before(moment, counted=counted)), show_progress=False)
    history = _history(targets, counted=counted)
    return lambda asked: np.asarray((history[asked] @ model.similarity).todense())


@cache
def _history(targets: Targets, *, counted: bool = True, half_life: float | None = None) -> Matrix:
    return targets.histories(counted=counted, half_life=half_life)


def _for_implicit(matrix: Matrix) -> Matrix:
    indices, starts = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    return sparse.csr_matrix((matrix.data.astype(np.float32), indices, starts), shape=matrix.shape)
