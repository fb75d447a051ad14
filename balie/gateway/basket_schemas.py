"""The shapes of baskets in the public API. Amounts are minor units (cents) of the basket's currency."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from balie.baskets.limits import MOST_PIECES

CodeReason = Literal[
    "unknown", "expired", "not_yet", "minimum_not_reached", "used", "not_yours", "not_combinable",
    "other_currency",
]  # fmt: skip


class _Incoming(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LineQuantity(_Incoming):
    """How many of a variant are to lie in the basket."""

    # Strict: neither "2" nor 2.0 nor true is a number of pieces.
    quantity: Annotated[int, Field(strict=True, ge=1, le=MOST_PIECES, examples=[2])]


class EnteredCode(_Incoming):
    """A discount code as the customer typed it: case, spaces and hyphens do not matter."""

    code: str = Field(max_length=200, examples=["WELKOM10"])


class LineShape(BaseModel):
    """So many of one variant. Texts stand per language."""

    model_config = ConfigDict(extra="forbid", title="BasketLine")

    sku: str
    product_sku: str
    names: dict[str, str] = Field(examples=[{"nl": "wandelschoen", "en": "walking boot"}])
    size: str | None
    colours: dict[str, str] = Field(description="Empty when there is only one colour.")
    quantity: int = Field(ge=1, le=MOST_PIECES)
    unit_price_minor: int = Field(ge=0)
    total_minor: int = Field(ge=0, description="0 for what is not sold any more.")
    stock: Literal["available", "too_few", "sold_out", "not_sold"]
    at_most: int = Field(ge=0, description="How many could be had now.")


class CodeRefusal(BaseModel):
    """Why a code does not count at the moment, with the facts that there are."""

    model_config = ConfigDict(extra="forbid")

    reason: CodeReason
    missing_minor: int | None = Field(None, description="What the goods cost too little.")
    minimum_minor: int | None = None
    on: date | None = Field(None, description="The last day it counted, or the first day it will.")
    other_code: str | None = Field(None, description="The code that it does not go together with.")


class DiscountShape(BaseModel):
    """A code in the basket: `percent` of the goods or `amount_minor`, and what it takes off now."""

    model_config = ConfigDict(extra="forbid", title="BasketDiscount")

    code: str
    percent: int | None
    amount_minor: int | None
    gives_minor: int = Field(ge=0)
    refused: CodeRefusal | None


class BasketShape(BaseModel):
    """`goods_minor - discount_minor + delivery_minor = total_minor`."""

    model_config = ConfigDict(extra="forbid", title="Basket")

    currency: str = Field(examples=["EUR"])
    pieces: int = Field(ge=0)
    lines: list[LineShape]
    discounts: list[DiscountShape]
    goods_minor: int = Field(ge=0)
    discount_minor: int = Field(ge=0)
    delivery_minor: int = Field(ge=0)
    total_minor: int = Field(ge=0)
    country: str = Field(description="Where it would go (ISO 3166).", examples=["NL"])
    delivers: bool = Field(description="False when something in it is not brought to that country.")
    free_delivery_in_minor: int | None = Field(
        description="How much more has to be bought for free delivery; null when it is free or never is."
    )
    can_check_out: bool
    checkout_url: str = Field(description="Where the shop's own checkout begins.")
