"""Who may see what: the one rule that decides how far a customer's records are open to a conversation. Pure.

Actions and texts ask nobody else. Whoever is vouched for by the shop, or knows an order and its e-mail
address, is that customer. A postcode is known to neighbours too: it opens the one order and nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from balie.conversations.views import Conversation, Proof
from balie.orders.identification import order_number_candidates

PROOFS_OF_THE_CUSTOMER: Final = frozenset({Proof.SHOP_TOKEN, Proof.ORDER_EMAIL})


@dataclass(frozen=True, slots=True)
class Access:
    """How far one customer's records are open.

    Attributes:
        only_order: Number of the one order that may be seen; None when everything of this customer may.
    """

    customer_id: int
    only_order: str | None = None

    @property
    def covers_customer(self) -> bool:
        """Whether points, addresses and every order may be seen."""
        return self.only_order is None

    def covers_order(self, order_number: str) -> bool:
        """Whether this order may be asked for; whether it is the customer's own is the store's to say.

        >>> Access(1, only_order="DD1048213").covers_order("dd 1048213")
        True
        >>> Access(1, only_order="DD1048213").covers_order("DD1048214")
        False
        """
        return self.only_order is None or self.only_order in order_number_candidates(order_number)


def decide_access(conversation: Conversation) -> Access | None:
    """What a conversation may see; None when nobody in it has shown who they are."""
    if conversation.customer_id is None or conversation.proof is None:
        return None
    if conversation.proof in PROOFS_OF_THE_CUSTOMER:
        return Access(conversation.customer_id)
    if conversation.proven_order_number is None:
        return None
    return Access(conversation.customer_id, only_order=conversation.proven_order_number)
