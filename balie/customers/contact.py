"""Rules of e-mail addresses and postcodes: one written form for each. Pure."""

from __future__ import annotations

import re


def normalise_email(email: str) -> str:
    """The one form in which an address is stored and compared.

    >>> normalise_email(" Sanne@Voorbeeld.example ")
    'sanne@voorbeeld.example'
    """
    return email.strip().lower()


def normalise_postcode(postcode: str) -> str:
    """The one form in which a postcode is stored and compared.

    >>> normalise_postcode("3811 bk"), normalise_postcode("B-2000")
    ('3811BK', '2000')
    """
    letters_and_digits = re.sub(r"[^0-9A-Za-z]", "", postcode).upper()
    # Belgian and Luxembourg addresses often carry the country in front: B-2000, L-1234.
    return re.sub(r"^(?:B|BE|L|LU)(?=\d{4}$)", "", letters_and_digits)
