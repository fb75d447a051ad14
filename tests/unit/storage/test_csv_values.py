from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import pytest

from balie.storage import csv_values
from balie.storage.csv_values import BadValueError, Column, read_values


class Fruit(StrEnum):
    APPLE = "apple"
    PEAR = "pear"


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("89,95", 8995),
        ("89.95", 8995),
        ("1.299,00", 129_900),
        ("1,299.00", 129_900),
        ("1 299,5", 129_950),
        ("1.299", 129_900),
        ("€ 12", 1200),
        ("0", 0),
    ],
)
def test_amounts_are_understood_as_people_write_them(written: str, cents: int) -> None:
    assert csv_values.amount(written) == cents


@pytest.mark.parametrize("written", ["-1", "free", "1.2.3", "12,345,6", "1e3", "99999999999"])
def test_what_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(BadValueError):
        csv_values.amount(written)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-03T14:05:00+01:00", datetime(2026, 11, 3, 13, 5, tzinfo=UTC)),
        ("2026-11-03 14:05", datetime(2026, 11, 3, 13, 5, tzinfo=UTC)),
        ("2026-07-03 14:05", datetime(2026, 7, 3, 12, 5, tzinfo=UTC)),
        ("2026-11-03T13:05:00Z", datetime(2026, 11, 3, 13, 5, tzinfo=UTC)),
        ("2026-11-03", datetime(2026, 11, 2, 23, 0, tzinfo=UTC)),
    ],
)
def test_moments_without_an_offset_are_the_shops_own_time(written: str, moment: datetime) -> None:
    assert csv_values.moment(written) == moment


def test_day_leaves_a_time_out() -> None:
    assert csv_values.day("2026-11-03 23:59") == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("reader", "written"),
    [
        (csv_values.day, "03-11-2026"),
        (csv_values.moment, "yesterday"),
        (csv_values.moment, "0001-01-01"),
        (csv_values.email, "sanne at voorbeeld.example"),
        (csv_values.email, "sanne@" + "x" * 260 + ".example"),
        (csv_values.text(5), "too long"),
        (csv_values.code(2), "NLD"),
        (csv_values.code(2), "é1"),
        (csv_values.one_of_words(Fruit), "banana"),
        (csv_values.whole_number(1), "-3"),
        (csv_values.whole_number(0), "1.5"),
        (csv_values.yes_or_no, "perhaps"),
    ],
)
def test_refusals_never_quote_the_value(reader: Callable[[str], Any], written: str) -> None:
    with pytest.raises(BadValueError) as caught:
        reader(written)

    assert written not in str(caught.value)


@pytest.mark.parametrize(("written", "meant"), [("Ja", True), ("no", False), ("1", True), ("NEE", False)])
def test_yes_and_no_are_understood_in_both_languages(written: str, meant: bool) -> None:
    assert csv_values.yes_or_no(written) is meant


@pytest.mark.parametrize(
    "address",
    [
        "https://shop.example/tent?size=2#facts",
        "https://shop.example:8443/tent",
        "https://[2001:db8::1]/tent",
        "https://fietsen.example/café",
    ],
)
def test_addresses_that_browsers_may_open_are_taken_as_they_are(address: str) -> None:
    assert csv_values.web_address(100)(address) == address


@pytest.mark.parametrize(
    "written",
    [
        "http://shop.example/tent",
        "https://",
        "https:///tent",
        "https://:443/tent",
        "https://[x",
        "https://[x]/tent",
        "https://exa℀mple.com/",
        "https://shop.example:99999/tent",
        "https://shop.example:tent/",
        "https://shop.example/" + "x" * 100,
    ],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(BadValueError):
        csv_values.web_address(100)(written)


def test_empty_required_value_names_its_column() -> None:
    with pytest.raises(BadValueError, match="column email: it is empty"):
        read_values({"email": Column(csv_values.email, required=True)}, {"email": ""})


def test_missing_optional_value_takes_its_default() -> None:
    assert read_values({"fruit": Column(csv_values.one_of_words(Fruit), default="pear")}, {}) == {
        "fruit": "pear"
    }


def test_bad_value_names_its_column() -> None:
    with pytest.raises(BadValueError, match="column fruit: not one of apple, pear"):
        read_values({"fruit": Column(csv_values.one_of_words(Fruit))}, {"fruit": "banana"})
