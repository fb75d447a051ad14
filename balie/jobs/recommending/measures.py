"""Support, confidence and lift of pairs, with an interval for the lift.

With N orders, a of them with the one product, b with the other and t with both: support t / N, confidence
t / a, lift t N / (a b). The interval is the delta method's for the logarithm of the lift under multinomial
sampling (Agresti, Categorical Data Analysis, 3rd ed., section 16.1), as Katz's (1978) for ratios of shares:
``var(log lift) = 1/t - 1/a - 1/b + (2 lift - 1) / N``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from balie.jobs.recommending.arrays import Floats, Ints

CERTAINTY: Final = 1.959963984540054
"""Standard errors to both sides: 95 %."""


@dataclass(frozen=True, slots=True)
class PairMeasures:
    """Of some pairs, in the order that they were given in."""

    support: Floats
    confidence: Floats
    lift: Floats
    low: Floats
    high: Floats


def measure_pairs(together: Ints, first: Ints, second: Ints, orders: int) -> PairMeasures:
    """Measure pairs.

    Args:
        together: Orders with both; above 0.
        first: Orders with the product that is looked at.
        second: Orders with the one beside it.
        orders: How many there are in all.
    """
    t, a, b = (each.astype(np.float64) for each in (together, first, second))
    lift = t * orders / (a * b)
    variance = 1.0 / t - 1.0 / a - 1.0 / b + (2.0 * lift - 1.0) / orders
    reach = CERTAINTY * np.sqrt(np.maximum(variance, 0.0))
    return PairMeasures(
        support=t / orders,
        confidence=t / a,
        lift=lift,
        low=np.exp(np.log(lift) - reach),
        high=np.exp(np.log(lift) + reach),
    )
