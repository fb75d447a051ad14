"""As whom somebody in a conversation is recommended something. Pure."""

from __future__ import annotations

from datetime import datetime

from balie.conversations.access import decide_access
from balie.conversations.views import Conversation
from balie.recommendations.asked import Who


def who_is(conversation: Conversation, *, now: datetime, has_agreed: bool = False) -> Who:
    """The customer, if the conversation may see all that is theirs; else a stranger.

    Whoever showed one order by its postcode is a stranger: what a list says of its owner is none of a
    neighbour's business.

    Args:
        conversation: Whose.
        now: The present moment: what a conversation may see wears off.
        has_agreed: Whether a stranger lets the page use what they do there.
    """
    access = decide_access(conversation, now=now)
    is_known = access is not None and access.covers_customer
    customer_id = access.customer_id if access is not None and is_known else None
    return Who(customer_id, conversation.id, has_agreed)
