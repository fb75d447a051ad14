"""What a change is going to do, worked out before anything is written; plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from balie.orders.changes_asked import DeliveryAddress
from balie.orders.kinds import ReturnMethod, ReturnReason
from balie.orders.models import OrderLineRow
from balie.orders.outcomes import Effects
from balie.orders.policy_facts import Refusal
from balie.orders.scene import VariantRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePlan:
    """One line as it is going to be.

    Attributes:
        line: None adds one.
        variant: The variant it becomes; None leaves it as it is.
        quantity: 0 takes the line out.
    """

    line: OrderLineRow | None
    variant: VariantRecord | None
    quantity: int
    unit_price_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLinePlan:
    """Pieces of one line that come back, and the variant that is kept aside for them (None: money)."""

    line: OrderLineRow
    quantity: int
    reason: ReturnReason
    variant: VariantRecord | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPlan:
    """A return to be registered."""

    method: ReturnMethod
    lines: tuple[ReturnLinePlan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPlan:
    """Money to give back.

    Attributes:
        return_id: The return it is for; None when it is for none, or for the one of this very plan.
        for_new_return: Whether it is for the return of this very plan.
        approved: Whether it is paid without anybody looking at it.
    """

    amount_minor: int
    return_id: int | None = None
    for_new_return: bool = False
    approved: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that is written when the customer confirms.

    Attributes:
        stock: Pieces more (or fewer) in the web warehouse, by variant id.
        ask_minor: What a new payment asks for; None opens none.
        voids_payments: Whether tries to pay that are open end here.
    """

    effects: Effects
    cancels: bool = False
    lines: tuple[LinePlan, ...] = ()
    discount_minor: int | None = None
    total_minor: int | None = None
    stock: Mapping[int, int] = field(default_factory=dict)
    voids_payments: bool = False
    ask_minor: int | None = None
    refunds: tuple[RefundPlan, ...] = ()
    address: DeliveryAddress | None = None
    returned: ReturnPlan | None = None


@dataclass(frozen=True, slots=True)
class NoPlan:
    """It is refused; ``position`` names the line that is the trouble."""

    refusal: Refusal
    position: int | None = None


Planned: TypeAlias = Plan | NoPlan
