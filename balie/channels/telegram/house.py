"""What the parts of the Telegram channel share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from balie.channels.customer_planning import LEFT, has_left
from balie.channels.express_repository import Planner
from balie.channels.kinds import TELEGRAM
from balie.channels.leaving import Leaving
from balie.channels.notices import Notices
from balie.channels.port import ConversationBook, TurnTaker, Words
from balie.channels.store import ChannelStore
from balie.channels.telegram.client import TelegramClient
from balie.channels.telegram.ids import notice_id
from balie.channels.telegram.numbers import MessageNumbers
from balie.channels.telegram.saying import Sayings
from balie.channels.views import Link, PlannedCall, StoredEvent
from balie.conversations.continuing import ContinuationService
from balie.conversations.views import NewButton
from balie.kernel.clock import Clock
from balie.kernel.ids import ConversationId


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramHouse:
    """Everything that taking and sending work with.

    Attributes:
        ring: Says that a customer may have something to be told.
        planner: What has to go out.
        page_url: A page of the website with the chat on it.
        public_url: Where our own pages and papers are; without a slash at the end.
        largest_photo: In bytes.
    """

    client: TelegramClient
    store: ChannelStore
    conversations: ConversationBook
    continuations: ContinuationService
    turns: TurnTaker
    notices: Notices
    leaving: Leaving
    words: Words
    numbers: MessageNumbers
    sayings: Sayings
    clock: Clock
    ring: Callable[[ConversationId], None]
    planner: Planner
    page_url: str
    public_url: str
    largest_photo: int

    async def link_for(self, event: StoredEvent) -> Link:
        """The chat's link; with a conversation of its own where it has none. Whoever writes is back."""
        link = event.link or await self.store.find_link(TELEGRAM, event.thread)
        if link is None:
            return await self._open(event)
        if has_left(link.facts):
            return await self.welcome_back(link)
        return link

    async def _open(self, event: StoredEvent) -> Link:
        opened = await self.conversations.open_conversation(
            page_language=event.body.get("language"), channel=TELEGRAM
        )
        number = max(0, int(event.body.get("message_id") or 0))
        return await self.store.add_link(
            Link(conversation_id=opened.id, channel=TELEGRAM, external_id=event.thread, heard_number=number)
        )

    async def welcome_back(self, link: Link) -> Link:
        """Send again from now on, and what agents wrote meanwhile."""
        await self.store.note_heard(link, {LEFT: None})
        await self.store.plan(link.conversation_id, TELEGRAM, self.planner)
        self.ring(link.conversation_id)
        return await self.store.find_link(TELEGRAM, link.external_id) or link

    async def call(self, link: Link, call: PlannedCall) -> None:
        """Have something sent, once per key."""
        await self.store.add_call(link, call)
        self.ring(link.conversation_id)

    async def tell(
        self,
        link: Link,
        event: StoredEvent,
        response: str,
        facts: Mapping[str, Any] | None = None,
        *,
        buttons: tuple[NewButton, ...] = (),
    ) -> None:
        """Say something that belongs into the conversation, once per event."""
        told_id = notice_id(event.thread, event.key, response)
        await self.notices.say(link.conversation_id, response, facts, notice_id=told_id, buttons=buttons)

    async def word(self, conversation_id: ConversationId, response: str, **facts: Any) -> str:
        """A few words in the conversation's language."""
        conversation = await self.conversations.get_conversation(conversation_id)
        return self.words.render(response, conversation.spoken_language, facts).text
