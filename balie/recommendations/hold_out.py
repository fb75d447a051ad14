"""Chance without dice: the same person is always in the same group, the same occasion gives the same draw.

Pure. A digest of who or what it is, as a number in [0, 1): nothing is stored, and a crash changes nothing.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final, NamedTuple

from balie.recommendations.asked import Who

_HOLD_OUT: Final = "hold-out"
_RANGE: Final = float(1 << 64)


class Draw(NamedTuple):
    """Two numbers in [0, 1): whether to explore, and what."""

    explores: float
    picks: float


def draw_for(occasion: str) -> Draw:
    """What chance says on an occasion; always the same."""
    return Draw(_number("explores", occasion), _number("picks", occasion))


def is_held_out(who: Who, share: float) -> bool:
    """Whether a person is in the hold-out: a customer for good, a stranger for their conversation.

    A larger share keeps everybody who was in it.
    """
    name = f"customer:{who.customer_id}" if who.customer_id is not None else f"stranger:{who.conversation_id}"
    return _number(_HOLD_OUT, name) < share


def _number(purpose: str, name: str) -> float:
    digest = blake2b(name.encode(), digest_size=8, person=purpose.encode()).digest()
    return int.from_bytes(digest, "big") / _RANGE
