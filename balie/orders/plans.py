"""What a change is going to do, worked out before anything is written; plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from balie.cases.kinds import CaseKind, Remedy
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
    """A return to be registered; ``pick_up_on`` is the day on which the carrier comes for it."""

    method: ReturnMethod
    lines: tuple[ReturnLinePlan, ...]
    pick_up_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPlan:
    """Money to give back.

    Attributes:
        return_id: The return it is for; None when it is for none, or for the one of this very plan.
        for_new_return: Whether it is for the return of this very plan.
        payment_id: The payment that was one too many; None when it is not that of one certain payment.
        approved: Whether it is paid without anybody looking at it.
    """

    amount_minor: int
    return_id: int | None = None
    for_new_return: bool = False
    payment_id: int | None = None
    approved: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePlan:
    """A case to be opened about pieces of one line.

    Attributes:
        wants_person: Whether a person has to decide.
        promised_by: The last day on which the customer is to hear from us.
        photos: Ids of the photos that show it.
        story: In the customer's own words.
    """

    kind: CaseKind
    remedy: Remedy
    wants_person: bool
    promised_by: date
    position: int
    quantity: int
    photos: tuple[str, ...]
    story: str | None


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
    case: CasePlan | None = None


@dataclass(frozen=True, slots=True)
class NoPlan:
    """It is refused; ``position`` names the line that is the trouble."""

    refusal: Refusal
    position: int | None = None


Planned: TypeAlias = Plan | NoPlan
