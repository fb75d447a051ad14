"""How it stands with the money for an order, read off the same scene that changes look at. Pure."""

from __future__ import annotations

from balie.orders.amounts import settle
from balie.orders.scene import Scene


def due_minor(scene: Scene) -> int:
    """What is still to be paid for an order, in cents; 0 when it was cancelled."""
    order = scene.record.order
    if order.cancelled_at is not None:
        return 0
    owed = settle(
        paid_minor=scene.paid_minor, given_back_minor=scene.given_back_minor, total_minor=order.total_minor
    )
    return owed.to_pay_minor
