"""The named customers of the demo shop: each has one order that shows something (``stories.py``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from balie.customers.kinds import AccountType, ConsentPurpose, LoyaltyReason
from balie.customers.models import ConsentRow
from balie.orders.demo.moments import at
from balie.orders.demo.people import EXTERNAL_ID_PREFIX, Address, DemoPerson, add_customer
from balie.orders.demo.rows import DemoRows


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
PRIYA: Final = _customer(
    "Priya Raman", "en", Address("Catharinastraat", "27", "5611JD", "Eindhoven", "NL"), "DD1048718",
    ("creditcard is geweigerd, de bestelling is nog niet betaald",
     "card was declined, the order is not paid yet"),
)  # fmt: skip
SEM: Final = _customer(
    "Sem Bakker", "nl", Address("Dijkstraat", "41", "7411HA", "Deventer", "NL"), "DD1048694",
    ("hetzelfde bedrag is twee keer afgeschreven", "the same amount was charged twice"),
)  # fmt: skip

_EVERYBODY: Final = (
    SANNE, TOM, EMMA, YOUSSEF, LOTTE, JAMES, MERYEM, PIETER, FIEN, NOOR, DAVID, PRIYA, SEM,
)  # fmt: skip

POINTS: Final[dict[str, tuple[tuple[int, int, LoyaltyReason], ...]]] = {
    SANNE.external_id: (
        (420, 119, LoyaltyReason.ORDER), (250, 61, LoyaltyReason.ORDER), (90, 50, LoyaltyReason.BIRTHDAY),
    ),
    EMMA.external_id: ((300, 75, LoyaltyReason.ORDER), (40, 50, LoyaltyReason.BIRTHDAY)),
    YOUSSEF.external_id: (
        (700, 90, LoyaltyReason.ORDER), (200, 130, LoyaltyReason.ORDER), (60, 50, LoyaltyReason.BIRTHDAY),
    ),
    PIETER.external_id: ((500, 400, LoyaltyReason.ORDER), (120, -250, LoyaltyReason.VOUCHER)),
}  # fmt: skip
"""Of those who collect some: how many days ago, how many, and for what."""

_WITHOUT_ADVICE: Final = frozenset({PIETER.external_id})
"""Who does not want advice made of what we know of them; everybody else does."""


def list_demo_customers() -> tuple[DemoCustomer, ...]:
    """The named customers of the demo shop, in the order in which to show them."""
    return _EVERYBODY


def make_personas(rows: DemoRows, *, first_day: date, today: date) -> list[DemoPerson]:
    """Make the named customers. Their everyday orders end two months ago: the story is the latest."""
    return [_make_person(rows, customer, first_day, today) for customer in _EVERYBODY]


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
    collects = customer.external_id in POINTS
    customer_id = add_customer(rows, row, customer.address, member_since=registered_on if collects else None)
    advice = {
        "customer_id": customer_id,
        "purpose": ConsentPurpose.PERSONAL_ADVICE.value,
        "granted": customer.external_id not in _WITHOUT_ADVICE,
        "source": "registration",
        "recorded_at": row["registered_at"],
    }
    rows.add(ConsentRow, advice)
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
