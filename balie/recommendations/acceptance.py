"""Whether what was learned may be served: not when it is worse than what is served, or than what all buy.

Pure. Figures are means over baskets that the training did not know; ``spread`` is the standard error of
``ndcg_at_10``, so that one list does not lose to another by chance alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

FEWEST_BASKETS: Final = 100
"""Of fewer baskets nothing can be said; such a list is served, and the figures say how many there were."""

CERTAINTY: Final = 2.0
"""Standard errors that a list must lie below the served one before it counts as worse."""

LEAST_OF_THE_LIVE: Final = 0.7
"""Of what the served list learned from, the share that must still be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How good one list is.

    Attributes:
        baskets: How many it was judged on.
        recall_at_10: Share of a basket's products that are among the first ten; mean over baskets.
        ndcg_at_10: The same, worth more the higher they stand; 1 is a perfect list.
        coverage: Share of the products sold that are in any of the lists.
        spread: Standard error of ``ndcg_at_10``.
        popular_ndcg_at_10: What the list of what everybody buys reaches on the same baskets.
        learned_from: How many lines of orders it learned from.
    """

    baskets: int = 0
    recall_at_10: float = 0.0
    ndcg_at_10: float = 0.0
    coverage: float = 0.0
    spread: float = 0.0
    popular_ndcg_at_10: float = 0.0
    learned_from: int = 0

    def as_document(self) -> dict[str, Any]:
        """As it is stored with the run."""
        return {
            name: value if isinstance(value, int) else round(value, 5) for name, value in asdict(self).items()
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read what :meth:`as_document` wrote; what is missing counts as not measured."""
        return cls(**{name: document[name] for name in cls.__slots__ if name in document})


def reason_to_refuse(found: Figures, live: Figures | None) -> str | None:
    """Why a list is not to be served, as a sentence for the operator; None when it is good enough.

    Args:
        found: Of the list that was just learned.
        live: Of the list that is served; None before there is one.
    """
    if found.learned_from == 0:
        return "There is nothing to learn from: no orders of products that are sold."
    if live is not None and found.learned_from < live.learned_from * LEAST_OF_THE_LIVE:
        return (
            f"It knows {found.learned_from:,} order lines, the served one {live.learned_from:,}: "
            "much of the data is gone."
        )
    if found.baskets < FEWEST_BASKETS:
        return None
    if found.ndcg_at_10 < found.popular_ndcg_at_10:
        return (
            f"It is worse than what everybody buys: NDCG@10 {found.ndcg_at_10:.4f} "
            f"against {found.popular_ndcg_at_10:.4f}, on {found.baskets:,} baskets."
        )
    if live is not None and live.baskets >= FEWEST_BASKETS and _is_worse(found, live):
        return (
            f"It is worse than the served one: NDCG@10 {found.ndcg_at_10:.4f} against "
            f"{live.ndcg_at_10:.4f}, on {found.baskets:,} and {live.baskets:,} baskets."
        )
    return None


def _is_worse(found: Figures, live: Figures) -> bool:
    return found.ndcg_at_10 < live.ndcg_at_10 - CERTAINTY * math.hypot(found.spread, live.spread)
