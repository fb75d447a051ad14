"""What every recommender is: asked for a customer or about a product, it names products, best first.

The promises below are kept by all of them; one suite of tests asks each (tests/unit/recommendations).
"""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Suggestion(NamedTuple):
    """A product that a recommender names.

    Attributes:
        sku: Number of the product.
        score: Larger is better; only to be compared within one list.
        because: The product that speaks for it most: one that the customer has; None where none does.
    """

    sku: str
    score: float
    because: str | None = None


class Recommender(Protocol):
    """Names products that fit.

    Both answers have no product twice, none that the catalogue does not know, at most ``n`` of them, scores
    that do not rise, and are the same whenever the same is asked. Who or what is unknown, and ``n`` of 0 or
    less, gets an empty answer, never an error.
    """

    def recommend(self, customer: int, n: int) -> tuple[Suggestion, ...]:
        """What fits a customer, best first."""

    def related(self, sku: str, n: int) -> tuple[Suggestion, ...]:
        """What goes with a product or is like it, best first; never the product itself."""
