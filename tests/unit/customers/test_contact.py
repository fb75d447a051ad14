from __future__ import annotations

import pytest

from balie.customers.contact import normalise_email, normalise_postcode
from balie.customers.masking import mask_email


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("3811 bk", "3811BK"),
        (" 3811-BK ", "3811BK"),
        ("B-2000", "2000"),
        ("BE 2000", "2000"),
        ("L-1234", "1234"),
        ("nw3 2lp", "NW32LP"),
        ("10115", "10115"),
    ],
)
def test_postcodes_have_one_stored_form(written: str, stored: str) -> None:
    assert normalise_postcode(written) == stored


def test_addresses_have_one_stored_form() -> None:
    assert normalise_email(" Sanne@Voorbeeld.EXAMPLE ") == "sanne@voorbeeld.example"


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("jan.de.vries@example.nl", "j•••@example.nl"),
        ("s@voorbeeld.example", "s•••@voorbeeld.example"),
        ("@voorbeeld.example", "•••@voorbeeld.example"),
    ],
)
def test_masked_address_shows_one_letter(email: str, masked: str) -> None:
    assert mask_email(email) == masked
