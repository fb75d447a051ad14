"""The shapes of the demo shop's goods. Prices are minor units of their currency."""

from __future__ import annotations

from pydantic import BaseModel


class DemoProductHit(BaseModel):
    """A product that was found."""

    sku: str
    name: str
    category: str
    price_minor: int
    currency: str


class DemoVariant(BaseModel):
    """One size and colour of a product, null where it comes in one only; `online` is how many can be sent."""

    sku: str
    size: str | None
    colour: str | None
    price_minor: int
    online: int


class DemoProduct(DemoProductHit):
    """What stands on the page of a product; `stores` are cities with a store that has some."""

    description: str
    facts: dict[str, str]
    variants: list[DemoVariant]
    stores: list[str]
