"""Whether somebody may be shown what they did not ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.interfaces import Tracker

from actions.reading import conversation_id_of
from balie.assistant.manners import Manners
from balie.conversations.views import PendingTurn
from balie.kernel.ids import ConversationId


async def may_offer(manners: Manners | None, tracker: Tracker) -> bool:
    """Whether the customer's mood allows it; where no mood is read, it does."""
    return await _allows_offers(manners, conversation_id_of(tracker), tracker.latest_message)


async def may_offer_in(manners: Manners | None, turn: PendingTurn) -> bool:
    """The same of a message that Rasa has not seen: by the mood of those before it."""
    message = {"metadata": {"message_id": str(turn.message_id)}}
    return await _allows_offers(manners, turn.conversation_id, message)


async def _allows_offers(
    manners: Manners | None, conversation_id: ConversationId | None, message: Mapping[str, Any]
) -> bool:
    if manners is None:
        return True
    return (await manners.look(conversation_id, message)).stance.allows_offers
