"""What a customer has said so far of a change they want: a few words, kept in one slot. Plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

ORDER: Final = "order"
"""The order that the rest was said of."""
ITEMS: Final = "items"
"""Positions on the receipt, such as ``1,3``."""
QUANTITY: Final = "quantity"
COUNT: Final = "count"
"""Pieces of something that is added; QUANTITY is of what is there."""
REASON: Final = "reason"
PROBLEM: Final = "problem"
REMEDY: Final = "remedy"
PHOTO: Final = "photo"
"""Ids of the photos that were sent, with commas."""
DAY: Final = "day"
CONDITION: Final = "condition"
METHOD: Final = "method"
VARIANT: Final = "variant"
"""A variant's sku."""
KIND: Final = "kind"
"""What is to be changed of an item."""
ADDRESS: Final = "address"
"""The id of the message that holds it: it is read there again, and stands in no slot; so for the next two."""
STORY: Final = "story"
"""One id or several, such as ``…,…``: what is added to a story belongs to it."""
CONTACT: Final = "contact"
"""A name, a telephone number or an e-mail address: which of them, and the id, such as ``phone:…``."""
FIELD: Final = "field"
"""Which of these is to be changed."""
PRODUCT: Final = "product"
"""A product's sku."""
CANDIDATES: Final = "candidates"
"""Products that may be meant, to choose from."""
FIRST: Final = "first"
"""The id of the message that asked for it: what it says is heard again once there is more to choose from."""
SIZE: Final = "size"
COLOUR: Final = "colour"
CODE: Final = "code"
"""The id of the message that holds it: the code of a gift card is money."""
STORE: Final = "store"
BOUGHT: Final = "bought"
"""A product that was received."""
STARS: Final = "stars"
DATA: Final = "data"
"""What is to be done with what we know of somebody."""
NEWSLETTER: Final = "newsletter"
ACCOUNT_TYPE: Final = "account_type"


@dataclass(frozen=True, slots=True)
class Wish:
    """Details by name. What is not said yet is not there."""

    said: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_slot(cls, slot: str | None) -> Self:
        """What :meth:`as_slot` wrote; nothing said when there is nothing.

        >>> Wish.from_slot(Wish().having(REASON, "too_small").as_slot()).get(REASON)
        'too_small'
        """
        return cls(json.loads(slot)) if slot else cls()

    def as_slot(self) -> str:
        """As a slot can hold it; equal wishes give equal texts."""
        return json.dumps(dict(self.said), sort_keys=True)

    def having(self, detail: str, value: str) -> Wish:
        """The same with one more detail, or another value for it."""
        return Wish({**self.said, detail: value})

    def get(self, detail: str) -> str | None:
        """What was said of a detail, or None."""
        return self.said.get(detail)

    @property
    def positions(self) -> tuple[int, ...]:
        """The chosen items; empty while none is."""
        return tuple(int(part) for part in self.said.get(ITEMS, "").split(",") if part)

    def without(self, detail: str) -> Wish:
        """The same with one detail not said."""
        return Wish({name: value for name, value in self.said.items() if name != detail})
