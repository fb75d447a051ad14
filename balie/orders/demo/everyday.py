"""The everyday trade of the demo shop: who buys when, what it costs, what comes back."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

from balie.customers.kinds import LoyaltyReason
from balie.orders.demo.aftermath import Aftermath, Points, pays_with, plan_return
from balie.orders.demo.baskets import BasketMaker
from balie.orders.demo.ledger import Ledger, WrittenOrder
from balie.orders.demo.people import DemoPerson
from balie.orders.demo.plans import Buyer, OrderPlan, Timeline, bulkiest
from balie.orders.demo.sales import SalesCalendar
from balie.orders.demo.stores import DemoStore
from balie.orders.demo.timelines import choose_method, plan_timeline
from balie.orders.kinds import DeliveryMethod

POINTS_FOR_VOUCHER: Final = 250
VOUCHER_MINOR: Final = 1_000

# As in data/shop/shop.yml; an old order keeps what it cost then.
_FREE_SHIPPING_FROM: Final = 5_000
_SHIPPING: Final = 395
_FREE_SHIPPING_ABROAD_FROM: Final = 15_000
_SHIPPING_ABROAD: Final = 795
_BIKE_FREE_FROM: Final = 100_000
_SHIPPING_BY_METHOD: Final = {
    DeliveryMethod.BIKE: 4_995,
    DeliveryMethod.BULKY: 1_995,
    DeliveryMethod.EVENING: 595,
    DeliveryMethod.SAME_DAY: 995,
    DeliveryMethod.PICKUP_POINT: 0,
    DeliveryMethod.CLICK_AND_COLLECT: 0,
}
_REDEEMS: Final = 0.4
_NEWSLETTER_DISCOUNT_SHARE: Final = 0.06
_NEWSLETTER_DISCOUNT_PERCENT: Final = 10
_BIRTHDAY_SHARE: Final = 0.1
_BIRTHDAY_POINTS: Final = 50
_PICKUP_POINTS: Final = (
    "Dagbladhandel Markt", "Supermarkt Stationsplein", "Bloemist Kerkstraat", "Drogist Dorpsstraat",
    "Boekhandel Nieuwstraat", "Dierenwinkel Parkweg",
)  # fmt: skip


def draw_moments(
    rng: random.Random,
    people: Sequence[DemoPerson],
    calendar: SalesCalendar,
    *,
    count: int,
    now: datetime,
) -> list[tuple[datetime, DemoPerson]]:
    """When which customer buys, oldest first; eager customers more often, nobody outside their days."""
    weights = list(accumulate(_eagerness(person) for person in people))
    drawn = [
        (calendar.draw_moment(rng, person.active_from, person.active_until), person)
        for person in rng.choices(people, cum_weights=weights, k=count)
    ]
    # What was drawn for later today is placed a day earlier: it has not come yet.
    past = [(moment if moment < now else moment - timedelta(days=1), person) for moment, person in drawn]
    return sorted(past, key=lambda pair: pair[0])


def _eagerness(person: DemoPerson) -> float:
    return person.activity * ((person.active_until - person.active_from).days + 1)


@dataclass(slots=True)
class EverydaySales:
    """Sells, delivers and takes back."""

    rng: random.Random
    ledger: Ledger
    baskets: BasketMaker
    stores: Sequence[DemoStore]
    _points: Points = field(init=False)
    _aftermath: Aftermath = field(init=False)

    def __post_init__(self) -> None:
        self._points = Points(self.ledger)
        self._aftermath = Aftermath(self.ledger)

    def sell(self, person: DemoPerson, placed_at: datetime, number: int) -> None:
        """Write one order and everything that has come of it."""
        lines = self.baskets.fill(self.rng, person, placed_at.month)
        method = choose_method(self.rng, bulkiest(lines), person.address.country)
        timeline = self._plan_timeline(person, placed_at, method)
        subtotal = sum(line.price_minor for line in lines)
        discount = self._redeem_voucher(person, subtotal, timeline, number)
        shipping = shipping_minor(method, person.address.country, subtotal)
        plan = OrderPlan(
            number=number,
            buyer=Buyer(person.id, person.email, person.address, person.member),
            lines=lines,
            method=method,
            pickup_place=self._pickup_place(method, person),
            payment=pays_with(self.rng, person.address.country, subtotal + shipping - discount),
            shipping_minor=shipping,
            discount_minor=discount,
            timeline=timeline,
        )
        written = self.ledger.write(plan)
        self._aftermath.write_cancellation_refund(written)
        if timeline.cancelled_at is None:
            self._collect_points(written)
            if not person.uneventful:
                self._take_back(written)

    def _plan_timeline(self, person: DemoPerson, placed_at: datetime, method: DeliveryMethod) -> Timeline:
        timeline = plan_timeline(self.rng, placed_at, method, person.address.country)
        while person.uneventful and timeline.cancelled_at is not None:
            timeline = plan_timeline(self.rng, placed_at, method, person.address.country)
        return timeline

    def _redeem_voucher(self, person: DemoPerson, subtotal: int, timeline: Timeline, number: int) -> int:
        """A voucher if there is one to spend, now and then the newsletter's discount, else nothing."""
        saved = self._points.balance(person.id)
        if saved >= POINTS_FOR_VOUCHER and subtotal > 2 * VOUCHER_MINOR and self.rng.random() < _REDEEMS:
            reason = LoyaltyReason.VOUCHER
            self._points.record(person.id, -POINTS_FOR_VOUCHER, reason, timeline.paid_at, f"DD{number}")
            return VOUCHER_MINOR
        if subtotal >= 5_000 and self.rng.random() < _NEWSLETTER_DISCOUNT_SHARE:
            return subtotal * _NEWSLETTER_DISCOUNT_PERCENT // 100
        return 0

    def _collect_points(self, written: WrittenOrder) -> None:
        plan = written.plan
        if not plan.buyer.member:
            return
        customer_id, paid_at = plan.buyer.customer_id, plan.timeline.paid_at
        points = plan.total_minor // 100
        self._points.record(customer_id, points, LoyaltyReason.ORDER, paid_at, plan.order_number)
        if self.rng.random() < _BIRTHDAY_SHARE:
            birthday = plan.timeline.placed_at + timedelta(days=self.rng.randint(5, 60))
            self._points.record(customer_id, _BIRTHDAY_POINTS, LoyaltyReason.BIRTHDAY, birthday, None)

    def _take_back(self, written: WrittenOrder) -> None:
        back = plan_return(self.rng, written)
        if back is None:
            return
        refunded = self._aftermath.write_return(written, back)
        if written.plan.buyer.member:
            customer_id, points = written.plan.buyer.customer_id, -(refunded // 100)
            number = written.plan.order_number
            self._points.record(customer_id, points, LoyaltyReason.RETURN, back.decided_at, number)

    def _pickup_place(self, method: DeliveryMethod, person: DemoPerson) -> str | None:
        if method is DeliveryMethod.PICKUP_POINT:
            return f"{self.rng.choice(_PICKUP_POINTS)}, {person.address.city}"
        if method is DeliveryMethod.CLICK_AND_COLLECT:
            own = [store for store in self.stores if store.city == person.address.city]
            return (own or [self.rng.choice(self.stores)])[0].name
        return None


def shipping_minor(method: DeliveryMethod, country: str, subtotal: int) -> int:
    """What delivery costs, in cents."""
    if method is DeliveryMethod.BIKE and subtotal >= _BIKE_FREE_FROM:
        return 0
    if method in _SHIPPING_BY_METHOD:
        return _SHIPPING_BY_METHOD[method]
    if country in {"NL", "BE"}:
        return 0 if subtotal >= _FREE_SHIPPING_FROM else _SHIPPING
    return 0 if subtotal >= _FREE_SHIPPING_ABROAD_FROM else _SHIPPING_ABROAD
