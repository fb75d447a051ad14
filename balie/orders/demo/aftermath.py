"""What comes after an order of the demo shop: returns, refunds, credit notes, points."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import accumulate
from typing import Any, Final

from balie.customers.kinds import LoyaltyReason
from balie.customers.models import LoyaltyEntryRow
from balie.kernel.clock import local_day
from balie.orders.demo.ledger import Ledger, WrittenOrder
from balie.orders.demo.moments import at, some_time, unless_after
from balie.orders.demo.plans import ReturnPlan
from balie.orders.kinds import InvoiceKind, PaymentMethod, ReturnMethod, ReturnReason
from balie.orders.models import RefundRow, ReturnLineRow, ReturnRow
from balie.orders.working_days import add_working_days

_RETURN_PARCEL_MINOR: Final = 395
_REFUND_WORKING_DAYS: Final = 5
_BANK_WORKING_DAYS: Final = 3
_NEVER_SENT: Final = 0.06
_REFUSED: Final = 0.015
_IN_STORE: Final = 0.25
_FIT_REASONS: Final = (ReturnReason.TOO_SMALL, ReturnReason.TOO_LARGE, ReturnReason.NOT_AS_EXPECTED)
_OTHER_REASONS: Final = (
    ReturnReason.NOT_AS_EXPECTED, ReturnReason.CHANGED_MIND, ReturnReason.DAMAGED, ReturnReason.WRONG_ITEM,
)  # fmt: skip
_PAY_LATER_MAX_MINOR: Final = 50_000
_PAYMENT_METHODS: Final = tuple(PaymentMethod)
# Shares in the order of PaymentMethod: iDEAL, Bancontact, card, PayPal, Apple or Google, Klarna, gift card.
_PAYMENT_SUMS: Final = {
    "NL": tuple(accumulate((68, 0, 6, 6, 5, 14, 1))),
    "BE": tuple(accumulate((0, 70, 12, 6, 5, 6, 1))),
    "GB": tuple(accumulate((0, 0, 70, 20, 9, 0, 1))),
}
_POINTS_LAST: Final = timedelta(days=730)


def plan_return(rng: random.Random, written: WrittenOrder) -> ReturnPlan | None:
    """What the customer sends back, if anything."""
    delivered_at = written.plan.timeline.delivered_at
    if delivered_at is None:
        return None
    lines = tuple(
        (position, rng.choice(_FIT_REASONS if line.variant.size else _OTHER_REASONS))
        for position, line in enumerate(written.plan.lines)
        if rng.random() < line.product.kind.returns
    )
    if not lines:
        return None
    announced_at = some_time(
        rng, local_day(delivered_at) + timedelta(days=rng.choice((1, 1, 2, 3, 5, 8, 13))), 9, 21
    )
    return _plan_way_back(rng, lines, announced_at)


def _plan_way_back(
    rng: random.Random, lines: tuple[tuple[int, ReturnReason], ...], announced_at: datetime
) -> ReturnPlan:
    in_store = rng.random() < _IN_STORE
    sent_at = received_at = decided_at = paid_at = None
    if rng.random() >= _NEVER_SENT:
        sent_at = some_time(rng, local_day(announced_at) + timedelta(days=rng.randint(0, 4)), 12, 17)
        sent_at = max(sent_at, announced_at + timedelta(minutes=20))
        arrives_on = add_working_days(local_day(sent_at), rng.randint(1, 3), "NL")
        received_at = sent_at if in_store else some_time(rng, arrives_on, 8, 16)
        decided_at = received_at + timedelta(hours=rng.randint(1, 30))
        pays_on = add_working_days(local_day(received_at), rng.randint(2, _REFUND_WORKING_DAYS), "NL")
        paid_at = at(pays_on, time(10, rng.randrange(60)))
    return ReturnPlan(
        lines=lines,
        method=ReturnMethod.STORE if in_store else ReturnMethod.PARCEL,
        announced_at=announced_at,
        sent_at=sent_at,
        received_at=received_at,
        decided_at=decided_at,
        paid_at=paid_at,
        refused=rng.random() < _REFUSED,
    )


@dataclass(slots=True)
class Aftermath:
    """Writes down what has come after an order by now."""

    ledger: Ledger

    def write_return(self, written: WrittenOrder, plan: ReturnPlan) -> int:
        """Write a return and its refund; answers how much was paid back, in cents."""
        now = self.ledger.now
        if plan.announced_at > now:
            return 0
        rows = self.ledger.rows
        received_at = unless_after(plan.received_at, now)
        return_row = {
            "order_id": written.id,
            "number": f"R{written.plan.number}",
            "method": plan.method.value,
            "announced_at": plan.announced_at,
            "sent_at": unless_after(plan.sent_at, now),
            "received_at": received_at,
        }
        return_id = rows.add(ReturnRow, return_row)
        for position, reason in plan.lines:
            line = {
                "return_id": return_id,
                "order_line_id": written.line_ids[position],
                "quantity": written.plan.lines[position].quantity,
                "reason": reason.value,
            }
            rows.add(ReturnLineRow, line)
        return self._write_refund(written, plan, return_id)

    def write_cancellation_refund(self, written: WrittenOrder) -> None:
        """Write the refund of an order that was called off after it was paid."""
        timeline, now = written.plan.timeline, self.ledger.now
        if timeline.cancelled_at is None or timeline.cancelled_at > now or timeline.paid_at is None:
            return
        cancelled_on = local_day(timeline.cancelled_at)
        paid_at = at(add_working_days(cancelled_on, 1, "NL"), time(10, 15))
        row = {
            "order_id": written.id,
            "return_id": None,
            "method": written.plan.payment.value,
            "amount_minor": written.plan.total_minor,
            "asked_at": timeline.cancelled_at,
            "approved_at": timeline.cancelled_at,
            "refused_at": None,
            "paid_at": unless_after(paid_at, now),
            "expected_by": add_working_days(cancelled_on, 1 + _BANK_WORKING_DAYS, "NL"),
        }
        self.ledger.rows.add(RefundRow, row)

    def _write_refund(self, written: WrittenOrder, plan: ReturnPlan, return_id: int) -> int:
        now = self.ledger.now
        received_at = unless_after(plan.received_at, now)
        decided_at, paid_at = unless_after(plan.decided_at, now), unless_after(plan.paid_at, now)
        amount = _refund_minor(written, plan)
        last_day = _REFUND_WORKING_DAYS + _BANK_WORKING_DAYS
        row = {
            "order_id": written.id,
            "return_id": return_id,
            "method": written.plan.payment.value,
            "amount_minor": amount,
            "asked_at": plan.announced_at,
            "approved_at": None if plan.refused else decided_at,
            "refused_at": decided_at if plan.refused else None,
            "paid_at": None if plan.refused else paid_at,
            "expected_by": add_working_days(local_day(received_at), last_day, "NL") if received_at else None,
        }
        self.ledger.rows.add(RefundRow, row)
        if plan.refused or decided_at is None:
            return 0
        self.ledger.write_invoice(written.plan, written.id, InvoiceKind.CREDIT_NOTE, decided_at, amount)
        return amount


def _refund_minor(written: WrittenOrder, plan: ReturnPlan) -> int:
    """The price of the pieces; the label is free for members and in the store."""
    price = sum(written.plan.lines[position].price_minor for position, _ in plan.lines)
    free = written.plan.buyer.member or plan.method is ReturnMethod.STORE
    return max(price - (0 if free else _RETURN_PARCEL_MINOR), 1)


@dataclass(slots=True)
class Points:
    """Keeps the members' points: one per euro, a voucher for every 250."""

    ledger: Ledger
    _balances: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def balance(self, customer_id: int) -> int:
        """What a member has, points that lapsed included."""
        return self._balances[customer_id]

    def record(
        self,
        customer_id: int,
        points: int,
        reason: LoyaltyReason,
        moment: datetime | None,
        order_number: str | None,
    ) -> None:
        """Write down points that came or went, unless there are none or the moment has not come."""
        if points == 0 or moment is None or moment > self.ledger.now:
            return
        self._balances[customer_id] += points
        row: dict[str, Any] = {
            "customer_id": customer_id,
            "points": points,
            "reason": reason.value,
            "order_number": order_number,
            "recorded_at": moment,
            "expires_on": local_day(moment) + _POINTS_LAST if points > 0 else None,
        }
        self.ledger.rows.add(LoyaltyEntryRow, row)


def pays_with(rng: random.Random, country: str, total_minor: int) -> PaymentMethod:
    """How the customer pays, by country; Klarna only up to 500 euros."""
    chosen = rng.choices(_PAYMENT_METHODS, cum_weights=_PAYMENT_SUMS[country])[0]
    if chosen is PaymentMethod.KLARNA and total_minor > _PAY_LATER_MAX_MINOR:
        return PaymentMethod.PAYPAL
    return chosen
