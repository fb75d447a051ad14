"""What routes of the desk do with conversations: who may, and how what comes of it looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from balie.agents.views import AgentView
from balie.conversations.errors import ConversationNotFoundError
from balie.gateway.agent_names import AgentNames
from balie.gateway.desk_access import Desk
from balie.gateway.desk_item_wire import conversation_item_json, timed
from balie.gateway.desk_sight import reaches, sees
from balie.gateway.services import Services
from balie.gateway.wire import Json
from balie.handoff.board import DeskBoard
from balie.handoff.errors import HandoffNotFoundError
from balie.handoff.service import HandoffService
from balie.handoff.views import DeskItem
from balie.kernel.clock import Clock
from balie.kernel.ids import ConversationId


@dataclass(frozen=True, slots=True)
class Floor:
    """The part of the desk that has conversations on it."""

    handoffs: HandoffService
    board: DeskBoard
    names: AgentNames
    clock: Clock

    async def item_seen_by(self, agent: AgentView, conversation_id: ConversationId) -> DeskItem:
        """A conversation that somebody may read.

        Raises:
            ConversationNotFoundError: There is none, no person was ever wanted in it, or it is not for them.
        """
        item = await self._find(conversation_id)
        if item is None or not sees(agent, item):
            raise ConversationNotFoundError
        return item

    async def item_reached_by(self, agent: AgentView, conversation_id: ConversationId) -> DeskItem:
        """A conversation about which somebody is told why they may not do something with it.

        Raises:
            ConversationNotFoundError: As for :meth:`item_seen_by`.
        """
        item = await self._find(conversation_id)
        if item is None or not reaches(agent, item):
            raise ConversationNotFoundError
        return item

    async def show(self, conversation_id: ConversationId) -> Json:
        """The conversation in a list, as it stands after a step of whoever asks."""
        return await self.item_json(await self.board.get_item(conversation_id))

    async def item_json(self, item: DeskItem) -> Json:
        """The conversation in a list."""
        names = await self.names.of([item.handoff.agent_id])
        return timed(conversation_item_json(item, names), item, self.clock())

    async def _find(self, conversation_id: ConversationId) -> DeskItem | None:
        try:
            return await self.board.get_item(conversation_id)
        except HandoffNotFoundError:
            return None


async def _floor_of(desk: Desk, services: Services) -> Floor:
    # Without them, none of these routes is there.
    assert desk.handoffs is not None
    assert desk.board is not None
    return Floor(desk.handoffs, desk.board, desk.names, services.clock)


OfFloor = Annotated[Floor, Depends(_floor_of)]
