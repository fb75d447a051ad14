"""What the shop says about helping to choose, read from its facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from balie.orders.errors import ShopTermsError


@dataclass(frozen=True, slots=True)
class AdviceTerms:
    """What customers are asked who want help to choose.

    Attributes:
        uses: Categories, by what they are for; each use is a button.
        budgets: What something may cost at most, in minor units; each is a button.
        is_on: Whether anything is recommended at all.
    """

    uses: Mapping[str, tuple[str, ...]]
    budgets: tuple[int, ...]
    is_on: bool = True

    @classmethod
    def from_shop(cls, shop: Mapping[str, Any], *, is_on: bool = True) -> Self:
        """Read them from the shop's facts (``data/shop/shop.yml``, as parsed).

        Raises:
            ShopTermsError: Something is missing, or is not what it should be.
        """
        try:
            written = shop["recommendations"]
            uses = {str(use): tuple(map(str, codes)) for use, codes in written["uses"].items()}
            return cls(uses, tuple(sorted(map(int, written["budgets"]))), is_on)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ShopTermsError(f"{type(error).__name__}: {error}") from error
