"""What the customer is shown beside the messages: their place in the queue, and which agent they are with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from balie.conversations.status import ConversationStatus
from balie.conversations.views import Author, MessagePage
from balie.gateway.services import GatewayServices
from balie.handoff.views import Standing
from balie.kernel.ids import ConversationId

WITH_PEOPLE: Final = frozenset({ConversationStatus.WAITING_FOR_AGENT, ConversationStatus.WITH_AGENT})


@dataclass(frozen=True, slots=True)
class Beside:
    """What goes with a page of messages.

    Attributes:
        names: What the agents who wrote some of them are called, by number.
    """

    standing: Standing
    names: Mapping[int, str]


async def find_beside(
    services: GatewayServices, conversation_id: ConversationId, page: MessagePage
) -> Beside:
    """What goes with a page; asks the store nothing as long as the assistant has the conversation.

    Raises:
        StoreUnavailableError: The database cannot be used.
    """
    standing, names = Standing(), dict[int, str]()
    desk = services.desk
    if desk is None:
        return Beside(standing, names)
    place = None
    if desk.hub is not None and page.status is ConversationStatus.WAITING_FOR_AGENT:
        # What the hub saw a moment ago will do: it tells whoever stands elsewhere by then.
        place = desk.hub.place_of(conversation_id)
    if place is not None:
        standing = Standing(place=place)
    elif desk.board is not None and page.status in WITH_PEOPLE:
        standing = await desk.board.find_standing(conversation_id)
    written = [message for message in page.messages if message.author is Author.AGENT]
    return Beside(standing, await desk.names.of_messages(written))
