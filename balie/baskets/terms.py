"""What the shop says about baskets: delivery, discounts, where its checkout is; read from its facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from balie.catalogue.kinds import DeliveryKind
from balie.orders.errors import ShopTermsError


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRate:
    """One way of delivery.

    Attributes:
        price_minor: What it costs, in minor units.
        free_from_minor: What the goods must cost, after discount, for it to be free; None when it never is.
        countries: Where it is offered (ISO 3166).
    """

    price_minor: int
    free_from_minor: int | None
    countries: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryTerms:
    """What delivery costs: of parcels at home and abroad, of bulky things, of bicycles."""

    home: DeliveryRate
    abroad: DeliveryRate
    bulky: DeliveryRate
    bike: DeliveryRate

    def find_rate(self, kind: DeliveryKind, country: str) -> DeliveryRate | None:
        """The rate for the most cumbersome thing in a basket; None when it is not brought there."""
        rates = {DeliveryKind.BIKE: (self.bike,), DeliveryKind.BULKY: (self.bulky,)}
        fitting = rates.get(kind, (self.home, self.abroad))
        return next((rate for rate in fitting if country in rate.countries), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketTerms:
    """The shop's conditions for baskets.

    Attributes:
        currency: Of every basket (ISO 4217).
        country: Where a basket goes as long as nobody has said otherwise (ISO 3166).
        countries: Where the shop delivers.
        combinable: Whether several discounts may be used at once, where the codes themselves allow it.
        checkout_url: The shop's own page, where a basket is ordered and paid.
    """

    currency: str
    country: str
    countries: frozenset[str]
    delivery: DeliveryTerms
    combinable: bool
    checkout_url: str

    @classmethod
    def from_shop(cls, shop: Mapping[str, Any]) -> Self:
        """Read them from the shop's facts (``data/shop/shop.yml``, as parsed).

        Raises:
            ShopTermsError: Something is missing or is no number.
        """
        try:
            return cls(
                currency=str(shop["currency"]),
                country=str(shop["head_office"]["country"]),
                countries=frozenset(map(str, shop["delivery"]["countries"])),
                delivery=_delivery(shop["delivery"]),
                combinable=bool(shop["discounts"]["combinable"]),
                checkout_url=str(shop["links"]["basket"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ShopTermsError(f"{type(error).__name__}: {error}") from error


def _delivery(delivery: Mapping[str, Any]) -> DeliveryTerms:
    countries = list(delivery["countries"])
    return DeliveryTerms(
        home=_rate(delivery["standard"], countries),
        abroad=_rate(delivery["abroad"], countries),
        bulky=_rate(delivery["bulky"], countries),
        bike=_rate(delivery["bike"], countries),
    )


def _rate(written: Mapping[str, Any], everywhere: list[str]) -> DeliveryRate:
    free_from = written.get("free_from")
    return DeliveryRate(
        price_minor=int(written["price"]),
        free_from_minor=None if free_from is None else int(free_from),
        countries=frozenset(map(str, written.get("countries", everywhere))),
    )
