"""Notices who has closed their desk: somebody without one is not online, and gets no customers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from balie.agents.errors import AgentNotFoundError
from balie.agents.kinds import Presence
from balie.agents.service import AgentService
from balie.storage.errors import StoreUnavailableError

log = logging.getLogger(__name__)

BACK_WITHIN: Final = timedelta(seconds=30)
"""A page that is loaded again, or a train in a tunnel, is no absence."""


class Absences:
    """Counts the open desks of everybody.

    Closing the last one says something, and coming back takes it back: whose laptop slept does not have to
    think of it. Opening one says nothing else.
    """

    def __init__(
        self, agents: AgentService, changed: Callable[[], None], after: timedelta = BACK_WITHIN
    ) -> None:
        """Build it.

        Args:
            agents: Whose presence it is.
            changed: Called when somebody was set offline.
            after: How long somebody may be without a desk.
        """
        self._agents = agents
        self._changed = changed
        self._after_s = after.total_seconds()
        self._desks: dict[int, int] = {}
        self._leaving: dict[int, asyncio.Task[None]] = {}
        self._set_offline: set[int] = set()
        self._returning: set[asyncio.Task[None]] = set()

    async def begin(self) -> None:
        """Give those who were online before a restart as long to come back."""
        try:
            agents = await self._agents.list_agents()
        except StoreUnavailableError as error:
            log.warning("Nobody knows who was at the desk before: %s", error)
            return
        for agent in agents:
            if agent.presence is Presence.ONLINE:
                self._expect(agent.id)

    def came(self, agent_id: int) -> None:
        """Somebody has opened a desk."""
        self._desks[agent_id] = self._desks.get(agent_id, 0) + 1
        leaving = self._leaving.pop(agent_id, None)
        if leaving is not None:
            leaving.cancel()
        if agent_id in self._set_offline:
            self._set_offline.discard(agent_id)
            returning = asyncio.create_task(self._take_back(agent_id), name=f"return of agent {agent_id}")
            self._returning.add(returning)
            returning.add_done_callback(self._returning.discard)

    def left(self, agent_id: int) -> None:
        """Somebody has closed one, or it broke off."""
        self._desks[agent_id] -= 1
        if not self._desks[agent_id]:
            del self._desks[agent_id]
            self._expect(agent_id)

    def stop(self) -> None:
        """Expect nobody any more."""
        for task in (*self._leaving.values(), *self._returning):
            task.cancel()
        self._leaving.clear()

    def _expect(self, agent_id: int) -> None:
        if agent_id not in self._desks and agent_id not in self._leaving:
            self._leaving[agent_id] = asyncio.create_task(
                self._let_go(agent_id), name=f"absence of agent {agent_id}"
            )

    async def _let_go(self, agent_id: int) -> None:
        try:
            while not await self._is_settled(agent_id):
                log.warning("Agent %d is gone, but that could not be written down yet.", agent_id)
        finally:
            if self._leaving.get(agent_id) is asyncio.current_task():
                del self._leaving[agent_id]

    async def _take_back(self, agent_id: int) -> None:
        """Online again, unless somebody has said otherwise meanwhile."""
        try:
            agent = await self._agents.get_agent(agent_id)
            if agent.presence is Presence.OFFLINE:
                await self._agents.set_presence(agent_id, Presence.ONLINE)
                self._changed()
        except (AgentNotFoundError, StoreUnavailableError) as error:
            log.warning("Agent %d is back, but stays offline: %s", agent_id, error)

    async def _is_settled(self, agent_id: int) -> bool:
        await asyncio.sleep(self._after_s)
        try:
            agent = await self._agents.get_agent(agent_id)
            # Whoever is away says so themselves, and stays away.
            if agent.presence is Presence.ONLINE:
                await self._agents.set_presence(agent_id, Presence.OFFLINE)
                self._set_offline.add(agent_id)
                log.info("Agent %d closed the desk and is offline.", agent_id)
                self._changed()
        except AgentNotFoundError:
            return True
        except StoreUnavailableError:
            return False
        return True
