"""Which exposure a deed is the outcome of, and what is left of what a purchase brought in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from balie.recommendations.kinds import OutcomeKind


class Happening(NamedTuple):
    """Something that was done with a product after it was shown to whoever did it.

    Attributes:
        ref: What it was; the same happening after several exposures has the same one.
        revenue_minor: What it brought in, in minor units of ``currency``; 0 of what is no purchase.
    """

    exposure_id: int
    shown_at: datetime
    kind: OutcomeKind
    ref: str
    at: datetime
    revenue_minor: int = 0
    currency: str | None = None


class BoughtLine(NamedTuple):
    """How a line of an order stands today.

    Attributes:
        returned: How many pieces came back to us.
    """

    unit_price_minor: int
    quantity: int
    returned: int
    is_cancelled: bool


def attribute(happenings: Iterable[Happening], within: timedelta) -> Iterator[Happening]:
    """Each happening once: as the outcome of the newest exposure before it, if that is not too long ago."""
    newest: dict[tuple[OutcomeKind, str], Happening] = {}
    for each in happenings:
        if not timedelta(0) <= each.at - each.shown_at <= within:
            continue
        known = newest.get((each.kind, each.ref))
        if known is None or (each.shown_at, each.exposure_id) > (known.shown_at, known.exposure_id):
            newest[each.kind, each.ref] = each
    yield from newest.values()


def returned_minor(revenue_minor: int, line: BoughtLine | None) -> int:
    """What is no longer ours of a purchase; None for a line that was taken out of its order.

    >>> returned_minor(3000, BoughtLine(1000, 3, 1, False))
    1000
    """
    if line is None or line.is_cancelled:
        return revenue_minor
    left = line.unit_price_minor * max(0, line.quantity - line.returned)
    return max(0, revenue_minor - left)
