"""What is learned, kept and told about recommendations, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple


class LearnedPair(NamedTuple):
    """A product beside another, as a training found it.

    Attributes:
        anchor: The product that the list is about.
        rank: 1 is the best.
        support: Share of all baskets in which both are; None for alternatives, like what follows.
        lift_low: Where the interval of the lift begins; ``lift_high`` where it ends.
    """

    anchor: str
    rank: int
    sku: str
    score: float
    support: float | None = None
    confidence: float | None = None
    lift: float | None = None
    lift_low: float | None = None
    lift_high: float | None = None


class LearnedForCustomer(NamedTuple):
    """A product that fits a customer; ``because`` is the one of theirs that speaks for it most."""

    customer_id: int
    rank: int
    sku: str
    score: float
    because: str | None = None


class LearnedPopular(NamedTuple):
    """A product that many buy; ``scope`` is ``all``, ``category:<code>`` or ``segment:<code>``."""

    scope: str
    rank: int
    sku: str
    score: float


@dataclass(frozen=True, slots=True)
class LiveRun:
    """The training whose list is served.

    Attributes:
        figures: What it was judged on.
        learned_until: The newest moment it knows of.
    """

    id: int
    figures: Mapping[str, Any]
    seed: int
    learned_until: datetime
    created_at: datetime
