"""Going on in Telegram with a conversation of the website: the chat gets another conversation."""

from __future__ import annotations

from typing import Final

from balie.channels.kinds import TELEGRAM
from balie.channels.store import move_link
from balie.channels.telegram.house import TelegramHouse
from balie.channels.views import Link, StoredEvent
from balie.conversations.errors import ContinuationInvalidError
from balie.conversations.status import ConversationStatus
from balie.kernel.ids import ConversationId
from balie.kernel.rate_limit import RateLimit
from balie.storage.unit_of_work import StoreConnection

TRIES: Final = 10
WINDOW_S: Final = 3600.0
"""So many wrong codes may a chat try in this time; all that is wrong looks the same."""

MOVED_BY: Final = "moved_by"
"""Among the facts of a link: key of the event that moved it, for one that is taken up again."""

_WITH_PEOPLE: Final = frozenset({ConversationStatus.WAITING_FOR_AGENT, ConversationStatus.WITH_AGENT})


class GoingOn:
    """Takes codes."""

    def __init__(self, house: TelegramHouse) -> None:
        self._house = house
        self._tries = RateLimit(TRIES, window_s=WINDOW_S)

    async def take(self, link: Link, event: StoredEvent) -> None:
        """Open what a code opens, or say why not."""
        if link.facts.get(MOVED_BY) == event.key:
            await self._recap(link, event)
            return
        refusal = await self._refusal(link, event)
        if refusal is not None:
            await self._house.call(link, self._house.sayings.say(event.key, refusal))
            return
        try:
            moved = await self._move(link, event)
        except ContinuationInvalidError:
            await self._house.call(link, self._house.sayings.say(event.key, "channel_continuation_invalid"))
            return
        await self._recap(moved, event)

    async def _refusal(self, link: Link, event: StoredEvent) -> str | None:
        """What is said in place of going on; the code stays as good as it was."""
        if self._tries.take(event.thread):
            return "channel_continuation_invalid"
        wanted = await self._house.continuations.look(event.body["argument"], TELEGRAM)
        if wanted is None:
            return "channel_continuation_invalid"
        if wanted == link.conversation_id:
            return "channel_continued_already"
        here = await self._house.conversations.get_conversation(link.conversation_id)
        return "channel_continuation_waits" if here.status in _WITH_PEOPLE else None

    async def _move(self, link: Link, event: StoredEvent) -> Link:
        now = self._house.clock()
        moved: list[Link] = []

        def move(connection: StoreConnection, conversation_id: ConversationId) -> None:
            facts = {"sent_id": link.facts.get("sent_id", 0), MOVED_BY: event.key}
            other = Link(
                conversation_id=conversation_id,
                channel=TELEGRAM,
                external_id=link.external_id,
                facts=facts,
                heard_number=max(link.heard_number, event.body["message_id"]),
            )
            moved.append(move_link(connection, other, now))

        await self._house.continuations.claim(event.body["argument"], TELEGRAM, also=move)
        here = await self._house.conversations.get_conversation(link.conversation_id)
        if here.last_sequence == 0:
            # Opened for this very command: nothing was said in it, and nobody can come back to it.
            await self._house.conversations.erase_conversation(link.conversation_id)
        return moved[-1]

    async def _recap(self, link: Link, event: StoredEvent) -> None:
        await self._house.call(link, self._house.sayings.recap(event.key))
