"""Makes the demo shop's customers: names, addresses, tastes, consents. All of them are invented."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import tomllib

from balie.customers.kinds import AccountType, AddressKind, ConsentPurpose
from balie.customers.models import ConsentRow, CustomerAddressRow, CustomerRow, LoyaltyAccountRow
from balie.orders.demo.moments import at
from balie.orders.demo.rows import DemoRows

EXTERNAL_ID_PREFIX: Final = "demo-"
EMAIL_DOMAINS: Final = ("voorbeeld.example", "post.voorbeeld.example", "mail.example")
INTERESTS: Final = (
    "cycling", "hiking", "camping", "running", "water", "winter", "family", "climbing", "fitness",
)  # fmt: skip
_INTEREST_WEIGHTS: Final = (26, 22, 14, 14, 8, 8, 6, 4, 5)
_CLOTHING_SIZES: Final = ("XS", "S", "M", "L", "XL", "XXL")
_CLOTHING_WEIGHTS: Final = (6, 20, 30, 26, 13, 5)
_MEMBER_SHARE: Final = 0.55
_CONSENT_SHARES: Final = {
    ConsentPurpose.NEWSLETTER: 0.45,
    ConsentPurpose.PERSONAL_ADVICE: 0.6,
    ConsentPurpose.MOOD: 0.8,
}
_TABLE: Final = Path(__file__).parent / "tables" / "people.toml"
_POSTCODE_LETTERS: Final = "ABCDEGHJKLMNPRSTVWXZ"


@dataclass(frozen=True, slots=True)
class Address:
    """Where parcels go."""

    street: str
    house_number: str
    postcode: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A customer with the tastes that shape what they buy.

    Attributes:
        interests: What they are into, dearest first.
        activity: How often they buy; 1.0 is average, a few buy ten times as often.
        budget: 0.0 picks the cheapest, 1.0 the dearest.
        active_from: The first day on which they may buy; ``active_until`` the last.
        member: Whether they collect points.
        uneventful: Whether everything they buy arrives and stays: named customers' returns are their story.
    """

    id: int
    language: str
    email: str
    address: Address
    interests: tuple[str, ...]
    activity: float
    budget: float
    clothing_size: str
    shoe_size: str
    active_from: date
    active_until: date
    member: bool
    uneventful: bool = False


def make_people(
    rows: DemoRows, rng: random.Random, count: int, *, first_day: date, today: date
) -> list[DemoPerson]:
    """Make customers; two thirds were there before ``first_day``, the others came in between."""
    groups = _tables()["group"]
    shares = [group["share"] for group in groups]
    chosen = rng.choices(groups, shares, k=count)
    return [_make_person(rows, rng, group, (first_day, today)) for group in chosen]


def add_customer(rows: DemoRows, row: dict[str, Any], address: Address, *, member_since: date | None) -> int:
    """Keep a customer, where they live, and their membership; answers the customer's id."""
    customer_id = rows.add(CustomerRow, row)
    home = {"customer_id": customer_id, "kind": AddressKind.HOME.value, **address_columns(address)}
    rows.add(CustomerAddressRow, home)
    if member_since is not None:
        rows.add_unnumbered(LoyaltyAccountRow, {"customer_id": customer_id, "joined_on": member_since})
    return customer_id


def address_columns(address: Address) -> dict[str, Any]:
    """The address as columns; customers and orders have the same ones."""
    return {
        "street": address.street,
        "house_number": address.house_number,
        "postcode": address.postcode,
        "city": address.city,
        "country": address.country,
    }


def _make_person(
    rows: DemoRows, rng: random.Random, group: dict[str, Any], span: tuple[date, date]
) -> DemoPerson:
    number = len(rows.of(CustomerRow)) + 1
    active_from, active_until = _active_days(rng, *span)
    registered_on = active_from - timedelta(days=rng.randrange(0, 3 if active_from > span[0] else 1500))
    member = rng.random() < _MEMBER_SHARE
    row = _customer_row(rng, group, number, at(registered_on, time(rng.randint(7, 22), rng.randrange(60))))
    address = _address(rng, group["country"])
    customer_id = add_customer(rows, row, address, member_since=registered_on if member else None)
    _add_extras(rows, rng, customer_id, row["registered_at"], address.country)
    shoe = rng.triangular(36, 46, 39 if rng.random() < 0.5 else 43)
    return DemoPerson(
        id=customer_id,
        language=row["language"],
        email=row["email"],
        address=address,
        interests=_interests(rng),
        activity=rng.lognormvariate(0.0, 0.95),
        budget=rng.betavariate(2, 2.5),
        clothing_size=rng.choices(_CLOTHING_SIZES, _CLOTHING_WEIGHTS)[0],
        shoe_size=str(round(shoe)),
        active_from=active_from,
        active_until=active_until,
        member=member,
    )


def _active_days(rng: random.Random, first_day: date, today: date) -> tuple[date, date]:
    """Most stay; some are new, some stop coming."""
    days = (today - first_day).days
    starts = 0 if rng.random() < 0.65 else int(rng.random() * days * 0.98)
    ends = days if rng.random() < 0.8 else starts + int(rng.random() * (days - starts))
    return first_day + timedelta(days=starts), first_day + timedelta(days=ends)


def _interests(rng: random.Random) -> tuple[str, ...]:
    wanted = rng.choice((1, 2, 2, 3))
    chosen: dict[str, None] = {}
    while len(chosen) < wanted:
        chosen.update(dict.fromkeys(rng.choices(INTERESTS, _INTEREST_WEIGHTS)))
    return tuple(chosen)


def _customer_row(
    rng: random.Random, group: dict[str, Any], number: int, registered_at: datetime
) -> dict[str, Any]:
    first, last = rng.choice(group["first_names"]), rng.choice(group["last_names"])
    business = rng.random() < 0.03
    return {
        "external_id": f"{EXTERNAL_ID_PREFIX}{number:05d}",
        "first_name": first,
        "last_name": last,
        "email": f"{_plain(first)}.{_plain(last)}{number}@{rng.choice(EMAIL_DOMAINS)}",
        "phone": f"+31 6 555 {number // 100:02d} {number % 100:02d}" if rng.random() < 0.7 else None,
        "language": group["language"],
        "account_type": (AccountType.BUSINESS if business else AccountType.PERSONAL).value,
        "registered_at": registered_at,
    }


def _add_extras(
    rows: DemoRows, rng: random.Random, customer_id: int, registered_at: datetime, country: str
) -> None:
    if rng.random() < 0.12:
        other = address_columns(_address(rng, country))
        rows.add(
            CustomerAddressRow, {"customer_id": customer_id, "kind": AddressKind.DELIVERY.value, **other}
        )
    for purpose, share in _CONSENT_SHARES.items():
        consent = {
            "customer_id": customer_id,
            "purpose": purpose.value,
            "granted": rng.random() < share,
            "source": "registration",
            "recorded_at": registered_at,
        }
        rows.add(ConsentRow, consent)


def _address(rng: random.Random, country: str) -> Address:
    places, weights = _places(country)
    place = rng.choices(places, cum_weights=weights)[0]
    number = str(min(rng.randint(1, 180), rng.randint(1, 180))) + (
        rng.choice("AB") if rng.random() < 0.08 else ""
    )
    street = rng.choice(_tables()["streets"][country])
    return Address(street, number, _postcode(rng, country, place["postcodes"]), place["city"], country)


def _postcode(rng: random.Random, country: str, postcodes: list[Any]) -> str:
    if country == "GB":
        return f"{rng.choice(postcodes)}{rng.randint(1, 9)}{rng.choice('ABDEFGHJ')}{rng.choice('LNPQRSTU')}"
    digits = str(rng.randint(*postcodes))
    letters = rng.choice(_POSTCODE_LETTERS) + rng.choice("ABCEGHJKLMNPRTVWXZ") if country == "NL" else ""
    return digits + letters


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.lower())
    return "".join(character for character in decomposed if character.isascii() and character.isalpha())


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


@cache
def _places(country: str) -> tuple[list[dict[str, Any]], list[float]]:
    places = _tables()["places"][country]
    return places, list(accumulate(place["weight"] for place in places))
