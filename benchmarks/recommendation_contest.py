"""Who foresees a customer's last basket best: Balie and others, on the same baskets (``retail.py``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from scipy import sparse

from balie.jobs.recommending.arrays import Floats, Ints, Matrix, without
from balie.jobs.recommending.judging import PLACES, Judged, judge, lists_of
from balie.jobs.recommending.neighbours import nearest
from balie.jobs.recommending.options import Options
from balie.jobs.recommending.personal import NEIGHBOURS, Parts, PersonalModel
from balie.jobs.recommending.popular import TREND_HALF_LIFE
from balie.jobs.recommending.tuning import choose_weights
from benchmarks.recommendation_peers import PEERS, THREADS, Peer, Settings, tried_settings
from benchmarks.retail import Retail, Targets, load

HALF_LIFE: Final = 180.0

Lists = tuple[Ints, Ints]
"""Of all products, and without those that the customer has."""


def run(say: Callable[[str], None]) -> dict[str, Any]:
    """Tune every method on the second-to-last baskets and judge it on the last ones."""
    retail = load()
    tuned_on, judged_on = retail.targets(2), retail.targets(1)
    table = [_ours(retail, tuned_on, judged_on)]
    say(_line(table[-1]))
    grid: dict[str, list[dict[str, Any]]] = {}
    for peer in PEERS:
        row, grid[peer.name] = _peer(peer, retail, tuned_on, judged_on)
        table.append(row)
        say(_line(row))
    return {
        "lines": len(retail.orders),
        "customers": retail.customer_count,
        "products": len(retail.skus),
        "tuned_on": len(tuned_on.lines),
        "judged_on": len(judged_on.lines),
        "table": table,
        "grid": grid,
    }


def _ours(retail: Retail, tuned_on: Targets, judged_on: Targets) -> dict[str, Any]:
    models: dict[int, PersonalModel] = {}
    liking = tuned_on.histories(half_life=HALF_LIFE)
    weights, _ = choose_weights(_parts(retail, tuned_on, liking, models), liking, tuned_on.bought)
    rows = {}
    for name, targets in (("validation", tuned_on), ("test", judged_on)):
        liking = targets.histories(half_life=HALF_LIFE)
        scores = _parts(retail, targets, liking, models).blended(weights)
        rows[name] = _figures(targets, (lists_of(scores), lists_of(scores, liking)))
    return {"name": "Balie", "settings": weights._asdict(), **rows}


def _parts(retail: Retail, targets: Targets, liking: Matrix, models: dict[int, PersonalModel]) -> Parts:
    months = list(targets.by_month())
    found = []
    for moment, asked in months:
        if moment not in models:
            liked = retail.customers_before(moment, half_life=HALF_LIFE)
            by_baskets = nearest(retail.baskets_before(moment), NEIGHBOURS, threads=THREADS)
            trend = retail.trend(moment, TREND_HALF_LIFE)
            models[moment] = PersonalModel.learn(liked, by_baskets, trend, Options(threads=THREADS))
        found.append(models[moment].parts(liking[asked]))
    back = np.argsort(np.concatenate([asked for _, asked in months]))

    def whole(name: str) -> Matrix:
        return sparse.csr_array(sparse.vstack([getattr(each, name) for each in found]))[back]

    return Parts(*(whole(name) for name in Parts.__slots__))


def _peer(
    peer: Peer, retail: Retail, tuned_on: Targets, judged_on: Targets
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    best: tuple[float, Settings] = (-1.0, peer.start)
    tried = []
    figures: dict[str, Any] = {}

    def worth(settings: Settings) -> float:
        figures["last"] = _figures(tuned_on, _answers(peer, retail, tuned_on, settings))
        return float(figures["last"]["recall_at_10"] + figures["last"]["ndcg_at_10"])

    for settings, reached in tried_settings(peer, worth):
        tried.append({"settings": dict(settings), **figures["last"]})
        if reached > best[0]:
            best = (reached, settings)
            figures["validation"] = figures["last"]
    test = _figures(judged_on, _answers(peer, retail, judged_on, best[1]))
    row = {
        "name": peer.name,
        "settings": dict(best[1]),
        "validation": figures["validation"],
        "test": test,
    }
    return row, tried


def _answers(peer: Peer, retail: Retail, targets: Targets, settings: Settings) -> Lists:
    every = np.full((len(targets.lines), PLACES), -1, dtype=np.int64)
    fresh = every.copy()
    history = targets.histories(counted=False)
    for moment, asked in targets.by_month():
        scores = np.asarray(peer.method(retail, targets, settings, moment)(asked), dtype=np.float64)
        every[asked] = _best(scores)
        scores[history[asked].toarray() > 0] = -np.inf
        fresh[asked] = _best(scores)
    return every, fresh


def _best(scores: Floats) -> Ints:
    some = np.argpartition(-scores, PLACES - 1, axis=1)[:, :PLACES]
    some.sort(axis=1)
    order = np.argsort(-np.take_along_axis(scores, some, axis=1), axis=1, kind="stable")[:, :PLACES]
    return np.take_along_axis(some, order, axis=1)


def _figures(targets: Targets, lists: Lists) -> dict[str, Any]:
    fresh_baskets = without(targets.bought, targets.histories(counted=False))
    every, fresh = judge(lists[0], targets.bought), judge(lists[1], fresh_baskets)
    return {**_means(every), "new": _means(fresh)}


def _means(judged: Judged) -> dict[str, Any]:
    return {
        "baskets": judged.baskets,
        "recall_at_10": round(float(judged.recall.mean()), 4),
        "ndcg_at_10": round(float(judged.ndcg.mean()), 4),
        "coverage": round(judged.coverage, 3),
    }


def _line(row: Mapping[str, Any]) -> str:
    test = row["test"]
    found_new = test["new"]
    return (
        f"{row['name']:<20} Recall@10 {test['recall_at_10']:.4f}  NDCG@10 {test['ndcg_at_10']:.4f}  "
        f"coverage {test['coverage']:.3f}  new: {found_new['recall_at_10']:.4f} "
        f"{found_new['ndcg_at_10']:.4f} {found_new['coverage']:.3f}  {row['settings']}"
    )
