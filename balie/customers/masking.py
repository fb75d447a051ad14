"""Personal data shown in part: its owner recognises it, and nobody else learns it. Pure."""

from __future__ import annotations

from typing import Final

HIDDEN: Final = "•••"
_DIGITS_SHOWN: Final = 2


def mask_email(email: str) -> str:
    """An e-mail address with the first letter of its name, and its domain.

    >>> mask_email("jan.de.vries@example.nl")
    'j•••@example.nl'
    """
    name, _, domain = email.partition("@")
    return f"{name[:1]}{HIDDEN}@{domain}"


def mask_phone(phone: str) -> str:
    """A phone number with its last two digits; of a number too short for that, nothing.

    >>> mask_phone("+31 6 12345678"), mask_phone("112")
    ('•••78', '•••')
    """
    digits = [character for character in phone if character.isdigit()]
    shown = digits[-_DIGITS_SHOWN:] if len(digits) > 2 * _DIGITS_SHOWN else []
    return HIDDEN + "".join(shown)
