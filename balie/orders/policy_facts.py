"""The words of the policy: what may be wanted, what it looks at, and what it says. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from balie.orders.kinds import DeliveryMethod
from balie.orders.status import OrderStatus


class Change(StrEnum):
    """What a customer may want done."""

    CANCEL_ORDER = "cancel_order"
    CANCEL_LINE = "cancel_line"
    CHANGE_QUANTITY = "change_quantity"
    CHANGE_VARIANT = "change_variant"
    ADD_LINE = "add_line"
    CHANGE_ADDRESS = "change_address"
    RETURN_ITEM = "return_item"
    EXCHANGE_ITEM = "exchange_item"
    REFUND = "refund"
    REPORT_DAMAGE = "report_damage"
    REPORT_MISSING = "report_missing"
    CLAIM_WARRANTY = "claim_warranty"


class Elsewhere(StrEnum):
    """What else may help; always possible."""

    PERSON = "person"
    TRACK_ORDER = "track_order"
    TRACK_REFUND = "track_refund"
    WARRANTY = "warranty"
    NEW_ORDER = "new_order"
    STOCK_ALERT = "stock_alert"


Alternative: TypeAlias = Change | Elsewhere


class Reason(StrEnum):
    """Why something is not done; each has a sentence in the content."""

    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    NOT_SHIPPED = "not_shipped"
    ON_ITS_WAY = "on_its_way"
    ALREADY_CANCELLED = "already_cancelled"
    ALREADY_RETURNED = "already_returned"
    ALREADY_ANNOUNCED = "already_announced"
    PERIOD_OVER = "period_over"
    NOT_RETURNABLE = "not_returnable"
    SEAL_BROKEN = "seal_broken"
    USED = "used"
    MADE_TO_MEASURE = "made_to_measure"
    NO_SUCH_ITEM = "no_such_item"
    NAMED_TWICE = "named_twice"
    INVALID_QUANTITY = "invalid_quantity"
    TOO_MANY = "too_many"
    UNCHANGED = "unchanged"
    WHOLE_ORDER = "whole_order"
    NOT_SOLD = "not_sold"
    OUT_OF_STOCK = "out_of_stock"
    OTHER_DELIVERY = "other_delivery"
    COSTS_MORE = "costs_more"
    COLLECTED = "collected"
    COUNTRY_NOT_SERVED = "country_not_served"
    OTHER_COUNTRY = "other_country"
    INVALID_ADDRESS = "invalid_address"
    PICK_UP_NOT_POSSIBLE = "pick_up_not_possible"
    NOTHING_TO_REFUND = "nothing_to_refund"
    REFUND_ON_ITS_WAY = "refund_on_its_way"
    REFUND_REFUSED = "refund_refused"
    ALREADY_REPORTED = "already_reported"
    ORDER_CHANGED = "order_changed"


class ItemCondition(StrEnum):
    """How an item looks, as the customer says; not asked yet is a hope, not an answer."""

    NOT_ASKED = "not_asked"
    UNUSED = "unused"
    SEAL_BROKEN = "seal_broken"
    USED = "used"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedVariant:
    """The variant that a line is to become, or more of which is wanted.

    Attributes:
        sold: Whether it can be bought at all.
        fits_delivery: Whether it can travel the way the order does.
        needed: How many pieces more than the order has of it now.
        in_stock: How many there are.
        costs_more: Whether it is dearer than what it replaces.
    """

    sold: bool
    fits_delivery: bool
    needed: int
    in_stock: int
    costs_more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """One line that a question is about.

    Attributes:
        quantity: Pieces ordered.
        announced: Pieces of these on their way back, or back already.
        reported: Pieces about which a case is open.
        wanted: Pieces the question is about; None when that is still to be said.
        sealed: Whether it is only taken back with its seal.
        excluded: Whether it is never taken back.
        variant: For a change or exchange, when chosen.
    """

    quantity: int
    announced: int = 0
    reported: int = 0
    wanted: int | None = None
    sealed: bool = False
    excluded: bool = False
    condition: ItemCondition = ItemCondition.NOT_ASKED
    variant: WantedVariant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFacts:
    """Everything the policy looks at.

    Attributes:
        received_on: When the last of it was delivered; None while that has not happened.
        refundable_minor: Money that we hold and owe, and that is not on its way back.
        refund_waiting: Whether a refund is on its way; ``refund_refused`` whether one was declined.
        made_to_measure: Whether any of it is being built for this customer.
        items: The lines that the question is about: one, or all while none is chosen.
        new_country: For a change of address, when known.
        pick_up: Whether a carrier is to come for a return; ``pick_up_on`` when, as far as that is said.
    """

    status: OrderStatus
    today: date
    received_on: date | None
    delivery_method: DeliveryMethod
    country: str
    refundable_minor: int = 0
    refund_waiting: bool = False
    refund_refused: bool = False
    made_to_measure: bool = False
    items: tuple[ItemFacts, ...] = ()
    new_country: str | None = None
    pick_up: bool = False
    pick_up_on: date | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """It may be done; until which day, where there is one."""

    until: date | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """It may not be done.

    Attributes:
        alternative: What helps instead, and is possible; None when nothing is left to do.
        at_most: How many pieces would be possible, where that is the trouble.
        until: The last day on which it would have been possible, where that is the trouble.
        possible_from: The first day on which it is possible, where the day is the trouble.
    """

    reason: Reason
    alternative: Alternative | None = None
    at_most: int | None = None
    until: date | None = None
    possible_from: date | None = None


Verdict: TypeAlias = Allowed | Refusal
