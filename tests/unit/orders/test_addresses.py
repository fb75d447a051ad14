from __future__ import annotations

from dataclasses import replace

import pytest

from balie.orders.addresses import tidy_address
from balie.orders.changes_asked import DeliveryAddress

HOME = DeliveryAddress(
    street="  Beukenlaan ", house_number="12 a", postcode="3811 bk", city="Amersfoort", country="nl"
)


def test_address_is_kept_in_one_form() -> None:
    assert tidy_address(HOME) == DeliveryAddress(
        street="Beukenlaan", house_number="12 a", postcode="3811BK", city="Amersfoort", country="NL"
    )


@pytest.mark.parametrize(
    ("country", "postcode"),
    [
        ("NL", "3811 BK"),
        ("BE", "B-2000"),
        ("LU", "L-1234"),
        ("DE", "10115"),
        ("FR", "75001"),
        ("GB", "NW3 2LP"),
        ("GB", "M1 1AE"),
        ("IT", "00184"),
    ],
)
def test_every_country_has_postcodes_of_its_own(country: str, postcode: str) -> None:
    assert tidy_address(replace(HOME, country=country, postcode=postcode)) is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"postcode": ""},
        {"postcode": "0123 AB"},
        {"postcode": "75001"},
        {"country": "Nederland"},
        {"street": "12"},
        {"street": "3811 BK"},
        {"city": "3811 BK"},
        {"city": " "},
        {"house_number": ""},
        {"house_number": "1" * 17},
        {"street": "Beuken\x00laan"},
    ],
)
def test_address_where_no_parcel_could_go_is_none(wrong: dict[str, str]) -> None:
    assert tidy_address(replace(HOME, **wrong)) is None
