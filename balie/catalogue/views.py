"""What others may know about products and stores; plain values in the language that was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from balie.catalogue.kinds import DeliveryKind, StoreService
from balie.kernel.money import Money


@dataclass(frozen=True, slots=True)
class ProductHit:
    """A product that was found. ``score`` in [0, 1]: 1 when it is what every word of the question says."""

    sku: str
    name: str
    brand: str
    category_name: str
    price_from: Money
    score: float


@dataclass(frozen=True, slots=True)
class ProductView:
    """One product.

    Attributes:
        category: The category's code; ``category_name`` is what people call it.
        facts: What a customer asks about, in reading order: ``{"weight": "2.1 kg"}``.
        price_from: Of the cheapest variant; ``price_to`` of the dearest.
        sizes: In order of size; empty when there is only one.
        colours: Empty when there is only one.
    """

    sku: str
    name: str
    brand: str
    category: str
    category_name: str
    description: str
    facts: Mapping[str, str]
    price_from: Money
    price_to: Money
    sizes: tuple[str, ...]
    colours: tuple[str, ...]
    delivery_kind: DeliveryKind


@dataclass(frozen=True, slots=True)
class ProductPicture:
    """What shows a product: its picture's address, else a drawing of its kind or category; and its page.

    Attributes:
        names: Per language; they say of which kind it is.
        url: None when it has no picture of its own.
        page_url: Where the shop shows it, an address or a path of our own; None where it does not.
    """

    category: str
    names: Mapping[str, str]
    url: str | None
    page_url: str | None


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A kind of products; ``names`` and the ``words`` that customers use for it per language."""

    code: str
    names: Mapping[str, str]
    words: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class OfferedVariant:
    """One size and colour that is sold; ``colours`` per language, empty when there is only one."""

    sku: str
    size: str | None
    colours: Mapping[str, str]
    price: Money
    online_quantity: int


@dataclass(frozen=True, slots=True)
class Offering:
    """A product in everything it comes in; ``names`` per language."""

    sku: str
    names: Mapping[str, str]
    variants: tuple[OfferedVariant, ...]


@dataclass(frozen=True, slots=True)
class StoreView:
    """A shop that one can walk into; ``directions`` per language."""

    code: str
    name: str
    street: str
    house_number: str
    postcode: str
    city: str
    country: str
    phone: str
    latitude: float
    longitude: float
    services: tuple[StoreService, ...]
    directions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NearStoreView:
    """A store, and how far away it is as the crow flies."""

    store: StoreView
    distance_km: float


@dataclass(frozen=True, slots=True)
class StoreStockView:
    """How many lie in one store; ``distance_km`` is None when nobody said where they are."""

    store: StoreView
    quantity: int
    distance_km: float | None


@dataclass(frozen=True, slots=True)
class VariantStockView:
    """How many of one size and colour there are."""

    sku: str
    size: str | None
    colour: str | None
    price: Money
    online_quantity: int
    restocked_on: date | None


@dataclass(frozen=True, slots=True)
class StockView:
    """How many of a product there are, over the variants that were asked for.

    Attributes:
        variants: Those that fit the size and colour asked for; empty when that is not made.
        sizes: Every size that is made, fitting or not; ``colours`` likewise.
        online_quantity: In the web warehouse.
        restocked_on: When more are expected online; None when there are some, or nothing is on its way.
        stores: Every store, the nearest first when it is known from where, else by city;
            quantity 0 where there are none.
    """

    sku: str
    name: str
    variants: tuple[VariantStockView, ...]
    sizes: tuple[str, ...]
    colours: tuple[str, ...]
    online_quantity: int
    restocked_on: date | None
    stores: tuple[StoreStockView, ...]

    @property
    def in_stores(self) -> tuple[StoreStockView, ...]:
        """Only the stores that have some."""
        return tuple(store for store in self.stores if store.quantity > 0)
