"""Chatwoot behind the port of channels: a customer's inbox and the agents' desk in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from balie.channels.chatwoot.client import ChatwootClient
from balie.channels.chatwoot.planning import plan_for_chatwoot
from balie.channels.chatwoot.sending import ChatwootSender
from balie.channels.chatwoot.taking import ChatwootEvents
from balie.channels.kinds import CHATWOOT
from balie.channels.views import ClaimedCall, Plan, Situation, StoredEvent


@dataclass(frozen=True, slots=True)
class ChatwootDesk:
    """Everything about Chatwoot, put together (see :class:`balie.channels.port.OutsideChannel`)."""

    client: ChatwootClient
    events: ChatwootEvents
    sender: ChatwootSender
    name: str = CHATWOOT
    links_by_handoff: bool = False

    def plan(self, situation: Situation, now: datetime) -> Plan:
        """What has to go out."""
        return plan_for_chatwoot(situation, now)

    async def take(self, event: StoredEvent) -> None:
        """Do what an event asks for."""
        await self.events.take(event)

    async def send(self, call: ClaimedCall) -> None:
        """Send a call."""
        await self.sender.send(call)

    async def aclose(self) -> None:
        """Let go of connections."""
        await self.client.aclose()
