"""Telegram behind the port of channels."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from balie.channels.customer_planning import plan_for_customer
from balie.channels.errors import CustomerGoneError, OutsideRefusedError, OutsideUnavailableError
from balie.channels.express import Express
from balie.channels.kinds import TELEGRAM
from balie.channels.port import ChannelLimits
from balie.channels.splitting import utf16_length
from balie.channels.telegram.client import TelegramClient
from balie.channels.telegram.composing import LONGEST_TEXT
from balie.channels.telegram.intake import TelegramIntake
from balie.channels.telegram.keyboards import MOST_BUTTONS
from balie.channels.telegram.numbers import MessageNumbers
from balie.channels.telegram.pacing import Pacer
from balie.channels.telegram.polling import Polling
from balie.channels.telegram.sending import AFTER, WAITS, TelegramSender
from balie.channels.telegram.taking import TelegramEvents
from balie.channels.views import ClaimedCall, Plan, Situation, StoredEvent

log = logging.getLogger(__name__)

ASK_FOR_NAME_EVERY: Final = timedelta(seconds=30)


class TelegramPlanner:
    """Plans what goes out; a call knows which messages were there before it, and whether it has to wait."""

    def __init__(self, numbers: MessageNumbers, pacer: Pacer) -> None:
        self._numbers = numbers
        self._pacer = pacer

    def plan(self, situation: Situation, now: datetime) -> Plan:
        """See :class:`balie.channels.port.OutsideChannel`."""
        known = max(self._numbers.newest, situation.link.heard_number)
        plan = plan_for_customer(situation, now, {AFTER: known})
        goes_now = 1 if self._pacer.is_idle(situation.link.external_id) else 0
        waiting = (replace(call, facts={**call.facts, WAITS: True}) for call in plan.calls[goes_now:])
        return replace(plan, calls=(*plan.calls[:goes_now], *waiting))


class TelegramChannel:
    """Everything about Telegram, put together (see :class:`balie.channels.port.CustomerChannel`)."""

    name: Final = TELEGRAM
    links_by_handoff: Final = False

    def __init__(
        self,
        client: TelegramClient,
        parts: tuple[TelegramPlanner, TelegramEvents, TelegramSender, Pacer],
        open_door: Callable[[Express], TelegramDoor],
        *,
        largest_photo: int,
    ) -> None:
        self.open_door = open_door
        """Where updates come in, for whoever takes them up."""
        self._client = client
        self._planner, self._events, self._sender, self._pacer = parts
        self.limits = ChannelLimits(
            longest_text=LONGEST_TEXT,
            length=utf16_length,
            most_buttons=MOST_BUTTONS,
            largest_photo=largest_photo,
            can_edit=True,
            can_be_left=True,
        )

    def plan(self, situation: Situation, now: datetime) -> Plan:
        """What has to go out."""
        return self._planner.plan(situation, now)

    async def take(self, event: StoredEvent) -> None:
        """Do what an event asks for."""
        await self._events.take(event)

    async def send(self, call: ClaimedCall) -> None:
        """Send a call."""
        await self._sender.send(call)

    async def show_typing(self, external_id: str) -> None:
        """Show that somebody writes; nothing where Telegram asks for rest."""
        if self._pacer.may_hint(external_id):
            with contextlib.suppress(OutsideUnavailableError, OutsideRefusedError, CustomerGoneError):
                await self._client.show_typing(external_id)

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._client.aclose()


class TelegramDoor:
    """Where updates come in, and by which name customers find us.

    Attributes:
        bot_name: Without the ``@``; None while nobody knows.
        secret: Of the webhook: in its path, and in a header; empty while updates are asked for.
    """

    def __init__(self, client: TelegramClient, intake: TelegramIntake, *, secret: str) -> None:
        self.bot_name: str | None = None
        self.secret = secret
        self.intake = intake
        self.polling = Polling(client, intake)
        self._client = client
        self._learning: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, until :meth:`stop`."""
        self._learning = asyncio.create_task(self._learn(), name="Telegram's name for us")
        if not self.secret:
            self.polling.start()

    async def stop(self) -> None:
        """Take nothing in any more."""
        await self.polling.stop()
        if self._learning is not None:
            self._learning.cancel()
            await asyncio.wait([self._learning])

    async def receive(self, updates: Sequence[object]) -> int:
        """Store updates; see :meth:`TelegramIntake.receive`."""
        return await self.intake.receive(updates)

    async def learn_name(self) -> str:
        """Ask who we are.

        Raises:
            OutsideUnavailableError: Telegram does not say.
        """
        self.bot_name = (await self._client.describe_me()).name
        return self.bot_name

    async def _learn(self) -> None:
        while not await self._try_to_learn():  # noqa: ASYNC110 (Telegram tells nobody)
            await asyncio.sleep(ASK_FOR_NAME_EVERY.total_seconds())

    async def _try_to_learn(self) -> bool:
        try:
            name = await self.learn_name()
        except (OutsideUnavailableError, OutsideRefusedError) as error:
            log.warning("Telegram does not say who we are: %s", error.reason)
            return False
        log.info("Customers find us in Telegram as @%s", name)
        return True
