"""Rules of pieces put aside in a store: their numbers, when they lie ready, which stores are near. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from balie.catalogue.hours import StoreCalendar
from balie.catalogue.place_tables import Point
from balie.catalogue.places import distance_km

FIRST_NUMBER: Final = 100_000
"""So that all numbers are equally long and the first customer does not read that they are the first."""

_PREFIX: Final = "AF"


def collection_number(row_id: int) -> str:
    """What the customer says in the store.

    >>> collection_number(1)
    'AF100001'
    """
    return f"{_PREFIX}{FIRST_NUMBER + row_id}"


def ready_at(now: datetime, hours: int, calendar: StoreCalendar, timezone: ZoneInfo) -> datetime | None:
    """When a piece lies ready, in the store's own time; None when the store does not open for weeks.

    Args:
        now: When it was asked for.
        hours: How many hours it takes while the store is open; at night nobody fetches anything.
        calendar: When that is.
        timezone: The store's.
    """
    left, moment = timedelta(hours=hours), now
    while (opening := calendar.find_opening(moment, timezone)) is not None:
        begins = max(moment, opening.opens_at)
        if begins + left <= opening.closes_at:
            return (begins + left).astimezone(timezone)
        left -= opening.closes_at - begins
        moment = opening.closes_at
    return None


def nearest(here: Point, places: Iterable[tuple[str, Point]], *, most: int) -> Sequence[str]:
    """The codes of the places that lie nearest, the nearest first.

    >>> stores = [("ams", (52.37, 4.90)), ("ant", (51.22, 4.40)), ("ame", (52.16, 5.39))]
    >>> nearest((52.09, 5.12), stores, most=2)
    ['ame', 'ams']
    """
    ordered = sorted(places, key=lambda place: (distance_km(here, place[1]), place[0]))
    return [code for code, _ in ordered[:most]]
