"""How codes are written, and how a gift card's code is kept without being known. Pure."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from typing import Final

from balie.baskets.limits import LONGEST_CODE

_PURPOSE: Final = b"balie gift card"
"""Sets this use of the service's secret apart from all others."""

_LONGEST_TYPED: Final = 200


def normalise_code(typed: str) -> str:
    """A code as it is stored and compared: upper case letters and digits, without anything in between.

    >>> normalise_code(" welkom-10 "), normalise_code("ddgc 4827 1950"), normalise_code("🎁")
    ('WELKOM10', 'DDGC48271950', '')

    Returns:
        An empty text when nothing of it can belong to a code, or it is longer than any code.
    """
    wide = unicodedata.normalize("NFKC", typed[:_LONGEST_TYPED]).upper()
    code = "".join(character for character in wide if character.isascii() and character.isalnum())
    return code if len(code) <= LONGEST_CODE else ""


def last_four(code: str) -> str:
    """The end of a normalised code, which may be shown."""
    return code[-4:]


class CardDigests:
    """Turns the code of a gift card into what is kept of it: whoever reads the database cannot spend it."""

    def __init__(self, secret: str) -> None:
        """Build it on the service's secret; with another one, cards have to be imported again."""
        self._key = hmac.new(secret.encode(), _PURPOSE, hashlib.sha256).digest()

    def digest(self, code: str) -> str:
        """The keyed digest of a normalised code, 64 hexadecimal digits."""
        return hmac.new(self._key, code.encode(), hashlib.sha256).hexdigest()
