from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.handoff.contacts import mask_number, read_contact
from balie.handoff.errors import ContactInvalidError
from balie.handoff.kinds import Wish


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0612345678", "+31612345678"),
        ("06-12 34 56 78", "+31612345678"),
        ("mijn nummer is 06 12345678, graag na zessen", "+31612345678"),
        ("+31 6 12345678", "+31612345678"),
        ("0031612345678", "+31612345678"),
        ("+32 470 12 34 56", "+32470123456"),
        ("call me on +44 20 7946 0018!", "+442079460018"),
        ("020 624 1111", "+31206241111"),
    ],
)
def test_a_number_is_found_in_what_was_typed(typed: str, number: str) -> None:
    assert read_contact(Wish.CALL, typed, country="NL") == number


@pytest.mark.parametrize(
    "typed", ["", "straks", "1234", "bestelling 1002003", "06 12", "sanne@voorbeeld.example"]
)
def test_what_nobody_can_be_called_on_is_refused(typed: str) -> None:
    with pytest.raises(ContactInvalidError):
        read_contact(Wish.CALL, typed, country="NL")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("sanne@voorbeeld.example", "sanne@voorbeeld.example"),
        ("Mail maar naar sanne.de.wit+dd@voorbeeld.example.", "sanne.de.wit+dd@voorbeeld.example"),
        ("Sanne <sanne@voorbeeld.example>", "sanne@voorbeeld.example"),
        ('("sanne@voorbeeld.example")', "sanne@voorbeeld.example"),
    ],
)
def test_an_address_is_found_in_what_was_typed(typed: str, address: str) -> None:
    assert read_contact(Wish.MAIL, typed, country="NL") == address


@pytest.mark.parametrize("typed", ["", "sanne", "sanne@", "@voorbeeld.example", "a@b", "0612345678"])
def test_what_nobody_can_be_written_to_is_refused(typed: str) -> None:
    with pytest.raises(ContactInvalidError):
        read_contact(Wish.MAIL, typed, country="NL")


def test_a_letter_cannot_be_smuggled_to_a_second_address() -> None:
    typed = "sanne@voorbeeld.example\r\nBcc: mark@voorbeeld.example"
    assert read_contact(Wish.MAIL, typed, country="NL") == "sanne@voorbeeld.example"


def test_only_the_end_of_a_number_is_shown() -> None:
    assert mask_number("+31612345678") == "•••• 5678"


@given(st.sampled_from([Wish.CALL, Wish.MAIL]), st.text(max_size=200))
def test_whatever_is_typed_is_a_contact_or_is_refused(wish: Wish, text: str) -> None:
    try:
        contact = read_contact(wish, text, country="NL")
    except ContactInvalidError:
        return
    assert contact.startswith("+") if wish is Wish.CALL else "@" in contact
    assert not any(character.isspace() for character in contact)
