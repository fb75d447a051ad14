"""Which payments of an order took an amount a second time. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A payment that was made."""

    payment_id: int
    amount_minor: int
    paid_at: datetime


def find_double_charges(taken: Sequence[Taken], *, overpaid_minor: int) -> tuple[Taken, ...]:
    """The payments that took an amount which an earlier one had taken already, oldest first.

    Equal amounts alone prove nothing: two halves of an order are equal, too. A payment is one too many only
    as far as we hold more than the order costs.

    Args:
        taken: Payments of one order; those that go back as a whole left out.
        overpaid_minor: What we hold although the order does not cost it, in cents.
    """
    doubled = []
    for payment in reversed(_repeated(taken)):
        if payment.amount_minor <= overpaid_minor:
            overpaid_minor -= payment.amount_minor
            doubled.append(payment)
    return tuple(reversed(doubled))


def _repeated(taken: Sequence[Taken]) -> list[Taken]:
    seen: set[int] = set()
    repeated = []
    for payment in sorted(taken, key=lambda one: (one.paid_at, one.payment_id)):
        if payment.amount_minor in seen:
            repeated.append(payment)
        seen.add(payment.amount_minor)
    return repeated
