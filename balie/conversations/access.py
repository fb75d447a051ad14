"""Who may see what: the one rule that decides how far a customer's records are open to a conversation. Pure.

Actions and texts ask nobody else. Whoever is vouched for by the shop, reads the customer's mail, or knows an
order and its e-mail address, is that customer. A postcode is known to neighbours too: it opens the one order
and nothing more. No proof holds for ever: the window may be left open, and somebody else sit down at it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from balie.conversations.views import Conversation, Proof
from balie.orders.identification import order_number_candidates


class Level(IntEnum):
    """How sure we are of who is talking; a higher one may do all that a lower one may."""

    NOBODY = 0
    ORDER = 1
    """Knows an order number and its postcode: that one order, and nothing else of the customer."""
    CUSTOMER = 2
    """Is the customer: order number and e-mail address, code by mail, or the shop's token."""
    FRESH = 3
    """Is the customer, and showed it just now by the shop's token or a code by mail."""


@dataclass(frozen=True, slots=True)
class Hold:
    """What a proof is worth for how long, counted from when it was shown."""

    level: Level
    lasts: timedelta


HOLDS: Final[Mapping[Proof, Sequence[Hold]]] = {
    Proof.SHOP_TOKEN: (
        Hold(Level.FRESH, timedelta(minutes=30)),
        Hold(Level.CUSTOMER, timedelta(hours=12)),
    ),
    Proof.EMAIL_CODE: (
        Hold(Level.FRESH, timedelta(minutes=15)),
        Hold(Level.CUSTOMER, timedelta(minutes=60)),
    ),
    Proof.ORDER_EMAIL: (Hold(Level.CUSTOMER, timedelta(minutes=60)),),
    Proof.ORDER_POSTCODE: (Hold(Level.ORDER, timedelta(minutes=30)),),
}
"""How every proof wears off, the shortest first. Showing one again renews it; talking on does not."""


@dataclass(frozen=True, slots=True)
class Access:
    """How far one customer's records are open.

    Attributes:
        level: How sure we are of them; never ``NOBODY``.
        only_order: Number of the one order that may be seen; None when everything of this customer may.
    """

    customer_id: int
    level: Level
    only_order: str | None = None

    @property
    def covers_customer(self) -> bool:
        """Whether points, addresses and every order may be seen."""
        return self.level >= Level.CUSTOMER and self.only_order is None

    def covers_order(self, order_number: str) -> bool:
        """Whether this order may be asked for; whether it is the customer's own is the store's to say.

        >>> Access(1, Level.ORDER, only_order="DD1048213").covers_order("dd 1048213")
        True
        >>> Access(1, Level.ORDER, only_order="DD1048213").covers_order("DD1048214")
        False
        """
        return self.only_order is None or self.only_order in order_number_candidates(order_number)


def level_of(proof: Proof, age: timedelta) -> Level:
    """What a proof is worth so long after it was shown.

    >>> [level_of(Proof.EMAIL_CODE, timedelta(minutes=age)).name for age in (14, 15, 60)]
    ['FRESH', 'CUSTOMER', 'NOBODY']
    """
    return next((hold.level for hold in HOLDS[proof] if age < hold.lasts), Level.NOBODY)


def decide_access(conversation: Conversation, *, now: datetime) -> Access | None:
    """What a conversation may see; None when nobody in it has shown who they are, or too long ago."""
    if conversation.customer_id is None or conversation.proof is None or conversation.proven_at is None:
        return None
    level = level_of(conversation.proof, now - conversation.proven_at)
    if level is Level.NOBODY:
        return None
    if level is not Level.ORDER:
        return Access(conversation.customer_id, level)
    if conversation.proven_order_number is None:
        return None
    return Access(conversation.customer_id, level, only_order=conversation.proven_order_number)


def has_lapsed(conversation: Conversation, *, now: datetime) -> bool:
    """Whether somebody showed who they are in this conversation, but too long ago to go by it."""
    return (
        conversation.customer_id is not None
        and conversation.proof is not None
        and decide_access(conversation, now=now) is None
    )
