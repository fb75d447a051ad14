"""What others may know about payments; plain values, safe to keep after the transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, TypeAlias

from pydantic import TypeAdapter

from balie.kernel.money import Money
from balie.orders.kinds import PaymentFailure, PaymentMethod
from balie.orders.status import OrderStatus, PaymentState, RefundState
from balie.payments.kinds import DoubleChargeRefusal, LinkRefusal


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAttempt:
    """One try to pay.

    Attributes:
        number: 1 for the first try of the order.
        ended_at: When it was paid or failed; None while it is open.
        failure: Why it failed; None where it has not, and where nobody told us.
    """

    payment_id: int
    number: int
    method: PaymentMethod
    amount: Money
    state: PaymentState
    started_at: datetime
    ended_at: datetime | None
    failure: PaymentFailure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleCharge:
    """A payment that took an amount which was paid already.

    Attributes:
        refund: How far the money is on its way back; None when nobody has asked for it yet.
    """

    payment_id: int
    amount: Money
    method: PaymentMethod
    paid_at: datetime
    refund: RefundState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentLink:
    """Where a customer can pay what is due."""

    order_number: str
    amount: Money
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedLink:
    """A link that comes by mail as soon as the provider can make one.

    Attributes:
        repeated: Whether it was promised before.
    """

    order_number: str
    amount: Money
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRefused:
    """There is no link, and why."""

    order_number: str
    reason: LinkRefusal


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSituation:
    """How it stands with the money for one order.

    Attributes:
        total: What the order costs; ``paid`` is what came in.
        due: What is still to be paid; 0 when it was cancelled.
        attempts: Oldest first.
        double_charges: Oldest first; those that are on their way back, or back, included.
        link: The one that can be paid now; None when there is none.
        link_is_promised: Whether one is going to be mailed.
        kept_until: Until when the shop keeps the unpaid order; None when nothing is due, and when that moment
            has passed and the order is still there.
        is_fresh: Whether the provider was asked just now, where there was something to ask.
    """

    order_number: str
    status: OrderStatus
    total: Money
    paid: Money
    due: Money
    attempts: tuple[PaymentAttempt, ...]
    double_charges: tuple[DoubleCharge, ...]
    link: PaymentLink | None
    link_is_promised: bool
    kept_until: datetime | None
    is_fresh: bool

    @property
    def last_attempt(self) -> PaymentAttempt | None:
        """The newest try; None when nobody ever tried."""
        return self.attempts[-1] if self.attempts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleChargeRefunded:
    """An amount that was taken twice goes back.

    Attributes:
        expected_by: The last day on which the customer should see it.
        repeated: Whether that was done before, under the same key.
    """

    order_number: str
    payment_id: int
    amount: Money
    method: PaymentMethod
    expected_by: date
    repeated: bool = False
    kind: Literal["refunded"] = "refunded"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleChargeRefused:
    """Nothing goes back, and why."""

    order_number: str
    payment_id: int
    reason: DoubleChargeRefusal
    repeated: bool = False
    kind: Literal["refused"] = "refused"


DoubleChargeOutcome: TypeAlias = DoubleChargeRefunded | DoubleChargeRefused

_OUTCOME: Final[TypeAdapter[DoubleChargeOutcome]] = TypeAdapter(DoubleChargeOutcome)


def outcome_document(outcome: DoubleChargeOutcome) -> dict[str, Any]:
    """The outcome as JSON can hold it."""
    document: dict[str, Any] = _OUTCOME.dump_python(outcome, mode="json")
    return document


def read_outcome(document: dict[str, Any]) -> DoubleChargeOutcome:
    """The outcome that :func:`outcome_document` wrote."""
    return _OUTCOME.validate_python(document)
