"""Rules of sessions at the desk: tokens, how long they live, when a visit is written down. Pure."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final, Protocol

TOKEN_BYTES: Final = 32
LASTS: Final = timedelta(hours=12)
"""However busy somebody is: a shift, not a week."""
IDLE: Final = timedelta(hours=2)
"""Without a visit; an open desk visits all the time."""
TOUCH_EVERY: Final = timedelta(minutes=1)
KEPT: Final = timedelta(days=30)
"""After its end, so that it can be found out who was signed in."""
LONGEST_DEVICE: Final = 120


class Timed(Protocol):
    """What the rules look at of a session."""

    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


def make_token() -> str:
    """256 bits that nobody can foresee, as 43 characters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(token: str) -> str:
    """What is stored of a token: nobody who reads the store can sign in with it.

    >>> len(digest_of(make_token()))
    64
    """
    # A token is as random as the digest itself, so a slow hash would win nothing.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def is_alive(session: Timed, now: datetime) -> bool:
    """Whether somebody is still signed in with a session."""
    return session.revoked_at is None and now < session.expires_at and now - session.last_seen_at < IDLE


def is_worth_a_touch(session: Timed, now: datetime) -> bool:
    """Whether a visit is to be written down: not every one of them, a page asks many times a minute."""
    return now - session.last_seen_at >= TOUCH_EVERY


def name_of_device(calls_itself: str) -> str:
    r"""What is kept of a browser's own name.

    >>> name_of_device("Mozilla/5.0 (X11)\x00  Firefox\n")
    'Mozilla/5.0 (X11) Firefox'
    """
    readable = "".join(sign if sign.isprintable() else " " for sign in calls_itself)
    return " ".join(readable.split())[:LONGEST_DEVICE].rstrip()
