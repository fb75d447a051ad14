"""How an order of the demo shop fares: paid, packed, carried, late or in time.

Days and hours are those of ``data/shop/shop.yml``.
"""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Final

from balie.catalogue.kinds import DeliveryKind
from balie.kernel.clock import DEFAULT_TIMEZONE, local_day
from balie.orders.demo.moments import at, some_time
from balie.orders.demo.plans import Timeline
from balie.orders.kinds import DeliveryMethod
from balie.orders.working_days import add_working_days, is_working_day

_WORKING_DAYS: Final = {"NL": (1, 1), "BE": (1, 2), "GB": (4, 6)}
_BIKE_WORKING_DAYS: Final = (3, 5)
_BULKY_WORKING_DAYS: Final = (1, 2)
_LATEST_HOUR: Final = 22
_NOON: Final = 12

_NEVER_PAID: Final = 0.012
_FIRST_TRY_FAILS: Final = 0.02
_CALLED_OFF: Final = 0.02
_NOBODY_HOME: Final = 0.03
_LATE: Final = 0.04
_LATE_IN_DECEMBER: Final = 0.08
_LATE_ABROAD: Final = 0.09
_LATE_BY: Final = (1, 1, 1, 1, 2, 2, 3, 4, 6)
_DELAY_REPORTED: Final = 0.7

_DUTCH_METHODS: Final = (
    DeliveryMethod.STANDARD, DeliveryMethod.PICKUP_POINT, DeliveryMethod.CLICK_AND_COLLECT,
    DeliveryMethod.EVENING, DeliveryMethod.SAME_DAY,
)  # fmt: skip
_DUTCH_SUMS: Final = (68, 78, 88, 97, 100)
_TO_COLLECT: Final = {DeliveryMethod.PICKUP_POINT, DeliveryMethod.CLICK_AND_COLLECT}
_IN_THE_EVENING: Final = {DeliveryMethod.EVENING, DeliveryMethod.SAME_DAY}


def choose_method(rng: random.Random, kind: DeliveryKind, country: str) -> DeliveryMethod:
    """How the customer wants it, among what is offered for these goods and this country."""
    if kind is DeliveryKind.BIKE:
        return DeliveryMethod.BIKE
    if kind is DeliveryKind.BULKY:
        return DeliveryMethod.BULKY
    if country == "NL":
        return rng.choices(_DUTCH_METHODS, cum_weights=_DUTCH_SUMS)[0]
    return DeliveryMethod.PICKUP_POINT if country == "BE" and rng.random() < 0.2 else DeliveryMethod.STANDARD


def plan_timeline(rng: random.Random, placed_at: datetime, method: DeliveryMethod, country: str) -> Timeline:
    """Everything that happens to an order that is placed at this moment, to its very end."""
    leaves_on = _leaves_on(placed_at, method)
    least, most = _working_days(method, country)
    promised_on = _promised_on(leaves_on, most, method, country)
    timeline = Timeline(placed_at=placed_at, promised_on=promised_on)
    if not _is_paid(rng, timeline) or _is_called_off(rng, timeline):
        return timeline
    _pack_and_send(rng, timeline, leaves_on, method)
    arrives_on = min(promised_on, add_working_days(leaves_on, rng.randint(least, most), country))
    if rng.random() < _chance_to_be_late(promised_on, country):
        arrives_on = add_working_days(promised_on, rng.choice(_LATE_BY), country)
        _report_delay(rng, timeline, arrives_on)
    _arrive(rng, timeline, arrives_on, method)
    return timeline


def _is_paid(rng: random.Random, timeline: Timeline) -> bool:
    tries_at = timeline.placed_at + timedelta(seconds=rng.randint(20, 300))
    if rng.random() < _NEVER_PAID:
        # An unpaid order is kept for an hour.
        timeline.failed_at = tries_at if rng.random() < 0.5 else None
        timeline.cancelled_at = timeline.placed_at + timedelta(minutes=60)
        return False
    if rng.random() < _FIRST_TRY_FAILS:
        timeline.failed_at = tries_at
        tries_at += timedelta(minutes=rng.randint(2, 20))
    timeline.paid_at = tries_at
    return True


def _is_called_off(rng: random.Random, timeline: Timeline) -> bool:
    if timeline.paid_at is None or rng.random() >= _CALLED_OFF:
        return False
    timeline.cancelled_at = timeline.paid_at + timedelta(minutes=rng.randint(4, 25))
    return True


def _leaves_on(placed_at: datetime, method: DeliveryMethod) -> date:
    """The day on which the carrier gets it; stores pack orders to collect every day."""
    local = placed_at.astimezone(DEFAULT_TIMEZONE)
    latest = _NOON if method is DeliveryMethod.SAME_DAY else _LATEST_HOUR
    if method is DeliveryMethod.CLICK_AND_COLLECT:
        return local.date() if local.hour < 15 else local.date() + timedelta(days=1)
    if local.hour < latest and is_working_day(local.date(), "NL"):
        return local.date()
    return add_working_days(local.date(), 1, "NL")


def _working_days(method: DeliveryMethod, country: str) -> tuple[int, int]:
    if method in {DeliveryMethod.SAME_DAY, DeliveryMethod.CLICK_AND_COLLECT}:
        return 0, 0
    if method is DeliveryMethod.BIKE:
        return _BIKE_WORKING_DAYS
    return _BULKY_WORKING_DAYS if method is DeliveryMethod.BULKY else _WORKING_DAYS[country]


def _promised_on(leaves_on: date, working_days: int, method: DeliveryMethod, country: str) -> date:
    if method is DeliveryMethod.CLICK_AND_COLLECT:
        return leaves_on
    return add_working_days(leaves_on, working_days, country)


def _pack_and_send(rng: random.Random, timeline: Timeline, leaves_on: date, method: DeliveryMethod) -> None:
    placed_at = timeline.placed_at
    # The warehouse starts early, stores pack what is collected when they are open.
    opens_at = at(leaves_on, time(9, 45) if method is DeliveryMethod.CLICK_AND_COLLECT else time(6, 15))
    start = max(placed_at + timedelta(minutes=30), opens_at)
    timeline.packed_at = start + timedelta(minutes=rng.randint(0, 80))
    if method in {DeliveryMethod.SAME_DAY, DeliveryMethod.CLICK_AND_COLLECT}:
        timeline.shipped_at = timeline.packed_at + timedelta(minutes=rng.randint(5, 25))
        return
    evening = at(leaves_on, time(22, 45)) + timedelta(minutes=rng.randint(0, 60))
    timeline.shipped_at = max(evening, timeline.packed_at + timedelta(minutes=5))
    timeline.sorted_at = timeline.shipped_at + timedelta(minutes=rng.randint(90, 240))


def _chance_to_be_late(promised_on: date, country: str) -> float:
    if country == "GB":
        return _LATE_ABROAD
    return _LATE_IN_DECEMBER if promised_on.month == 12 else _LATE


def _report_delay(rng: random.Random, timeline: Timeline, arrives_on: date) -> None:
    if rng.random() < _DELAY_REPORTED:
        timeline.delayed_at = at(timeline.promised_on, time(6, rng.randrange(60)))
        timeline.new_expected_on = arrives_on


def _arrive(rng: random.Random, timeline: Timeline, arrives_on: date, method: DeliveryMethod) -> None:
    if method in _TO_COLLECT:
        timeline.ready_at = _ready_at(rng, timeline, arrives_on, method)
        waits = timedelta(minutes=rng.randint(45, 5 * 24 * 60))
        timeline.delivered_at = _shop_hours(timeline.ready_at + waits, rng)
        return
    if method is not DeliveryMethod.SAME_DAY and rng.random() < _NOBODY_HOME:
        timeline.missed_at = some_time(rng, arrives_on, 10, 16)
        arrives_on = add_working_days(arrives_on, 1, "NL")
    evening = method in _IN_THE_EVENING
    timeline.out_at = at(arrives_on, time(17, rng.randrange(30)) if evening else time(7, rng.randrange(29)))
    timeline.delivered_at = some_time(rng, arrives_on, *((18, 21) if evening else (9, 17)))


def _ready_at(rng: random.Random, timeline: Timeline, arrives_on: date, method: DeliveryMethod) -> datetime:
    if method is DeliveryMethod.CLICK_AND_COLLECT and timeline.shipped_at is not None:
        on_the_day = local_day(timeline.shipped_at) == arrives_on
        return timeline.shipped_at if on_the_day else some_time(rng, arrives_on, 10, 15)
    return some_time(rng, arrives_on, 11, 15)


def _shop_hours(moment: datetime, rng: random.Random) -> datetime:
    """The same moment if shops are open, else some time on the next day."""
    local = moment.astimezone(DEFAULT_TIMEZONE)
    if 9 <= local.hour < 18:
        return moment
    return some_time(rng, local.date() + timedelta(days=1), 10, 17)
