"""Rules of a delivery address: filled in, in one form, with a postcode as the country writes it. Pure."""

from __future__ import annotations

import re
from typing import Final

from balie.customers.contact import normalise_postcode
from balie.orders.changes_asked import DeliveryAddress

# Without spaces, as stored. Countries that are not listed are not checked beyond length.
_POSTCODES: Final = {
    "NL": re.compile(r"[1-9]\d{3}[A-Z]{2}"),
    "BE": re.compile(r"[1-9]\d{3}"),
    "LU": re.compile(r"[1-9]\d{3}"),
    "DE": re.compile(r"\d{5}"),
    "FR": re.compile(r"\d{5}"),
    "GB": re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}"),
}
_ANY_POSTCODE: Final = re.compile(r"[A-Z\d]{2,12}")
_LONGEST: Final = {"street": 120, "house_number": 16, "city": 80}
"""What the columns of an order hold."""


def tidy_address(address: DeliveryAddress) -> DeliveryAddress | None:
    """The address in the form in which it is stored; None when a parcel could not go there.

    >>> tidy_address(DeliveryAddress(
    ...     street="Beukenlaan ", house_number="12", postcode="3811 bk", city="Amersfoort", country="nl"
    ... )).postcode
    '3811BK'
    """
    country = address.country.strip().upper()
    form = _POSTCODES.get(country, _ANY_POSTCODE)
    postcode = normalise_postcode(address.postcode)
    fields = {name: " ".join(getattr(address, name).split()) for name in _LONGEST}
    if not all(_fits(written, _LONGEST[name]) for name, written in fields.items()):
        return None
    if not all(_is_a_name(fields[name], country) for name in ("street", "city")):
        return None
    if not re.fullmatch(r"[A-Z]{2}", country) or not form.fullmatch(postcode):
        return None
    return DeliveryAddress(**fields, postcode=postcode, country=country)


def _fits(written: str, longest: int) -> bool:
    # What cannot be printed cannot be on a label, and PostgreSQL takes no NUL.
    return 0 < len(written) <= longest and written.isprintable()


def _is_a_name(written: str, country: str) -> bool:
    """Whether this can be a street or a city: words, and not a postcode that landed in the wrong field."""
    form = _POSTCODES.get(country)
    is_postcode = form is not None and form.fullmatch(normalise_postcode(written)) is not None
    return any(letter.isalpha() for letter in written) and not is_postcode
