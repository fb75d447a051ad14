"""Rules of what an account may say: names, telephone numbers, and what is left of it in the end. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

import phonenumbers

LONGEST_NAME: Final = 100

# A dot is in no name here: "Bel www.voordeel.example" would be mailed in our name.
_NAME: Final = re.compile(r"['’]?[^\W\d_]+(?:[ '’-]{1,2}[^\W\d_]+)*['’]?")
_MARKS: Final = frozenset({"Mn", "Mc"})


def tidy_name(written: str) -> str | None:
    """A name in the form in which it is stored; None when it cannot be one.

    >>> tidy_name("  Anne-Fleur "), tidy_name("’t Hart"), tidy_name("王小明"), tidy_name("José María")
    ('Anne-Fleur', '’t Hart', '王小明', 'José María')
    >>> tidy_name("Sanne2"), tidy_name("www.x.example"), tidy_name(""), tidy_name("- -")
    (None, None, None, None)
    """
    name = " ".join(unicodedata.normalize("NFC", written).split())
    # Some letters have no form of their own with their accent: it follows them as a mark.
    plain = "".join(character for character in name if unicodedata.category(character) not in _MARKS)
    return name if len(name) <= LONGEST_NAME and _NAME.fullmatch(plain) else None


def tidy_phone(written: str, *, country: str) -> str | None:
    """A telephone number in the one form in which it is stored (E.164); None when it cannot be called.

    Args:
        written: As people write it, with or without the country.
        country: Where it is when it does not say so, as ISO 3166 code.

    >>> tidy_phone("06 - 12 34 56 78", country="NL"), tidy_phone("+32 470 12 34 56", country="NL")
    ('+31612345678', '+32470123456')
    >>> tidy_phone("0612", country="NL"), tidy_phone("bel me maar", country="NL")
    (None, None)
    """
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or number.extension:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def kept_until(deleted_on: date, years: int) -> date:
    """The last day on which invoices have to be kept: books are closed with the year.

    >>> kept_until(date(2026, 12, 3), 7).isoformat()
    '2033-12-31'
    """
    return date(deleted_on.year + years, 12, 31)


def erased_name(customer_id: int) -> str:
    """What stands in place of the shop's number of somebody who was erased.

    >>> erased_name(7)
    'erased-7'
    """
    return f"erased-{customer_id}"


def erased_email(customer_id: int) -> str:
    """What stands in place of their e-mail address; no mail ever goes there, and nobody can type it.

    >>> erased_email(7)
    'erased-7@invalid'
    """
    return f"{erased_name(customer_id)}@invalid"
