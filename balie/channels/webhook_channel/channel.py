"""A webhook channel behind the port: customers of a provider of messages, by signed webhooks both ways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from balie.channels.customer_planning import plan_for_customer
from balie.channels.kinds import WEBHOOK_CHANNEL
from balie.channels.port import ChannelLimits
from balie.channels.views import ClaimedCall, Plan, Situation, StoredEvent
from balie.channels.webhook_channel.sending import WebhookChannelSender
from balie.channels.webhook_channel.taking import WebhookChannelTaker


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """See :class:`balie.channels.port.CustomerChannel`."""

    taker: WebhookChannelTaker
    sender: WebhookChannelSender
    name: str = WEBHOOK_CHANNEL
    links_by_handoff: bool = False

    @property
    def limits(self) -> ChannelLimits:
        """What can be said there."""
        return self.sender.limits

    def plan(self, situation: Situation, now: datetime) -> Plan:
        """What has to go out."""
        return plan_for_customer(situation, now)

    async def take(self, event: StoredEvent) -> None:
        """Do what an event asks for."""
        await self.taker.take(event)

    async def send(self, call: ClaimedCall) -> None:
        """Send a call."""
        await self.sender.send(call)

    async def show_typing(self, external_id: str) -> None:
        """Show that somebody writes; nobody misses it."""
        await self.sender.show_typing(external_id)

    async def aclose(self) -> None:
        """Let go of connections."""
        await self.sender.aclose()
