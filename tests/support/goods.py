"""The goods of the demo shop as they are found by what is said of them."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache

from balie.catalogue.goods_finder import GoodsFinder
from balie.catalogue.goods_words import GoodsWords
from balie.catalogue.search import SearchableProduct
from balie.orders.demo.products import DemoProduct, make_products
from balie.orders.demo.rows import DemoRows
from balie.orders.demo.vocabulary import BRANDS, CATEGORIES
from tests.support.content import real_renderer


@cache
def demo_products() -> tuple[DemoProduct, ...]:
    """The four hundred products of the demo shop."""
    return tuple(make_products(DemoRows(), random.Random(7), updated_at=datetime(2026, 11, 1, tzinfo=UTC)))


@cache
def demo_goods() -> GoodsFinder:
    """All of them, with the words of the demo shop."""
    words = GoodsWords.from_shop(real_renderer().library.shop)
    return GoodsFinder([searchable(product) for product in demo_products()], words)


def searchable(product: DemoProduct) -> SearchableProduct:
    """A product of the demo shop as it can be found."""
    dutch, english, dutch_words, english_words = CATEGORIES[product.kind.category]
    brands = (brand for made in BRANDS.values() for brand in made)
    return SearchableProduct(
        sku=product.sku,
        brand=next(brand for brand in brands if product.names["nl"].startswith(brand)),
        names=product.names,
        category_words={"nl": [dutch, *dutch_words.split()], "en": [english, *english_words.split()]},
        descriptions={},
        category=product.kind.category,
    )


def kinds_of(skus: Iterable[str]) -> set[str]:
    """The kinds that products are of; ``rain_jacket/women`` where there is one for women and one for men."""
    wanted = set(skus)
    return {_kind(product) for product in demo_products() if product.sku in wanted}


def _kind(product: DemoProduct) -> str:
    if not product.kind.gendered:
        return product.kind.code
    return f"{product.kind.code}/{'women' if product.names['nl'].endswith('dames') else 'men'}"
