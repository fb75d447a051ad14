"""Where customers who do not wait want to be reached. Pure."""

from __future__ import annotations

from typing import Final

import phonenumbers

from balie.handoff.errors import ContactInvalidError
from balie.handoff.kinds import Wish
from balie.kernel.mail_address import is_plain_address

_SHOWN_DIGITS: Final = 4


def read_contact(wish: Wish, text: str, *, country: str) -> str:
    """The number (``+31612345678``) or the address that a customer has typed.

    Args:
        wish: What it is for.
        text: As typed, perhaps with words around it.
        country: Whose numbers need no country code; ISO 3166.

    Raises:
        ContactInvalidError: There is none in it.
    """
    return _number(text, country) if wish is Wish.CALL else _address(text)


def mask_number(number: str) -> str:
    """Enough of a number to know it by.

    >>> mask_number("+31612345678")
    '•••• 5678'
    """
    return f"•••• {number[-_SHOWN_DIGITS:]}"


def _number(text: str, country: str) -> str:
    for found in phonenumbers.PhoneNumberMatcher(text, country):
        return phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
    raise ContactInvalidError


def _address(text: str) -> str:
    words = (word.strip(".,;:<>()\"'") for word in text.split())
    found = next(filter(is_plain_address, words), None)
    if found is None:
        raise ContactInvalidError
    return found
