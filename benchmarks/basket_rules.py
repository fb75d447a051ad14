"""Support, confidence and lift of baskets, counted a second time with nothing but counting.

The reference that the training's figures are held against: pairs by ``itertools``, the interval of the lift
by the gradient of its logarithm instead of the formula.
"""

from __future__ import annotations

import gzip
import math
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np

from balie.jobs.recommending import frames
from balie.jobs.recommending.frames import FrameLimits
from balie.jobs.recommending.measures import measure_pairs
from balie.jobs.recommending.workspace import LINES, PRODUCTS, open_workspace
from benchmarks.servers import ROOT

GROCERIES: Final = ROOT.parent / "shared" / "data" / "groceries" / "groceries.csv.gz"
SURE: Final = 1.959963984540054

Measures = tuple[float, float, float, float, float]


def counted_by_hand(baskets: Sequence[set[str]]) -> dict[tuple[str, str], Measures]:
    """Every rule, both ways, with nothing but counting; the interval by the gradient of the log lift."""
    singles = Counter(item for basket in baskets for item in basket)
    pairs = Counter(pair for basket in baskets for pair in combinations(sorted(basket), 2))
    rules = {}
    for (one, other), both in pairs.items():
        for a, b in ((one, other), (other, one)):
            rules[a, b] = measured_by_hand(both, singles[a], singles[b], len(baskets))
    return rules


def measured_by_hand(both: int, first: int, second: int, count: int) -> Measures:
    """Support, confidence, lift, and the interval of the lift."""
    confidence = both / first
    lift = confidence / (second / count)
    shares = (both / count, (first - both) / count, (second - both) / count)
    gradient = (
        count / both - count / first - count / second,
        -count / first,
        -count / second,
    )
    mean = sum(share * slope for share, slope in zip(shares, gradient, strict=True))
    squares = sum(share * slope**2 for share, slope in zip(shares, gradient, strict=True))
    reach = SURE * math.sqrt(max((squares - mean**2) / count, 0.0))
    return both / count, confidence, lift, lift * math.exp(-reach), lift * math.exp(reach)


def counted_by_frames(baskets: Sequence[set[str]]) -> dict[tuple[str, str], Measures]:
    """The same, as a training counts it."""
    skus = sorted({item for basket in baskets for item in basket})
    numbered = [(sku, number, 0, number) for number, sku in enumerate(skus)]
    lines = [
        (order, position, None, sku, 0, False)
        for order, basket in enumerate(baskets)
        for position, sku in enumerate(sorted(basket))
    ]
    limits = FrameLimits(now=1)
    with open_workspace(threads=1) as workspace:
        products = workspace.add("products", PRODUCTS, [numbered])
        bought = frames.purchases(workspace.add("lines", LINES, [lines]), products, limits)
        kept = workspace.keep("baskets", frames.order_baskets(bought, limits))
        pairs = frames.pair_counts(kept).to_pyarrow().to_pydict()
        singles = dict(zip(*frames.product_counts(kept).to_pyarrow().to_pydict().values(), strict=True))
    a, b, together = (np.array(pairs[name]) for name in ("a", "b", "together"))
    rules: dict[tuple[str, str], Measures] = {}
    for one, other in ((a, b), (b, a)):
        first, second = (np.array([singles[int(each)] for each in side]) for side in (one, other))
        found = measure_pairs(together, first, second, len(baskets))
        columns = (found.support, found.confidence, found.lift, found.low, found.high)
        for at, pair in enumerate(zip(one, other, strict=True)):
            rules[skus[pair[0]], skus[pair[1]]] = tuple(float(column[at]) for column in columns)  # type: ignore[assignment]
    return rules


def read_groceries() -> list[set[str]]:
    """The baskets of arules' Groceries."""
    with gzip.open(GROCERIES, "rt", encoding="utf-8") as file:
        return [set(line.strip().split(",")) for line in file if line.strip()]


def largest_difference(baskets: Sequence[set[str]]) -> tuple[int, float]:
    """How many rules there are, and by how much any figure of any rule differs at most."""
    expected, found = counted_by_hand(baskets), counted_by_frames(baskets)
    if found.keys() != expected.keys():
        return len(found), math.inf
    differences = (
        abs(one - other)
        for pair, measures in expected.items()
        for one, other in zip(measures, found[pair], strict=True)
    )
    return len(found), max(differences)
