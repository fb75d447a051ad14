"""Rules of payments: when there is a link, and of which payment money goes back. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from balie.payments.kinds import LinkRefusal

SHORTEST_VALIDITY: Final = timedelta(minutes=10)
"""A link that ends sooner is not handed out: nobody has found their card by then."""


def link_refusal(*, is_cancelled: bool, due_minor: int) -> LinkRefusal | None:
    """Why there is nothing to pay; None when there is."""
    if is_cancelled:
        return LinkRefusal.ORDER_CANCELLED
    return LinkRefusal.ALREADY_PAID if due_minor <= 0 else None


def lasts_long_enough(expires_at: datetime, now: datetime) -> bool:
    """Whether a link that is open can still be handed out."""
    return expires_at - now >= SHORTEST_VALIDITY


def allocate(
    amount_minor: int, left: Mapping[int, int], *, first: int | None = None
) -> dict[int, int] | None:
    """Of which payments an amount goes back, and how much of each, to the cent.

    One payment is better than several, because the customer sees one amount: the smallest that is large
    enough. Otherwise the largest ones give first.

    >>> allocate(500, {1: 300, 2: 900})
    {2: 500}
    >>> allocate(1100, {1: 300, 2: 900})
    {2: 900, 1: 200}

    Args:
        amount_minor: More than 0, in cents.
        left: What can still go back of each payment, by its id.
        first: The payment that the money belongs to; it gives what it can before the others.

    Returns:
        None when there is not enough.
    """
    if amount_minor > sum(left.values()):
        return None
    enough = [payment for payment, there in left.items() if there >= amount_minor]
    if first in enough:
        return {first: amount_minor}
    if enough and not left.get(first or 0, 0):
        return {min(enough, key=lambda payment: (left[payment], payment)): amount_minor}
    parts: dict[int, int] = {}
    for payment in sorted(left, key=lambda one: (one != first, -left[one], one)):
        part = min(left[payment], amount_minor - sum(parts.values()))
        if part > 0:
            parts[payment] = part
    return parts


def key_of(*facts: object) -> str:
    """The key under which something is asked of the provider: the same facts give the same key.

    It is made of facts and not by chance, so that a database that was put back from a copy asks for the same
    again, not for another one.
    """
    seen = "\n".join(fact.isoformat() if isinstance(fact, datetime) else str(fact) for fact in facts)
    return hashlib.sha256(seen.encode()).hexdigest()[:40]
