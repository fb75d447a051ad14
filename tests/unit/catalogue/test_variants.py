from __future__ import annotations

import pytest

from balie.catalogue.variants import is_colour, is_size, normalise_size
from balie.catalogue.words import in_language

DARK_BLUE = {"nl": "donkerblauw", "en": "dark blue"}
GREEN = {"nl": "groen", "en": "green"}


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("maat 42", "42"),
        ("42,5", "42.5"),
        ("size L", "L"),
        ("xl", "XL"),
        ("medium", "M"),
        ("EU 43", "43"),
        ("57 CM", "57 cm"),
    ],
)
def test_size_is_understood_as_customers_write_it(written: str, size: str) -> None:
    assert is_size(written, size)


def test_another_size_is_another_size() -> None:
    assert not is_size("43", "42")
    assert normalise_size("L") != normalise_size("XL")


def test_any_size_will_do_when_none_is_asked_for_or_made() -> None:
    assert is_size(None, "42")
    assert is_size("42", None)


@pytest.mark.parametrize("written", ["groen", "groene", "Green", "het groene"])
def test_colour_is_understood_in_either_language(written: str) -> None:
    assert is_colour(written.removeprefix("het "), GREEN)


@pytest.mark.parametrize(
    ("written", "dutch"),
    [
        ("rode", "rood"),
        ("gele", "geel"),
        ("witte", "wit"),
        ("grijze", "grijs"),
        ("zwarte", "zwart"),
        ("paarse", "paars"),
        ("blauwe", "donkerblauw"),
        ("roze", "roze"),
        ("oranje", "oranje"),
    ],
)
def test_dutch_adjective_endings_do_no_harm(written: str, dutch: str) -> None:
    assert is_colour(written, {"nl": dutch})


def test_blue_is_good_enough_for_dark_blue_but_not_the_other_way_round() -> None:
    assert is_colour("blauw", DARK_BLUE)
    assert is_colour("dark blue", DARK_BLUE)
    assert not is_colour("donkerblauw", {"nl": "blauw", "en": "blue"})


def test_another_colour_is_another_colour() -> None:
    assert not is_colour("rood", GREEN)
    assert not is_colour("green", DARK_BLUE)


def test_any_colour_will_do_when_none_is_asked_for_or_there_is_only_one() -> None:
    assert is_colour(None, GREEN)
    assert is_colour("rood", {})


def test_text_falls_back_to_a_language_that_is_there() -> None:
    assert in_language({"nl": "tent"}, "fr") == "tent"
    assert in_language({"zh": "帐篷"}, "nl") == "帐篷"
    assert in_language({}, "nl") == ""
