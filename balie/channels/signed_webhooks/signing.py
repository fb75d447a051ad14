"""Signs what goes out and checks what comes in: HMAC-SHA256 over the moment and the body. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from balie.channels.errors import SignatureInvalidError

HEADER: Final = "X-Balie-Signature"
WINDOW: Final = timedelta(minutes=5)

_MOMENT: Final = re.compile(r"t=(\d{1,12})", re.ASCII)
_PRINT: Final = re.compile(r"v1=([0-9a-f]{64})", re.ASCII)


def sign(secret: str, body: bytes, at: datetime) -> str:
    """The signature of a body, as it stands in the header.

    >>> sign("s", b"{}", datetime(2026, 11, 3, 10, 0, tzinfo=UTC))[:27]
    't=1793700000,v1=4e626f803fa'
    """
    moment = int(at.timestamp())
    return f"t={moment},v1={_print_of(secret, body, moment)}"


def check_signature(secret: str, body: bytes, header: str, now: datetime) -> None:
    """Nothing when the body is signed with the secret, within the last five minutes.

    While a secret is changed there may be several ``v1=`` in the header.

    Raises:
        SignatureInvalidError: It is not; which of it, nobody is told.
    """
    parts = [part.strip() for part in header.split(",")]
    moments = [found.group(1) for part in parts if (found := _MOMENT.fullmatch(part))]
    prints = [found.group(1) for part in parts if (found := _PRINT.fullmatch(part))]
    if len(moments) != 1 or not prints:
        raise SignatureInvalidError
    moment = int(moments[0])
    expected = _print_of(secret, body, moment)
    # Every one is compared: how long it takes says nothing.
    matches = [hmac.compare_digest(expected, found) for found in prints]
    if not any(matches) or abs(now - datetime.fromtimestamp(moment, UTC)) > WINDOW:
        raise SignatureInvalidError


def _print_of(secret: str, body: bytes, moment: int) -> str:
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
