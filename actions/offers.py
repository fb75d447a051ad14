"""Whether somebody may be shown what they did not ask for."""

from __future__ import annotations

from rasa_sdk.interfaces import Tracker

from actions.reading import conversation_id_of
from balie.assistant.manners import Manners
from balie.conversations.views import PendingTurn


async def may_offer(manners: Manners | None, tracker: Tracker) -> bool:
    """Whether the customer's mood allows it; where no mood is read, it does."""
    if manners is None:
        return True
    bearing = await manners.look(conversation_id_of(tracker), tracker.latest_message)
    return bearing.stance.allows_offers


async def may_offer_in(manners: Manners | None, turn: PendingTurn) -> bool:
    """The same of a message that Rasa has not seen: by the mood of those before it."""
    if manners is None:
        return True
    message = {"metadata": {"message_id": str(turn.message_id)}}
    bearing = await manners.look(turn.conversation_id, message)
    return bearing.stance.allows_offers
