"""The words of baskets, codes and gift cards."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why something is refused; every refusal is explained to the customer.

    Unknown, blocked and mistyped codes are all ``UNKNOWN``: whoever guesses learns nothing.
    """

    # Of discount codes and gift cards.
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    MINIMUM_NOT_REACHED = "minimum_not_reached"
    USED = "used"
    NOT_YOURS = "not_yours"
    NOT_COMBINABLE = "not_combinable"
    OTHER_CURRENCY = "other_currency"
    EMPTY = "empty"
    TOO_MANY_TRIES = "too_many_tries"
    # Of what is put into a basket.
    NOT_A_QUANTITY = "not_a_quantity"
    TOO_MANY = "too_many"
    OUT_OF_STOCK = "out_of_stock"
    NOT_SOLD = "not_sold"
    BASKET_FULL = "basket_full"


class StockState(StrEnum):
    """Whether what lies in a basket can be had, as the web warehouse is now."""

    AVAILABLE = "available"
    TOO_FEW = "too_few"
    SOLD_OUT = "sold_out"
    NOT_SOLD = "not_sold"


class CardEntryReason(StrEnum):
    """Why money left a gift card, or came back to it."""

    SPENT = "spent"
    REFUNDED = "refunded"
    CORRECTED = "corrected"


class Doing(StrEnum):
    """What a turn does to a basket; with the turn it is the key that keeps it from being done twice."""

    ADD = "add_to_basket"
    CHANGE_LINE = "change_basket_line"
    APPLY_DISCOUNT = "apply_discount"
