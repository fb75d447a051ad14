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


class DemoProduct(DemoProductHit):
    """What stands on the page of a product."""

    description: str
    facts: dict[str, str]
