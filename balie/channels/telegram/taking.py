"""Does what customers ask for in Telegram. Each may be done again: what has happened changes nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from balie.channels.customer_planning import BLOCKED
from balie.channels.errors import CustomerGoneError, OutsideRefusedError
from balie.channels.kinds import TELEGRAM
from balie.channels.telegram.commands import Commands
from balie.channels.telegram.house import TelegramHouse
from balie.channels.telegram.ids import caption_id, message_id
from balie.channels.telegram.presses import Presses
from balie.channels.telegram.updates import Kind
from balie.channels.views import Link, StoredEvent
from balie.conversations.errors import (
    MessageEmptyError,
    MessageTooLongError,
    PhotosLimitedError,
    PhotoUnreadableError,
)
from balie.conversations.status import ConversationStatus
from balie.kernel.rate_limit import RateLimit

Taker = Callable[[StoredEvent], Awaitable[None]]
TOLD_TOO_MANY: Final = 1
"""A minute: so often is somebody told who writes too fast."""


class TelegramEvents:
    """Knows for each kind of event what to do."""

    def __init__(self, house: TelegramHouse, *, messages_per_minute: int) -> None:
        """Build it; more messages of a chat than so many a minute are not taken."""
        self._house = house
        self._limit = RateLimit(messages_per_minute)
        self._told = RateLimit(TOLD_TOO_MANY)
        commands = Commands(house)
        presses = Presses(house, commands)
        self._takers: Mapping[str, Taker] = {
            Kind.TEXT: self._hear_text,
            Kind.EDIT: self._hear_edit,
            Kind.PHOTO: self._hear_photo,
            Kind.PRESS: presses.take,
            Kind.COMMAND: commands.take,
            Kind.UNSUPPORTED: self._hear_other,
            Kind.LEFT: self._leave,
            Kind.CAME_BACK: self._come_back,
            Kind.ELSEWHERE: self._decline,
        }

    async def take(self, event: StoredEvent) -> None:
        """See :class:`balie.channels.port.OutsideChannel`."""
        if event.kind in {Kind.TEXT, Kind.PHOTO, Kind.COMMAND, Kind.UNSUPPORTED} and self._limit.take(
            event.thread
        ):
            await self._refuse_one_more(event)
            return
        await self._takers[event.kind](event)

    async def _hear_text(self, event: StoredEvent) -> None:
        link = await self._house.link_for(event)
        await self._say(link, event, event.body["text"])

    async def _say(self, link: Link, event: StoredEvent, text: str, *, is_caption: bool = False) -> None:
        made_of = caption_id if is_caption else message_id
        try:
            await self._house.conversations.record_customer_message(
                link.conversation_id,
                text,
                client_message_id=made_of(event.thread, event.body["message_id"]),
                via=TELEGRAM,
            )
        except MessageTooLongError as error:
            await self._house.tell(link, event, "channel_text_too_long", {"limit": error.limit})
        except MessageEmptyError:
            return
        else:
            self._house.turns.submit(link.conversation_id)

    async def _hear_edit(self, event: StoredEvent) -> None:
        link = await self._house.link_for(event)
        is_caption = bool(event.body["is_caption"])
        made_of = caption_id if is_caption else message_id
        try:
            replaced = await self._house.conversations.replace_message(
                link.conversation_id,
                event.body["text"],
                client_message_id=made_of(event.thread, event.body["message_id"]),
            )
        except MessageTooLongError as error:
            await self._house.tell(link, event, "channel_text_too_long", {"limit": error.limit})
            return
        except MessageEmptyError:
            return
        if replaced is None:
            # What stood there before was nothing that we could read, or has not come yet.
            await self._say(link, event, event.body["text"], is_caption=is_caption)

    async def _hear_photo(self, event: StoredEvent) -> None:
        link = await self._house.link_for(event)
        trouble = await self._keep_photo(link, event)
        if trouble is None:
            self._house.turns.submit(link.conversation_id)
        else:
            await self._house.tell(link, event, trouble)
        await self._hear_caption(link, event)

    async def _hear_caption(self, link: Link, event: StoredEvent) -> None:
        caption = event.body.get("caption")
        if caption:
            await self._say(link, event, caption, is_caption=True)

    async def _keep_photo(self, link: Link, event: StoredEvent) -> str | None:
        """Store a photo; the sentence for who sent it when that cannot be."""
        file = event.body["file"]
        if file is None:
            return "channel_photo_too_large"
        try:
            content = await self._house.client.fetch_file(file, most_bytes=self._house.largest_photo)
            await self._house.conversations.record_photo(
                link.conversation_id,
                content,
                client_message_id=message_id(event.thread, event.body["message_id"]),
                via=TELEGRAM,
            )
        except OutsideRefusedError as error:
            is_large = error.reason == "file_too_large"
            return "channel_photo_too_large" if is_large else "channel_photo_unreadable"
        except PhotoUnreadableError:
            return "channel_photo_unreadable"
        except PhotosLimitedError:
            return "channel_photos_limited"
        return None

    async def _hear_other(self, event: StoredEvent) -> None:
        link = await self._house.link_for(event)
        what = event.body["what"]
        conversation = await self._house.conversations.get_conversation(link.conversation_id)
        if conversation.status is ConversationStatus.WITH_AGENT:
            # They cannot look at it either, but they can ask what it was.
            word = await self._house.word(link.conversation_id, "channel_media", what=what)
            await self._say(link, event, word)
        else:
            await self._house.tell(link, event, "channel_unsupported", {"what": what})
        await self._hear_caption(link, event)

    async def _leave(self, event: StoredEvent) -> None:
        link = await self._house.store.find_link(TELEGRAM, event.thread)
        if link is not None:
            await self._house.leaving.note(link, BLOCKED, told_by=event.key)

    async def _come_back(self, event: StoredEvent) -> None:
        link = await self._house.store.find_link(TELEGRAM, event.thread)
        if link is not None and link.facts.get("left") == BLOCKED:
            await self._house.welcome_back(link)

    async def _decline(self, event: StoredEvent) -> None:
        words = self._house.words.render("channel_elsewhere", event.body.get("language"), {}).text
        # Where we may not write, nobody expects us to.
        with contextlib.suppress(OutsideRefusedError, CustomerGoneError):
            await self._house.client.send_plain(event.thread, words)

    async def _refuse_one_more(self, event: StoredEvent) -> None:
        link = await self._house.link_for(event)
        if not self._told.take(event.thread):
            await self._house.tell(link, event, "channel_too_many")
