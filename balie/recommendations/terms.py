"""What the shop says about recommendations, read from its facts: shares, rules, how long something counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Self

from balie.orders.errors import ShopTermsError


class BroughtUp(StrEnum):
    """How a customer has brought up a category themselves."""

    ASKED = "asked"
    """By asking for it."""
    ANCHOR = "anchor"
    """By asking about a product of it, or by having bought one just now."""


SHOWN_WHEN: Final[Mapping[str, frozenset[BroughtUp]]] = {
    "hygiene": frozenset({BroughtUp.ASKED, BroughtUp.ANCHOR}),
    "age": frozenset({BroughtUp.ASKED}),
}
"""What is restricted is only shown to somebody who has brought it up in one of these ways."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """Goods that are not shown to just anybody.

    Attributes:
        categories: Their codes; ``products`` are numbers of single products.
        shown_when: How a customer must have brought them up.
    """

    categories: frozenset[str]
    products: frozenset[str]
    shown_when: frozenset[BroughtUp]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationTerms:
    """The shop's conditions for recommendations.

    Attributes:
        currency: Variants in another one are not recommended (ISO 4217).
        explore_share: How often a place is given to a product that others stand above, to learn of it.
        hold_out_share: Of all people, for good, who get nothing unasked.
        same_category: Of so many places in a row (the second number), at most the first are of one category.
        bought_again: Of categories that run out, after how long what is owned may be shown again.
        restrictions: By name (``hygiene``, ``age``).
        attribution: For how long after it was shown a purchase counts as its outcome.
    """

    currency: str
    explore_share: float
    hold_out_share: float
    same_category: tuple[int, int]
    bought_again: Mapping[str, timedelta]
    restrictions: Mapping[str, Restriction]
    attribution: timedelta

    @classmethod
    def from_shop(cls, shop: Mapping[str, Any]) -> Self:
        """Read them from the shop's facts (``data/shop/shop.yml``, as parsed).

        Raises:
            ShopTermsError: Something is missing, or is no number that makes sense.
        """
        try:
            written = shop["recommendations"]
            same = written["same_category"]
            return cls(
                currency=str(shop["currency"]),
                explore_share=_share(written["explore_percent"]),
                hold_out_share=_share(written["hold_out_percent"]),
                same_category=(_at_least_one(same["most"]), _at_least_one(same["of"])),
                bought_again={
                    str(category): timedelta(days=int(days))
                    for category, days in written["bought_again_days"].items()
                },
                restrictions={
                    str(name): _restriction(name, row) for name, row in written["restricted"].items()
                },
                attribution=timedelta(days=_at_least_one(written["attribution_days"])),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ShopTermsError(f"{type(error).__name__}: {error}") from error


def _share(percent: Any) -> float:
    share = float(percent) / 100
    if not 0 <= share < 1:
        raise ValueError(f"{percent} is no percentage below 100")
    return share


def _at_least_one(number: Any) -> int:
    if int(number) < 1:
        raise ValueError(f"{number} is less than 1")
    return int(number)


def _restriction(name: str, row: Mapping[str, Any]) -> Restriction:
    return Restriction(
        categories=frozenset(map(str, row["categories"])),
        products=frozenset(map(str, row["products"])),
        shown_when=SHOWN_WHEN[name],
    )
