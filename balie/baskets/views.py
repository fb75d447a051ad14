"""What others may know about baskets and gift cards; plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from balie.baskets.kinds import StockState
from balie.baskets.outcomes import Refused
from balie.kernel.ids import ConversationId
from balie.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose basket is meant: a customer's, or a stranger's, who has none but the conversation's.

    Attributes:
        customer_id: Only of somebody who has shown that they are this customer; None for a stranger.
        conversation_id: The conversation in which it is asked for.
    """

    customer_id: int | None
    conversation_id: ConversationId


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketLineView:
    """So many of one variant.

    Attributes:
        names: Per language; ``colours`` likewise, empty when there is only one colour.
        total: Quantity times price; nothing for what is not sold any more.
        at_most: How many could be had now.
    """

    sku: str
    product_sku: str
    names: Mapping[str, str]
    size: str | None
    colours: Mapping[str, str]
    quantity: int
    unit_price: Money
    total: Money
    stock: StockState
    at_most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountView:
    """A code in a basket.

    Attributes:
        percent: Of the goods; None when ``amount`` says what it gives.
        gives: What it takes off now; nothing as long as it is refused.
        refused: Why it does not count at the moment; None when it does.
    """

    code: str
    percent: int | None
    amount: Money | None
    gives: Money
    refused: Refused | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketView:
    """A basket with what it costs: ``goods - discount + delivery = total``.

    Attributes:
        lines: In the order in which they were put in.
        discounts: Every code that was entered, counting or not.
        pieces: How many things lie in it.
        country: Where it would go: the customer's home, else the shop's own country.
        delivers: Whether all of it is brought there; when it is not, ``delivery`` is nothing.
        free_delivery_in: How much more has to be bought for free delivery; None when it is free or never is.
        can_check_out: Whether the shop's checkout would take it as it is.
        checkout_url: Where the shop's own checkout begins.
    """

    lines: tuple[BasketLineView, ...]
    discounts: tuple[DiscountView, ...]
    pieces: int
    goods: Money
    discount: Money
    delivery: Money
    total: Money
    country: str
    delivers: bool
    free_delivery_in: Money | None
    can_check_out: bool
    checkout_url: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies in it."""
        return not self.lines

    def find_line(self, sku: str) -> BasketLineView | None:
        """The line of a variant, or None."""
        return next((line for line in self.lines if line.sku == sku), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftCardView:
    """A gift card that can pay, and what it would pay of the basket as it is now.

    Attributes:
        expires_on: The last day on which it may be spent.
        last_four: The end of its code; nobody is shown more.
    """

    balance: Money
    expires_on: date
    last_four: str
    pays: Money
    left_to_pay: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What was asked for is done; this is the basket now.

    Attributes:
        repeated: Whether it was done before, under the same key, and nothing happened now.
    """

    basket: BasketView
    repeated: bool = False
    kind: Literal["changed"] = "changed"


Outcome: TypeAlias = Changed | Refused
