"""The named customers of the demo shop: each has one order that shows something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Final

from balie.customers.kinds import AccountType, LoyaltyReason
from balie.orders.demo.aftermath import Aftermath, Points
from balie.orders.demo.baskets import BasketMaker
from balie.orders.demo.ledger import Ledger
from balie.orders.demo.moments import LOADED_AT, at
from balie.orders.demo.people import EXTERNAL_ID_PREFIX, Address, DemoPerson, add_customer
from balie.orders.demo.plans import Buyer, OrderPlan, PlannedLine, ReturnPlan, Timeline
from balie.orders.demo.rows import DemoRows
from balie.orders.kinds import DeliveryMethod, PaymentMethod, ReturnMethod, ReturnReason
from balie.orders.working_days import add_working_days, is_working_day


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """A named customer of the demo shop, for the demo page and for trying things out.

    Attributes:
        external_id: ``sub`` of a shop-signed token.
        order_number: The order with the story; with ``email`` or ``postcode`` it identifies them.
        story: What there is to see, per language.
    """

    external_id: str
    first_name: str
    last_name: str
    language: str
    email: str
    address: Address
    order_number: str
    story: dict[str, str]

    @property
    def postcode(self) -> str:
        """Where they live, upper case without spaces."""
        return self.address.postcode


def _customer(
    name: str, language: str, address: Address, order_number: str, story: tuple[str, str]
) -> DemoCustomer:
    first, _, last = name.partition(" ")
    mailbox = f"{first}.{last}".lower().replace(" ", "")
    return DemoCustomer(
        external_id=f"{EXTERNAL_ID_PREFIX}{first.lower()}",
        first_name=first,
        last_name=last,
        language=language,
        email=f"{mailbox}@voorbeeld.example",
        address=address,
        order_number=order_number,
        story={"nl": story[0], "en": story[1]},
    )


SANNE: Final = _customer(
    "Sanne de Vries", "nl", Address("Beukenlaan", "12", "3811BK", "Amersfoort", "NL"), "DD1048213",
    ("pakket is drie werkdagen te laat; mist 20 punten voor een tegoedbon",
     "parcel is three working days late; 20 points short of a voucher"),
)  # fmt: skip
TOM: Final = _customer(
    "Tom Janssens", "nl", Address("Kerkstraat", "7", "2000", "Antwerpen", "BE"), "DD1048377",
    ("pakket ligt klaar bij een afhaalpunt in Antwerpen", "parcel is waiting at a pick-up point in Antwerp"),
)  # fmt: skip
EMMA: Final = _customer(
    "Emma Clarke", "en", Address("Voorstraat", "88", "3512AR", "Utrecht", "NL"), "DD1047902",
    ("terugbetaling is goedgekeurd en onderweg", "refund is approved and on its way"),
)  # fmt: skip
YOUSSEF: Final = _customer(
    "Youssef Tahiri", "nl", Address("Havenstraat", "31", "3024TD", "Rotterdam", "NL"), "DD1048590",
    ("pakket wordt vandaag bezorgd; tegoedbon staat klaar, 90 punten verlopen binnenkort",
     "parcel arrives today; a voucher is ready, 90 points lapse soon"),
)  # fmt: skip
LOTTE: Final = _customer(
    "Lotte Bakker", "nl", Address("Stationsweg", "5", "9726AC", "Groningen", "NL"), "DD1048655",
    ("elektrische fiets is betaald en wordt rijklaar gemaakt", "e-bike is paid and being made ready to ride"),
)  # fmt: skip
JAMES: Final = _customer(
    "James Wilson", "en", Address("High Street", "14", "NW32LP", "London", "GB"), "DD1048441",
    ("pakket is op tijd onderweg naar Londen", "parcel is on its way to London, in time"),
)  # fmt: skip
MERYEM: Final = _customer(
    "Meryem Yilmaz", "nl", Address("Parkweg", "60", "2585JJ", "Den Haag", "NL"), "DD1048702",
    ("betaling is mislukt, de bestelling wacht nog", "payment failed, the order is still waiting"),
)  # fmt: skip
PIETER: Final = _customer(
    "Pieter van Dijk", "nl", Address("Molenweg", "3", "8012EG", "Zwolle", "NL"), "DD1047655",
    ("retour is aangemeld maar nog niet bij ons binnen", "return is announced but has not reached us yet"),
)  # fmt: skip
FIEN: Final = _customer(
    "Fien Peeters", "nl", Address("Veldstraat", "22", "9000", "Gent", "BE"), "DD1048120",
    ("bestelling is geannuleerd en terugbetaald", "order was cancelled and paid back"),
)  # fmt: skip
NOOR: Final = _customer(
    "Noor Visser", "nl", Address("Lindelaan", "18", "6814KD", "Arnhem", "NL"), "DD1048031",
    ("jas, schoenen en badpak zijn deze week bezorgd: iets retourneren of ruilen",
     "jacket, boots and swimsuit arrived this week: return or exchange something"),
)  # fmt: skip
DAVID: Final = _customer(
    "David Martin", "en", Address("Witte Vrouwensingel", "9", "3581GB", "Utrecht", "NL"), "DD1048731",
    ("heeft net besteld en betaald: aantal, maat of adres nog wijzigen",
     "ordered and paid minutes ago: change quantity, size or address"),
)  # fmt: skip

_EVERYBODY: Final = (SANNE, TOM, EMMA, YOUSSEF, LOTTE, JAMES, MERYEM, PIETER, FIEN, NOOR, DAVID)

# Days ago, and points.
_POINTS: Final[dict[str, tuple[tuple[int, int, LoyaltyReason], ...]]] = {
    SANNE.external_id: (
        (420, 119, LoyaltyReason.ORDER), (250, 61, LoyaltyReason.ORDER), (90, 50, LoyaltyReason.BIRTHDAY),
    ),
    EMMA.external_id: ((300, 75, LoyaltyReason.ORDER), (40, 50, LoyaltyReason.BIRTHDAY)),
    YOUSSEF.external_id: (
        (700, 90, LoyaltyReason.ORDER), (200, 130, LoyaltyReason.ORDER), (60, 50, LoyaltyReason.BIRTHDAY),
    ),
    PIETER.external_id: ((500, 400, LoyaltyReason.ORDER), (120, -250, LoyaltyReason.VOUCHER)),
}  # fmt: skip


def list_demo_customers() -> tuple[DemoCustomer, ...]:
    """The named customers of the demo shop, in the order in which to show them."""
    return _EVERYBODY


def make_personas(rows: DemoRows, *, first_day: date, today: date) -> list[DemoPerson]:
    """Make the named customers. Their everyday orders end two months ago: the story is the latest."""
    return [_make_person(rows, customer, first_day, today) for customer in _EVERYBODY]


def write_stories(ledger: Ledger, baskets: BasketMaker, people: list[DemoPerson], *, today: date) -> None:
    """Write the order with the story, and the points, of every named customer."""
    points = Points(ledger)
    for customer, person in zip(_EVERYBODY, people, strict=True):
        for days_ago, amount, reason in _POINTS.get(customer.external_id, ()):
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
    stage.ledger.write(stage.order(("city_e_bike",), timeline, DeliveryMethod.BIKE))


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
    stage.ledger.write(stage.order(kinds, timeline, DeliveryMethod.STANDARD))


def _tell_fresh(stage: _Stage) -> None:
    placed_at = at(stage.today, LOADED_AT) - timedelta(minutes=12)
    promised_on = add_working_days(stage.today, 1, "NL")
    timeline = Timeline(
        placed_at=placed_at, promised_on=promised_on, paid_at=placed_at + timedelta(minutes=1)
    )
    stage.ledger.write(stage.order(("fleece", "hiking_socks"), timeline, DeliveryMethod.STANDARD))


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
}


def _best_seller(baskets: BasketMaker, kind: str) -> PlannedLine:
    product = baskets.product_of(kind)
    return PlannedLine(product, product.variants[len(product.variants) // 2])


def _make_person(rows: DemoRows, customer: DemoCustomer, first_day: date, today: date) -> DemoPerson:
    registered_on = first_day - timedelta(days=200)
    row = {
        "external_id": customer.external_id,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "email": customer.email,
        "phone": None,
        "language": customer.language,
        "account_type": AccountType.PERSONAL.value,
        "registered_at": at(registered_on, time(20)),
    }
    collects = customer.external_id in _POINTS
    customer_id = add_customer(rows, row, customer.address, member_since=registered_on if collects else None)
    return DemoPerson(
        id=customer_id,
        language=customer.language,
        email=customer.email,
        address=customer.address,
        interests=("cycling", "hiking"),
        activity=0.8,
        budget=0.5,
        clothing_size="M",
        shoe_size="41",
        active_from=first_day,
        active_until=today - timedelta(days=60),
        # Their points are part of the story: everyday orders add none.
        member=False,
        uneventful=True,
    )
