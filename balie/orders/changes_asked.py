"""What a customer may ask to have changed, as values. Nothing here says whether it may be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final, TypeAlias

from balie.cases.kinds import CaseKind, Remedy
from balie.orders.kinds import ReturnMethod, ReturnReason, Undertaking
from balie.orders.policy_facts import ItemCondition


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Call the whole order off."""

    undertaking: ClassVar[Undertaking] = Undertaking.CANCEL_ORDER


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWish:
    """How one line is to be.

    Attributes:
        position: Of a line the order has; None adds one.
        quantity: Pieces it is to have; 0 takes it out.
        variant_sku: The variant it is to be; None leaves it as it is.
    """

    position: int | None
    quantity: int
    variant_sku: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeLines:
    """Change lines before the order is packed: all of these wishes, or none."""

    wishes: tuple[LineWish, ...]
    undertaking: ClassVar[Undertaking] = Undertaking.CHANGE_LINES


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryAddress:
    """Where an order is to go; ``country`` is an ISO 3166 code."""

    street: str
    house_number: str
    postcode: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class ChangeAddress:
    """Send this order somewhere else; the account's address stays as it is."""

    address: DeliveryAddress
    undertaking: ClassVar[Undertaking] = Undertaking.CHANGE_ADDRESS


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnWish:
    """Pieces of one line that come back.

    Attributes:
        variant_sku: What the customer wants instead; None for the money.
    """

    position: int
    quantity: int
    reason: ReturnReason
    condition: ItemCondition = ItemCondition.UNUSED
    variant_sku: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnItems:
    """Register a return or exchange: all of these items, or none.

    Attributes:
        pick_up_on: The day on which the carrier is to come; counts for a pick-up only.
    """

    wishes: tuple[ReturnWish, ...]
    method: ReturnMethod
    pick_up_on: date | None = None
    undertaking: ClassVar[Undertaking] = Undertaking.RETURN_ITEMS


@dataclass(frozen=True, slots=True)
class AskRefund:
    """Give back what we hold and owe: of a cancelled order, a double payment, items that came back."""

    undertaking: ClassVar[Undertaking] = Undertaking.REFUND


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportProblem:
    """Say that an item is broken, wrong or missing, and what is wanted for it.

    Attributes:
        photos: Ids of the photos that show it.
        story: In the customer's own words.
        method: How it comes back, where it does; ``pick_up_on`` the day on which a carrier is to come for it.
    """

    problem: CaseKind
    position: int
    quantity: int
    remedy: Remedy
    photos: tuple[str, ...] = ()
    story: str | None = None
    method: ReturnMethod = ReturnMethod.PARCEL
    pick_up_on: date | None = None
    undertaking: ClassVar[Undertaking] = Undertaking.REPORT_PROBLEM


Request: TypeAlias = CancelOrder | ChangeLines | ChangeAddress | ReturnItems | AskRefund | ReportProblem

OUR_FAULT: Final = frozenset({ReturnReason.DAMAGED, ReturnReason.WRONG_ITEM})
"""Reasons for which sending back costs the customer nothing."""
