"""Personal data shown in part: its owner recognises it, and nobody else learns it. Pure."""

from __future__ import annotations

from typing import Final

HIDDEN: Final = "•••"


def mask_email(email: str) -> str:
    """An e-mail address with the first letter of its name, and its domain.

    >>> mask_email("jan.de.vries@example.nl")
    'j•••@example.nl'
    """
    name, _, domain = email.partition("@")
    return f"{name[:1]}{HIDDEN}@{domain}"
