"""What a customer may ask to have changed, as values. Nothing here says whether it may be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, TypeAlias
from uuid import UUID

from balie.orders.kinds import Author, ReturnMethod, ReturnReason, Undertaking
from balie.orders.policy_facts import ItemCondition


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The turn in which something is asked for; with the undertaking it is the key of the change.

    Attributes:
        message_id: The customer's message that confirmed it: the same one again never does it twice.
        part: Tells apart several changes of one kind that one message asks for, 0 first.
        author: Who wanted it.
    """

    conversation_id: UUID
    message_id: UUID
    part: int = 0
    author: Author = Author.CUSTOMER


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
    """Register a return or exchange: all of these items, or none."""

    wishes: tuple[ReturnWish, ...]
    method: ReturnMethod
    undertaking: ClassVar[Undertaking] = Undertaking.RETURN_ITEMS


@dataclass(frozen=True, slots=True)
class AskRefund:
    """Give back what we hold and owe: of a cancelled order, a double payment, items that came back."""

    undertaking: ClassVar[Undertaking] = Undertaking.REFUND


Request: TypeAlias = CancelOrder | ChangeLines | ChangeAddress | ReturnItems | AskRefund

OUR_FAULT: Final = frozenset({ReturnReason.DAMAGED, ReturnReason.WRONG_ITEM})
"""Reasons for which sending back costs the customer nothing."""
