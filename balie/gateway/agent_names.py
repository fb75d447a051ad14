"""What agents are called, by number: for messages, where only the number is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from balie.agents.service import AgentService
from balie.agents.views import AgentView
from balie.conversations.views import Message

KNOWN_FOR_S: Final = 60.0
"""Somebody who is renamed keeps the old name on pages for so long."""


class AgentNames:
    """Remembers display names; asks the store only about somebody unknown, and now and then."""

    def __init__(self, agents: AgentService, *, seconds: Callable[[], float] = time.monotonic) -> None:
        """Build it; ``seconds`` tells the time in seconds from any beginning."""
        self._agents = agents
        self._seconds = seconds
        self._names: Mapping[int, str] = {}
        self._learned_at: float | None = None

    async def of(self, wanted: Iterable[int | None]) -> Mapping[int, str]:
        """Names of at least these agents, as far as they exist; asks nobody when there are none.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        missing = {agent_id for agent_id in wanted if agent_id is not None}
        if missing and (self._is_old() or not missing <= self._names.keys()):
            self.learn(await self._agents.list_agents())
        return self._names

    async def of_messages(self, messages: Iterable[Message]) -> Mapping[int, str]:
        """Names of those who wrote these messages."""
        return await self.of(message.agent_id for message in messages)

    def learn(self, agents: Iterable[AgentView]) -> None:
        """Take over what somebody else has just looked up."""
        self._names = {agent.id: agent.display_name for agent in agents}
        self._learned_at = self._seconds()

    def _is_old(self) -> bool:
        return self._learned_at is None or self._seconds() - self._learned_at > KNOWN_FOR_S
