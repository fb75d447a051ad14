from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.catalogue.place_tables import BELGIAN_POSTCODES, CITIES, DUTCH_POSTCODES
from balie.catalogue.places import Place, distance_km, locate


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("3811BK", "Amersfoort"),
        ("3811 bk", "Amersfoort"),
        ("mijn postcode is 9726 AC", "Groningen"),
        ("6221", "Maastricht"),
        ("Utrecht", "Utrecht"),
        ("utrect", "Utrecht"),
        ("de winkel in den haag", "Den Haag"),
        ("The Hague", "Den Haag"),
        ("'s-Hertogenbosch", "Den Bosch"),
        ("ede", "Ede"),
    ],
)
def test_place_is_recognised_as_customers_write_it(text: str, city: str) -> None:
    found = locate(Place(text))

    assert found is not None
    assert distance_km(found, CITIES[city]) < 12


def test_four_digits_are_read_as_the_customers_country_writes_them() -> None:
    dutch, belgian = locate(Place("2000")), locate(Place("2000", country="BE"))

    assert dutch is not None
    assert belgian is not None
    assert distance_km(dutch, CITIES["Haarlem"]) < 12
    assert distance_km(belgian, CITIES["Antwerpen"]) < 12


@pytest.mark.parametrize("text", ["", "ergens", "0000", "xyz", "🙂", "eden"])
def test_place_that_is_not_recognised_is_none(text: str) -> None:
    assert locate(Place(text)) is None


def test_cities_of_the_stores_are_known_too() -> None:
    assert locate(Place("Knokke"), extra_places={"Knokke": (51.34, 3.29)}) == (51.34, 3.29)


def test_every_table_lies_in_the_low_countries() -> None:
    points = [*CITIES.values(), *DUTCH_POSTCODES.values(), *BELGIAN_POSTCODES.values()]

    assert all(49.4 < latitude < 53.7 and 2.5 < longitude < 7.3 for latitude, longitude in points)


def test_every_dutch_postcode_leads_somewhere() -> None:
    assert all(locate(Place(str(digits))) for digits in range(1000, 10_000, 7))


@settings(deadline=None)
@given(st.text(max_size=80))
def test_no_text_is_too_strange_to_be_located(text: str) -> None:
    locate(Place(text))
