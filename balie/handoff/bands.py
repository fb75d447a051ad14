"""How much a customer has bought, in four words. Pure.

Decides how soon somebody is answered (``priority.py``), and nothing else: prices and terms are the same
for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Self

from balie.orders.errors import ShopTermsError


class Band(StrEnum):
    """The band of a customer, the lowest first."""

    NEW = "new"
    REGULAR = "regular"
    LOYAL = "loyal"
    TOP = "top"


_LOWER: Final[Mapping[Band, Band]] = {Band.LOYAL: Band.REGULAR, Band.TOP: Band.LOYAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class BandTerms:
    """From which lifetime total a band begins, in minor units of the shop's currency.

    Attributes:
        recent: Whoever bought nothing for longer stands one band lower, but never among the new ones.
    """

    currency: str
    regular_from: int
    loyal_from: int
    top_from: int
    recent: timedelta

    @classmethod
    def from_shop(cls, shop: Mapping[str, Any]) -> Self:
        """Read them from the shop's facts (``value_bands`` of ``data/shop/shop.yml``, as parsed).

        Raises:
            ShopTermsError: Something is missing, is no number, or a higher band begins lower.
        """
        try:
            bands = shop["value_bands"]
            terms = cls(
                currency=str(shop["currency"]),
                regular_from=int(bands["regular_from"]),
                loyal_from=int(bands["loyal_from"]),
                top_from=int(bands["top_from"]),
                recent=timedelta(days=int(bands["recent_days"])),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ShopTermsError(f"value_bands ({error})") from error
        if not 0 < terms.regular_from < terms.loyal_from < terms.top_from:
            raise ShopTermsError("value_bands, each beginning above the one before")
        return terms


@dataclass(frozen=True, slots=True)
class Purchases:
    """What somebody has bought of us.

    Attributes:
        paid_minor: What they paid in all, less what went back, in minor units of the shop's currency.
        last_at: When they placed the last order that they paid; None: never.
    """

    paid_minor: int = 0
    last_at: datetime | None = None


def find_band(purchases: Purchases, terms: BandTerms, now: datetime) -> Band:
    """The band of a customer who has bought this.

    >>> from datetime import UTC
    >>> terms = BandTerms(
    ...     currency="EUR", regular_from=100, loyal_from=1000, top_from=5000, recent=timedelta(days=365)
    ... )
    >>> now = datetime(2026, 11, 3, tzinfo=UTC)
    >>> find_band(Purchases(6000, now), terms, now).value
    'top'
    >>> find_band(Purchases(6000, now - timedelta(days=400)), terms, now).value
    'loyal'
    """
    if purchases.last_at is None or purchases.paid_minor < terms.regular_from:
        return Band.NEW
    band = Band.REGULAR
    if purchases.paid_minor >= terms.top_from:
        band = Band.TOP
    elif purchases.paid_minor >= terms.loyal_from:
        band = Band.LOYAL
    is_recent = now - purchases.last_at <= terms.recent
    return band if is_recent else _LOWER.get(band, band)
