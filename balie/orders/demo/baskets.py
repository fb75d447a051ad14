"""What demo customers buy: what they are into, what the season asks for, what goes together."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final

from balie.catalogue.kinds import DeliveryKind
from balie.orders.demo.kinds import ProductKind, load_kinds
from balie.orders.demo.people import DemoPerson
from balie.orders.demo.plans import PlannedLine
from balie.orders.demo.products import DemoProduct, DemoVariant
from balie.orders.demo.vocabulary import SEASONS

_MAIN_ITEMS: Final = (1, 2, 3)
_MAIN_ITEM_SUMS: Final = (70, 92, 100)
_INTEREST_SHARES: Final = (3.0, 2.0, 1.0)
_SOMETHING_ELSE: Final = 0.7
_OWN_SIZE: Final = 0.85
_BUDGETS: Final = 3
_MANY_OF: Final = {
    "energy_gel": (1, 1, 2, 3),
    "energy_bar": (1, 1, 2, 3),
    "tyre": (1, 2),
    "hiking_socks": (1, 1, 2),
}
# Sizes of gloves, socks, harnesses and helmets run from S to XL only.
_CLOSEST_SIZE: Final = {"XS": "S", "XXL": "XL"}

Choice = tuple[Sequence[ProductKind], Sequence[float]]


class BasketMaker:
    """Fills baskets; everything that can be is worked out once."""

    def __init__(self, products: Iterable[DemoProduct]) -> None:
        self._products: dict[str, list[DemoProduct]] = {}
        for product in products:
            self._products.setdefault(product.kind.code, []).append(product)
        self._weights = {
            (code, budget): list(accumulate(_weights(those, budget)))
            for code, those in self._products.items()
            for budget in range(_BUDGETS)
        }
        self._kinds = {kind.code: kind for kind in load_kinds()}
        self._choices: dict[tuple[str | None, int], Choice] = {}
        self._seasons: dict[tuple[str, int], float] = {}

    def fill(self, rng: random.Random, person: DemoPerson, month: int) -> tuple[PlannedLine, ...]:
        """One to about six positions, no product twice. Bicycles are not sent overseas.

        Args:
            rng: Decides.
            person: Who buys.
            month: 1 is January.
        """
        lines: dict[int, PlannedLine] = {}
        wanted = rng.choices(_MAIN_ITEMS, cum_weights=_MAIN_ITEM_SUMS)[0]
        while len(lines) < wanted:
            for kind in self._together(rng, self._choose_kind(rng, person, month)):
                if person.address.country == "GB" and kind.delivery is not DeliveryKind.PARCEL:
                    continue
                product = self._choose_product(rng, kind, person)
                lines.setdefault(product.id, _line(rng, product, person))
        return tuple(lines.values())

    def product_of(self, code: str, position: int = 0) -> DemoProduct:
        """A certain product of a kind, the best seller first."""
        return self._products[code][position]

    def _together(self, rng: random.Random, kind: ProductKind) -> Iterator[ProductKind]:
        yield kind
        for code, share in kind.goes_with:
            if rng.random() < share:
                yield self._kinds[code]

    def _choose_kind(self, rng: random.Random, person: DemoPerson, month: int) -> ProductKind:
        # Out of season even campers buy something else.
        shares = [
            share * self._season(interest, month)
            for interest, share in zip(person.interests, _INTEREST_SHARES, strict=False)
        ]
        drawn = rng.random() * (sum(shares) + _SOMETHING_ELSE)
        interest = next(
            (
                name
                for name, reach in zip(person.interests, accumulate(shares), strict=False)
                if drawn < reach
            ),
            None,
        )
        kinds, weights = self._kinds_for(interest, month)
        return rng.choices(kinds, cum_weights=weights)[0]

    def _season(self, interest: str, month: int) -> float:
        """How much of an interest's trade falls in a month; 1.0 is average."""
        if (interest, month) not in self._seasons:
            kinds = [kind for kind in self._kinds.values() if kind.interest == interest]
            sold = sum(kind.popularity * SEASONS[kind.season][month - 1] for kind in kinds)
            self._seasons[interest, month] = sold / sum(kind.popularity for kind in kinds)
        return self._seasons[interest, month]

    def _kinds_for(self, interest: str | None, month: int) -> Choice:
        if (interest, month) not in self._choices:
            kinds = [kind for kind in self._kinds.values() if interest in {None, kind.interest}]
            weights = (kind.popularity * SEASONS[kind.season][month - 1] for kind in kinds)
            self._choices[interest, month] = kinds, list(accumulate(weights))
        return self._choices[interest, month]

    def _choose_product(self, rng: random.Random, kind: ProductKind, person: DemoPerson) -> DemoProduct:
        budget = min(int(person.budget * _BUDGETS), _BUDGETS - 1)
        return rng.choices(self._products[kind.code], cum_weights=self._weights[kind.code, budget])[0]


def _weights(products: list[DemoProduct], budget: int) -> Iterator[float]:
    """Best sellers more often, and products of the buyer's price range three times as often as others."""
    by_price = sorted(products, key=lambda product: product.price_minor)
    for product in products:
        price_range = by_price.index(product) * _BUDGETS // len(products)
        yield product.weight * (3.0 if price_range == budget else 1.0)


def _line(rng: random.Random, product: DemoProduct, person: DemoPerson) -> PlannedLine:
    quantity = rng.choice(_MANY_OF.get(product.kind.code, (1,)))
    return PlannedLine(product, _choose_variant(rng, product, person), quantity)


def _choose_variant(rng: random.Random, product: DemoProduct, person: DemoPerson) -> DemoVariant:
    own_sizes = (person.clothing_size, _CLOSEST_SIZE.get(person.clothing_size), person.shoe_size)
    fitting = [variant for variant in product.variants if variant.size in own_sizes]
    return rng.choice(fitting if fitting and rng.random() < _OWN_SIZE else product.variants)
