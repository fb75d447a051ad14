"""On which days a carrier comes for a return. Pure."""

from __future__ import annotations

from datetime import date

from balie.orders.terms import Terms
from balie.orders.working_days import add_working_days


def list_pick_up_days(today: date, country: str, terms: Terms) -> tuple[date, ...]:
    """The days that can be chosen, the first one first; empty where nobody comes.

    Args:
        today: In the shop's time zone.
        country: Where the items are (ISO 3166); its holidays are no working days.
        terms: The shop's conditions.
    """
    offered = terms.pick_up
    if offered is None or country not in offered.countries:
        return ()
    counts = range(offered.earliest_working_days, offered.latest_working_days + 1)
    return tuple(add_working_days(today, count, country) for count in counts)


def first_pick_up_day(today: date, country: str, terms: Terms) -> date | None:
    """The first day that can be chosen; None where nobody comes."""
    return next(iter(list_pick_up_days(today, country, terms)), None)
