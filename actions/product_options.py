"""A product of the catalogue as something to choose: which one is meant, and in which size and colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from actions.order_facts import in_every_language
from actions.wishes import CANDIDATES, PRODUCT, Wish
from balie.catalogue.errors import ProductNotFoundError
from balie.catalogue.service import CatalogueService
from balie.catalogue.views import Offering
from balie.orders.options import ItemOption, VariantOption
from balie.orders.policy_facts import Allowed
from balie.orders.remedies import Trouble

THE_ITEM: Final = 1
"""Where the product that is talked about stands among the items."""


class ProductChoices:
    """Finds what of the catalogue a wish may mean."""

    def __init__(self, catalogue: CatalogueService) -> None:
        self._catalogue = catalogue

    async def list_candidates(self, wish: Wish) -> Mapping[str, Mapping[str, str]]:
        """The products that may be meant, by number, with their names; empty while one is known to be."""
        skus = (wish.get(CANDIDATES) or "").split(",")
        found = [await self._find(sku) for sku in skus if sku]
        return {one.sku: in_every_language(one.names) for one in found if one is not None}

    async def list_items(self, wish: Wish) -> tuple[ItemOption, ...]:
        """The product that is talked about, as the one item there is to choose; none while it is unknown."""
        product = await self._find(wish.get(PRODUCT))
        if product is None:
            return ()
        variants = [
            VariantOption(
                sku=one.sku,
                size=one.size,
                colours=one.colours,
                price=one.price,
                in_stock=one.online_quantity,
            )
            for one in product.variants
        ]
        item = ItemOption(
            position=THE_ITEM,
            names=product.names,
            size=None,
            colours={},
            left=1,
            sealed=False,
            verdict=Allowed(),
            trouble=Trouble(in_stock=True, repairable=False),
            variants=tuple(variants),
        )
        return (item,)

    async def _find(self, sku: str | None) -> Offering | None:
        if sku is None:
            return None
        try:
            return await self._catalogue.get_offering(sku)
        except ProductNotFoundError:
            return None
