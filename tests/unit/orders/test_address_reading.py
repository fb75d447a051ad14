"""Addresses as people in six countries type them, in sentences and on several lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.orders.address_reading import read_address
from balie.orders.addresses import tidy_address


@pytest.mark.parametrize(
    ("text", "usual", "read"),
    [
        ("Stuur maar naar Kerkstraat 5-a, 1012 ab Amsterdam", "NL",
         ("Kerkstraat", "5-a", "1012AB", "Amsterdam", "NL")),
        ("Nieuwe Prinsengracht 12 bis 1018XK Amsterdam", "NL",
         ("Nieuwe Prinsengracht", "12 bis", "1018XK", "Amsterdam", "NL")),
        ("mijn nieuwe adres is Lange Voorhout 3 2514 EA Den Haag", "NL",
         ("Lange Voorhout", "3", "2514EA", "Den Haag", "NL")),
        ("het moet naar mijn werk: Stationsplein 1, 3511 ED Utrecht", "NL",
         ("Stationsplein", "1", "3511ED", "Utrecht", "NL")),
        ("'s-Gravelandseweg 40 1211 BT Hilversum", "NL",
         ("'s-Gravelandseweg", "40", "1211BT", "Hilversum", "NL")),
        ("Kerkstraat 7 bus 3, 2000 Antwerpen", "BE", ("Kerkstraat", "7 bus 3", "2000", "Antwerpen", "BE")),
        ("Rue de la Loi 16, 1000 Bruxelles, Belgique", "NL",
         ("Rue de la Loi", "16", "1000", "Bruxelles", "BE")),
        ("verander het in Dorpsstraat 8, B-8660 De Panne", "NL",
         ("Dorpsstraat", "8", "8660", "De Panne", "BE")),
        ("12 bis rue de la Paix, 75002 Paris, France", "NL",
         ("rue de la Paix", "12 bis", "75002", "Paris", "FR")),
        ("221B Baker Street, London NW1 6XE", "NL", ("Baker Street", "221B", "NW16XE", "London", "GB")),
        ("10 Downing Street\nLondon\nSW1A 2AA\nUnited Kingdom", "NL",
         ("Downing Street", "10", "SW1A2AA", "London", "GB")),
        ("Hauptstraße 12, 10115 Berlin, Deutschland", "NL",
         ("Hauptstraße", "12", "10115", "Berlin", "DE")),
        ("12, rue de la Gare, L-1611 Luxembourg", "NL",
         ("rue de la Gare", "12", "1611", "Luxembourg", "LU")),
        ("voeg Dorpsstraat 12, 3512 AB Utrecht toe", "NL",
         ("Dorpsstraat", "12", "3512AB", "Utrecht", "NL")),
        ("zet Zuidzijde 3, 4611 AB Bergen op Zoom in mijn account", "NL",
         ("Zuidzijde", "3", "4611AB", "Bergen op Zoom", "NL")),
        ("add Dorpsstraat 12, 2401 AB Alphen aan den Rijn to my account please", "NL",
         ("Dorpsstraat", "12", "2401AB", "Alphen aan den Rijn", "NL")),
    ],
)  # fmt: skip
def test_an_address_is_read_as_it_is_written_there(
    text: str, usual: str, read: tuple[str, str, str, str, str]
) -> None:
    found = read_address(text, country=usual)

    assert found is not None
    assert (found.street, found.house_number, found.postcode, found.city, found.country) == read


@pytest.mark.parametrize(
    "text",
    [
        "hallo",
        "DD1048213",
        "Kerkstraat 5, Amsterdam",
        "1012AB 5",
        "1012 AB Amsterdam",
        "Kerkstraat, 1012 AB Amsterdam",
        "ja graag",
        "",
        "🙂",
    ],
)
def test_what_is_no_whole_address_is_none(text: str) -> None:
    assert read_address(text, country="NL") is None


def test_a_country_that_is_not_known_here_is_left_to_the_policy() -> None:
    found = read_address("Calle Mayor 5, 28013 Madrid, Spain", country="NL")

    assert found is not None
    assert found.country == "ES"


@given(st.text(max_size=200), st.sampled_from(["NL", "BE", "FR", "GB", "DE", "LU"]))
def test_whatever_is_read_can_be_stored_or_is_elsewhere(text: str, usual: str) -> None:
    found = read_address(text, country=usual)

    assert found is None or found == tidy_address(found) or found.house_number == ""
