"""Rules of the loyalty points: what is left, what lapses first. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PointsEntry:
    """One change of the points.

    Attributes:
        points: Positive when they came, negative when they went.
        expires_on: First day on which points that came no longer count; None when they never lapse.
    """

    points: int
    recorded_on: date
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """What can be spent, and what is lost first (0 and None when nothing lapses)."""

    points: int
    expiring_points: int
    expires_on: date | None


@dataclass(slots=True)
class _Lot:
    points: int
    expires_on: date


def work_out_balance(entries: Sequence[PointsEntry], *, today: date) -> Balance:
    """Work out what is left after every entry and every lapse.

    Points that lapse first are spent first. A withdrawal that finds too few points (an order is
    returned after its points were spent) is made up for by the points that come next.

    Args:
        entries: Oldest first.
        today: Points with ``expires_on`` up to and including this day are gone.
    """
    lots: list[_Lot] = []
    missing = 0
    for entry in entries:
        lots = _still_valid(lots, entry.recorded_on)
        if entry.points < 0:
            missing += _spend(lots, -entry.points)
            continue
        lots.append(_Lot(entry.points, entry.expires_on or date.max))
        lots.sort(key=lambda lot: lot.expires_on)
        missing = _spend(lots, missing)
    return _sum_up(_still_valid(lots, today))


def points_to_voucher(points: int, points_for_voucher: int) -> int:
    """How many points are missing until a voucher; 0 when there are enough.

    >>> points_to_voucher(180, 250)
    70
    """
    return max(0, points_for_voucher - points)


def _still_valid(lots: list[_Lot], day: date) -> list[_Lot]:
    return [lot for lot in lots if lot.expires_on > day and lot.points > 0]


def _spend(lots: list[_Lot], points: int) -> int:
    """Take points from the lots, the first to lapse first; answers how many could not be found."""
    for lot in lots:
        taken = min(lot.points, points)
        lot.points -= taken
        points -= taken
    return points


def _sum_up(lots: list[_Lot]) -> Balance:
    left = [lot for lot in lots if lot.points > 0]
    first = min((lot.expires_on for lot in left), default=date.max)
    if first == date.max:
        return Balance(sum(lot.points for lot in left), 0, None)
    expiring = sum(lot.points for lot in left if lot.expires_on == first)
    return Balance(sum(lot.points for lot in left), expiring, first)
