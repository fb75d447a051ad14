"""Whose basket a conversation fills. Pure."""

from __future__ import annotations

from datetime import datetime

from balie.baskets.views import Owner
from balie.conversations.access import decide_access
from balie.conversations.views import Conversation


def owner_of(conversation: Conversation, *, now: datetime) -> Owner:
    """The customer, if the conversation may see all that is theirs; else the conversation itself.

    Whoever showed one order by its postcode fills a basket of their own: what lies in the customer's is none
    of a neighbour's business.
    """
    access = decide_access(conversation, now=now)
    known = access is not None and access.covers_customer
    return Owner(
        customer_id=access.customer_id if access is not None and known else None,
        conversation_id=conversation.id,
    )
