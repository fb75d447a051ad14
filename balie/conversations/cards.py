"""Product cards of a message: what is recommended, with its price, its reason and its picture. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from balie.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCard:
    """One product that a message shows; the message's text says the same in words.

    Attributes:
        name: In the language of the message; ``reason`` likewise, a sentence.
        price: Of the cheapest variant.
        picture: Where its picture is, a path of ours or an address; None when there is none.
        url: Its page in the shop; None when it has none.
        key: Of the exposure, by which what comes of it is told.
    """

    sku: str
    name: str
    price: Money
    reason: str
    key: str
    picture: str | None = None
    url: str | None = None

    def as_document(self) -> dict[str, Any]:
        """As it is stored, and told to clients."""
        return {
            "sku": self.sku,
            "name": self.name,
            "price": {"minor": self.price.minor_units, "currency": self.price.currency},
            "reason": self.reason,
            "picture": self.picture,
            "url": self.url,
            "key": self.key,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read what :meth:`as_document` made.

        Raises:
            KeyError: Something is missing.
        """
        price = document["price"]
        return cls(
            sku=document["sku"],
            name=document["name"],
            price=Money(price["minor"], price["currency"]),
            reason=document["reason"],
            picture=document.get("picture"),
            url=document.get("url"),
            key=document["key"],
        )
