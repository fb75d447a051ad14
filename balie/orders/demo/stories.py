"""The order that shows something, of every named customer of the demo shop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Final

from balie.orders.demo.aftermath import Aftermath, Points
from balie.orders.demo.baskets import BasketMaker
from balie.orders.demo.ledger import Ledger, demo_provider_id
from balie.orders.demo.moments import LOADED_AT, at
from balie.orders.demo.people import DemoPerson
from balie.orders.demo.personas import (
    DAVID,
    EMMA,
    FIEN,
    JAMES,
    LOTTE,
    MERYEM,
    NOOR,
    PIETER,
    POINTS,
    PRIYA,
    SANNE,
    SEM,
    TOM,
    YOUSSEF,
    DemoCustomer,
    list_demo_customers,
)
from balie.orders.demo.plans import Buyer, OrderPlan, PlannedLine, ReturnPlan, Timeline
from balie.orders.kinds import DeliveryMethod, PaymentMethod, ReturnMethod, ReturnReason
from balie.orders.models import PaymentRow
from balie.orders.working_days import add_working_days, is_working_day


def write_stories(ledger: Ledger, baskets: BasketMaker, people: list[DemoPerson], *, today: date) -> None:
    """Write the order with the story, and the points, of every named customer."""
    points = Points(ledger)
    for customer, person in zip(list_demo_customers(), people, strict=True):
        for days_ago, amount, reason in POINTS.get(customer.external_id, ()):
            moment = at(today - timedelta(days=days_ago), time(20, 15))
            points.record(person.id, amount, reason, moment, None)
        _STORIES[customer.external_id](_Stage(ledger, baskets, customer, person, today))


@dataclass(frozen=True, slots=True)
class _Stage:
    """What a story is told with."""

    ledger: Ledger
    baskets: BasketMaker
    customer: DemoCustomer
    person: DemoPerson
    today: date

    def before(self, working_days: int) -> date:
        """The working day that lies so many working days before today."""
        day = self.today
        while working_days:
            day -= timedelta(days=1)
            working_days -= is_working_day(day, "NL")
        return day

    def order(
        self, kinds: tuple[str, ...], timeline: Timeline, method: DeliveryMethod, **details: Any
    ) -> OrderPlan:
        """The order with the story, made of the best sellers of some kinds."""
        lines = tuple(_best_seller(self.baskets, kind) for kind in kinds)
        subtotal = sum(line.price_minor for line in lines)
        buyer = Buyer(self.person.id, self.customer.email, self.customer.address, member=False)
        shipping = 395 if subtotal < 5000 else 0
        plan = {"payment": PaymentMethod.IDEAL, "pickup_place": None, "shipping_minor": shipping, **details}
        number = int(self.customer.order_number.removeprefix("DD"))
        return OrderPlan(
            number=number,
            buyer=buyer,
            lines=lines,
            method=method,
            discount_minor=0,
            timeline=timeline,
            **plan,
        )


def _sent(placed_on: date, promised_on: date) -> Timeline:
    """An order placed, packed and handed over on one evening."""
    placed_at = at(placed_on, time(19, 42))
    return Timeline(
        placed_at=placed_at,
        promised_on=promised_on,
        paid_at=placed_at + timedelta(minutes=2),
        packed_at=placed_at + timedelta(minutes=48),
        shipped_at=at(placed_on, time(22, 55)),
        sorted_at=at(placed_on + timedelta(days=1), time(1, 20)),
    )


def _tell_late(stage: _Stage) -> None:
    # Weekends do not count, neither before the promised day nor after it.
    promised_on = stage.before(3 if is_working_day(stage.today, "NL") else 4)
    timeline = _sent(promised_on - timedelta(days=1), promised_on)
    timeline.delayed_at = at(timeline.promised_on, time(6, 12))
    timeline.new_expected_on = add_working_days(stage.today, 1, "NL")
    stage.ledger.write(stage.order(("rain_jacket", "hiking_socks"), timeline, DeliveryMethod.STANDARD))


def _tell_ready(stage: _Stage) -> None:
    timeline = _sent(stage.before(3), stage.before(1))
    timeline.ready_at = at(stage.before(1), time(13, 5))
    details = {"payment": PaymentMethod.BANCONTACT, "pickup_place": "Dagbladhandel De Meir, Antwerpen"}
    stage.ledger.write(
        stage.order(("bike_helmet", "bike_light"), timeline, DeliveryMethod.PICKUP_POINT, **details)
    )


def _tell_refund(stage: _Stage) -> None:
    timeline = _sent(stage.before(14), stage.before(13))
    timeline.delivered_at = at(stage.before(13), time(14, 20))
    written = stage.ledger.write(
        stage.order(("running_shoes", "running_socks"), timeline, DeliveryMethod.STANDARD)
    )
    back = ReturnPlan(
        lines=((0, ReturnReason.TOO_SMALL),),
        method=ReturnMethod.PARCEL,
        announced_at=at(stage.before(6), time(20, 10)),
        sent_at=at(stage.before(5), time(12, 40)),
        received_at=at(stage.before(3), time(10, 5)),
        decided_at=at(stage.before(2), time(11, 30)),
        paid_at=at(add_working_days(stage.today, 2, "NL"), time(10)),
    )
    Aftermath(stage.ledger).write_return(written, back)


def _tell_today(stage: _Stage) -> None:
    timeline = _sent(stage.before(1), stage.today)
    timeline.out_at = at(stage.today, time(7, 5))
    stage.ledger.write(stage.order(("pannier", "bike_lock"), timeline, DeliveryMethod.STANDARD))


def _tell_bike(stage: _Stage) -> None:
    placed_at = at(stage.before(1), time(20, 31))
    promised_on = add_working_days(stage.today, 4, "NL")
    timeline = Timeline(
        placed_at=placed_at, promised_on=promised_on, paid_at=placed_at + timedelta(minutes=3)
    )
    stage.ledger.write(stage.order(("city_e_bike",), timeline, DeliveryMethod.BIKE, with_provider=True))


def _tell_abroad(stage: _Stage) -> None:
    timeline = _sent(stage.before(3), add_working_days(stage.today, 3, "GB"))
    details = {"payment": PaymentMethod.CREDIT_CARD, "shipping_minor": 795}
    stage.ledger.write(stage.order(("trail_shoes",), timeline, DeliveryMethod.STANDARD, **details))


def _tell_unpaid(stage: _Stage) -> None:
    placed_at = at(stage.today, LOADED_AT) - timedelta(minutes=40)
    promised_on = add_working_days(stage.today, 1, "NL")
    timeline = Timeline(
        placed_at=placed_at, promised_on=promised_on, failed_at=placed_at + timedelta(minutes=3)
    )
    stage.ledger.write(stage.order(("down_jacket",), timeline, DeliveryMethod.STANDARD))


def _tell_return(stage: _Stage) -> None:
    timeline = _sent(stage.before(9), stage.before(8))
    timeline.delivered_at = at(stage.before(8), time(11, 15))
    written = stage.ledger.write(
        stage.order(("hiking_boots", "shoe_care"), timeline, DeliveryMethod.STANDARD)
    )
    announced_at = at(stage.before(1), time(21, 2))
    back = ReturnPlan(
        lines=((0, ReturnReason.TOO_LARGE),),
        method=ReturnMethod.PARCEL,
        announced_at=announced_at,
        sent_at=None,
        received_at=None,
        decided_at=None,
        paid_at=None,
    )
    Aftermath(stage.ledger).write_return(written, back)


def _tell_cancelled(stage: _Stage) -> None:
    placed_at = at(stage.before(6), time(12, 3))
    timeline = Timeline(
        placed_at=placed_at,
        promised_on=stage.before(4),
        paid_at=placed_at + timedelta(minutes=1),
        cancelled_at=placed_at + timedelta(minutes=17),
    )
    plan = stage.order(("daypack",), timeline, DeliveryMethod.STANDARD, payment=PaymentMethod.BANCONTACT)
    Aftermath(stage.ledger).write_cancellation_refund(stage.ledger.write(plan))


def _tell_arrived(stage: _Stage) -> None:
    timeline = _sent(stage.before(4), stage.before(3))
    timeline.delivered_at = at(stage.before(3), time(13, 40))
    kinds = ("rain_jacket", "hiking_boots", "swimsuit")
    stage.ledger.write(stage.order(kinds, timeline, DeliveryMethod.STANDARD, with_provider=True))


def _tell_fresh(stage: _Stage) -> None:
    placed_at = at(stage.today, LOADED_AT) - timedelta(minutes=12)
    promised_on = add_working_days(stage.today, 1, "NL")
    timeline = Timeline(
        placed_at=placed_at, promised_on=promised_on, paid_at=placed_at + timedelta(minutes=1)
    )
    kinds = ("fleece", "hiking_socks")
    stage.ledger.write(stage.order(kinds, timeline, DeliveryMethod.STANDARD, with_provider=True))


def _tell_declined(stage: _Stage) -> None:
    placed_at = at(stage.today, LOADED_AT) - timedelta(minutes=25)
    promised_on = add_working_days(stage.today, 1, "NL")
    timeline = Timeline(
        placed_at=placed_at, promised_on=promised_on, failed_at=placed_at + timedelta(minutes=2)
    )
    details = {"payment": PaymentMethod.CREDIT_CARD}
    stage.ledger.write(stage.order(("bike_helmet", "pannier"), timeline, DeliveryMethod.STANDARD, **details))


def _tell_charged_twice(stage: _Stage) -> None:
    timeline = _sent(stage.before(1), add_working_days(stage.today, 1, "NL"))
    plan = stage.order(("daypack", "fleece"), timeline, DeliveryMethod.STANDARD, with_provider=True)
    written = stage.ledger.write(plan)
    assert timeline.paid_at is not None
    again = {
        "order_id": written.id,
        "method": plan.payment.value,
        "amount_minor": plan.total_minor,
        "started_at": timeline.paid_at + timedelta(seconds=20),
        "paid_at": timeline.paid_at + timedelta(seconds=75),
        "failed_at": None,
        "failure": None,
        "provider_id": demo_provider_id(plan, 2),
    }
    stage.ledger.rows.add(PaymentRow, again)


_STORIES: Final[dict[str, Callable[[_Stage], None]]] = {
    SANNE.external_id: _tell_late,
    TOM.external_id: _tell_ready,
    EMMA.external_id: _tell_refund,
    YOUSSEF.external_id: _tell_today,
    LOTTE.external_id: _tell_bike,
    JAMES.external_id: _tell_abroad,
    MERYEM.external_id: _tell_unpaid,
    PIETER.external_id: _tell_return,
    FIEN.external_id: _tell_cancelled,
    NOOR.external_id: _tell_arrived,
    DAVID.external_id: _tell_fresh,
    PRIYA.external_id: _tell_declined,
    SEM.external_id: _tell_charged_twice,
}


def _best_seller(baskets: BasketMaker, kind: str) -> PlannedLine:
    product = baskets.product_of(kind)
    return PlannedLine(product, product.variants[len(product.variants) // 2])
