"""The words that the tables of channels may hold."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

CHATWOOT: Final = "chatwoot"
WEBHOOK_DESK: Final = "webhook"
TELEGRAM: Final = "telegram"
WEBHOOK_CHANNEL: Final = "webhook_channel"

ORDERED_BY_KEY: Final = frozenset({TELEGRAM})
"""Channels whose events bear keys that sort in the order in which things happened, however they arrive."""


class EventState(StrEnum):
    """How far something is that came in."""

    WAITING = "waiting"
    DONE = "done"
    GIVEN_UP = "given_up"


class CallState(StrEnum):
    """How far something is that goes out."""

    WAITING = "waiting"
    SENDING = "sending"
    """Begun: whether the other side has it, nobody can tell until it has answered."""
    SENT = "sent"
    DROPPED = "dropped"
    """What it was about had ended before it was begun."""
    GIVEN_UP = "given_up"
    """The other side will not have it."""
