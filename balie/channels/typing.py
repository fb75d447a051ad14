"""Shows customers in other channels that somebody writes to them, for as long as it lasts.

Nobody misses it when it fails: it is never tried again, and never noted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from typing import Final

from balie.channels.customer_planning import has_left
from balie.channels.port import ConversationBook, CustomerChannel
from balie.channels.store import ChannelStore
from balie.conversations.bell import Bell, Typing
from balie.kernel.errors import BalieError
from balie.kernel.ids import ConversationId

log = logging.getLogger(__name__)

SHOWN_EVERY: Final = timedelta(seconds=4)
"""Messengers show it for five."""

FIRST_AFTER: Final = timedelta(milliseconds=200)
"""Most answers are there sooner: nothing is asked of anybody for them."""

MOST_TIMES: Final = 30
"""Whoever has been writing for two minutes has gone away."""


class TypingShower:
    """One ear at the bell; one task for each conversation in which somebody writes."""

    def __init__(
        self,
        bell: Bell,
        store: ChannelStore,
        conversations: ConversationBook,
        channels: Sequence[CustomerChannel],
        *,
        every: timedelta = SHOWN_EVERY,
    ) -> None:
        """Build it.

        Args:
            bell: Says who writes.
            store: Knows what a conversation is called over there.
            conversations: Know where their customer was heard last.
            channels: Those that can show it.
            every: So often it is shown again while it lasts.
        """
        self._bell = bell
        self._store = store
        self._conversations = conversations
        self._channels = {channel.name: channel for channel in channels if channel.limits.can_type}
        self._every_s = every.total_seconds()
        self._shown: dict[ConversationId, asyncio.Task[None]] = {}
        self._listening = ExitStack()

    def start(self) -> None:
        """Begin, until :meth:`stop`."""
        if self._channels:
            self._listening.enter_context(self._bell.telling_of_writers(self._note))

    async def stop(self) -> None:
        """Show nothing any more."""
        self._listening.close()
        for task in self._shown.values():
            task.cancel()
        await asyncio.gather(*self._shown.values(), return_exceptions=True)

    def _note(self, conversation_id: ConversationId, typing: Typing) -> None:
        if typing.active and conversation_id not in self._shown:
            task = asyncio.create_task(self._show(conversation_id), name=f"typing in {conversation_id}")
            self._shown[conversation_id] = task
            task.add_done_callback(lambda _: self._shown.pop(conversation_id, None))
        elif not typing.active and (shown := self._shown.pop(conversation_id, None)) is not None:
            shown.cancel()

    async def _show(self, conversation_id: ConversationId) -> None:
        try:
            await asyncio.sleep(FIRST_AFTER.total_seconds())
            found = await self._find(conversation_id)
            if found is None:
                return
            channel, external_id = found
            for _ in range(MOST_TIMES):
                await channel.show_typing(external_id)
                await asyncio.sleep(self._every_s)
        except BalieError as error:
            log.debug("Typing was not shown: %s", error.code)
        except Exception as error:
            # Outermost; without the error's text, which may quote an address.
            log.warning("Typing was not shown: %s", type(error).__name__)

    async def _find(self, conversation_id: ConversationId) -> tuple[CustomerChannel, str] | None:
        conversation = await self._conversations.get_conversation(conversation_id)
        channel = self._channels.get(conversation.heard_via)
        if channel is None:
            return None
        link = await self._store.find_link_of(conversation_id, channel.name)
        return None if link is None or has_left(link.facts) else (channel, link.external_id)
