"""Makes the demo shop's products: 400 of them, with variants, prices and facts."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Final

from balie.catalogue.models import CategoryRow, ProductRow, ProductVariantRow
from balie.orders.demo.kinds import ProductKind, load_kinds
from balie.orders.demo.rows import DemoRows
from balie.orders.demo.vocabulary import BRANDS, CATEGORIES, COLOURS, MODELS, PALETTES, SIZES

FIRST_SKU: Final = 10_001
PRODUCT_PAGE: Final = "/products/{sku}"
"""Of the demo shop, on our own host (``balie.gateway.pages``)."""
_COLOURS_PER_PRODUCT: Final = (1, 2, 2, 3)
_AUDIENCES: Final = ({"nl": "dames", "en": "women's"}, {"nl": "heren", "en": "men's"})
_NO_AUDIENCE: Final[dict[str, str]] = {"nl": "", "en": ""}


@dataclass(frozen=True, slots=True)
class DemoVariant:
    """One size and colour, with what an order line copies of it."""

    id: int
    sku: str
    size: str | None
    colours: dict[str, str]


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """A product and how often it is bought among those of its kind."""

    id: int
    sku: str
    kind: ProductKind
    names: dict[str, str]
    price_minor: int
    weight: float
    variants: tuple[DemoVariant, ...]


def make_products(rows: DemoRows, rng: random.Random, *, updated_at: datetime) -> list[DemoProduct]:
    """Make every category and product; in the order of their numbers."""
    for code, (dutch, english, dutch_words, english_words) in CATEGORIES.items():
        rows.add_unnumbered(
            CategoryRow,
            {
                "code": code,
                "names": {"nl": dutch, "en": english},
                "search_words": {"nl": dutch_words.split(), "en": english_words.split()},
            },
        )
    numbers = count(FIRST_SKU)
    return [
        _make_product(rows, rng, _Draft(f"DD-{next(numbers)}", kind, name, rank), updated_at)
        for kind in load_kinds()
        for rank, name in enumerate(_names(kind, rng))
    ]


@dataclass(frozen=True, slots=True)
class _Name:
    """What a product is called, and what its model costs."""

    brand: str
    texts: dict[str, str]
    price_minor: int


@dataclass(frozen=True, slots=True)
class _Draft:
    """A product about to be made."""

    sku: str
    kind: ProductKind
    name: _Name
    rank: int


def _names(kind: ProductKind, rng: random.Random) -> Iterator[_Name]:
    """As many different names as there are products of the kind; men and women share model and price."""
    audiences = _AUDIENCES if kind.gendered else (_NO_AUDIENCE,)
    models = rng.sample(MODELS, -(-kind.count // len(audiences)))
    brands = BRANDS[kind.brands]
    made = [
        _name(kind, brands[position % len(brands)], model, audience, price)
        for position, model in enumerate(models)
        for price in (_price(kind, rng),)
        for audience in audiences
    ]
    yield from made[: kind.count]


def _name(kind: ProductKind, brand: str, model: str, audience: dict[str, str], price: int) -> _Name:
    dutch = f"{brand} {model} {kind.name['nl']} {audience['nl']}".strip()
    english = " ".join(f"{brand} {model} {audience['en']} {kind.name['en']}".split())
    return _Name(brand, {"nl": dutch, "en": english}, price)


def _make_product(rows: DemoRows, rng: random.Random, draft: _Draft, updated_at: datetime) -> DemoProduct:
    kind = draft.kind
    row = {
        "sku": draft.sku,
        "category": kind.category,
        "brand": draft.name.brand,
        "names": draft.name.texts,
        "descriptions": _descriptions(kind),
        "facts": _facts(kind, rng),
        "delivery_kind": kind.delivery.value,
        "active": True,
        "page_url": PRODUCT_PAGE.format(sku=draft.sku),
        "updated_at": updated_at,
    }
    product_id = rows.add(ProductRow, row)
    return DemoProduct(
        id=product_id,
        sku=draft.sku,
        kind=kind,
        names=draft.name.texts,
        price_minor=draft.name.price_minor,
        # The best seller of a kind sells about three times as often as the fifth (Zipf, softened).
        weight=1 / (draft.rank + 1.5) ** 0.8,
        variants=tuple(_make_variants(rows, rng, draft, product_id)),
    )


def _make_variants(
    rows: DemoRows, rng: random.Random, draft: _Draft, product_id: int
) -> Iterator[DemoVariant]:
    sizes = SIZES[draft.kind.sizes] or (None,)
    made = [(colour, size) for colour in _colours(draft.kind, rng) for size in sizes]
    for position, (colour, size) in enumerate(made, start=1):
        sku = f"{draft.sku}-{position:02d}"
        row = {
            "product_id": product_id,
            "sku": sku,
            "position": position,
            "size": size,
            "colours": colour,
            "price_minor": draft.name.price_minor,
            "currency": "EUR",
        }
        yield DemoVariant(rows.add(ProductVariantRow, row), sku, size, colour)


def _colours(kind: ProductKind, rng: random.Random) -> Sequence[dict[str, str]]:
    palette = PALETTES[kind.colours]
    if not palette:
        return ({},)
    chosen = rng.sample(palette, rng.choice(_COLOURS_PER_PRODUCT))
    return [{"nl": COLOURS[code][0], "en": COLOURS[code][1]} for code in chosen]


def _price(kind: ProductKind, rng: random.Random) -> int:
    """More cheap ones than dear ones, and prices as shops write them: 89,95 or 1.299,00."""
    low, high = kind.euros
    euros = low + (high - low) * rng.betavariate(1.3, 2.0)
    return round(euros / 10) * 1000 - 100 if euros >= 300 else max(low, round(euros)) * 100 - 5


def _descriptions(kind: ProductKind) -> dict[str, str]:
    return {
        language: f"{kind.name[language].capitalize()}, {kind.pitch[language]}." for language in kind.name
    }


def _facts(kind: ProductKind, rng: random.Random) -> dict[str, dict[str, str]]:
    chosen = [(fact.label, rng.choice(fact.values)) for fact in kind.facts]
    return {
        language: {label[language]: value[language] for label, value in chosen} for language in ("nl", "en")
    }
