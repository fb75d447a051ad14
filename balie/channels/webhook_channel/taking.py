"""Does what events of a webhook channel ask for. Each may be done again: every write has an id of its own."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID, uuid5

from balie.channels.customer_planning import LEFT, STOPPED, has_left
from balie.channels.kinds import WEBHOOK_CHANNEL
from balie.channels.leaving import Leaving
from balie.channels.notices import Notices
from balie.channels.port import ConversationBook, TurnTaker
from balie.channels.store import ChannelStore, move_link
from balie.channels.views import Link, PlannedCall, StoredEvent
from balie.channels.webhook_channel.events import (
    ChannelEvent,
    Edit,
    Press,
    Say,
    SendOther,
    SendPhoto,
    Start,
    Stop,
    read_channel_event,
)
from balie.channels.webhook_channel.sending import KEYBOARD_OFF, LARGEST_PHOTO, RECAP
from balie.conversations.continuing import ContinuationService
from balie.conversations.errors import (
    ButtonNotFoundError,
    ContinuationInvalidError,
    MessageEmptyError,
    MessageTooLongError,
    PhotosLimitedError,
    PhotoUnreadableError,
)
from balie.conversations.status import ConversationStatus
from balie.kernel.clock import Clock
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import StoreConnection

IDS: Final = UUID("8c1f6f5e-0b1c-4e0e-9a39-5b6d6a4f7c21")
"""Ids of what customers of a provider say are made of theirs, in this name space."""

LOOK_BACK: Final = 100
"""Messages: so far back may a button stand whose neighbours are taken away when it is pressed."""


_CONTINUED: Final = "continued"
"""Among a link's facts: the event by which it came to mean this conversation."""

_WITH_PEOPLE: Final = frozenset({ConversationStatus.WAITING_FOR_AGENT, ConversationStatus.WITH_AGENT})


@dataclass(frozen=True, slots=True)
class Mouths:
    """Who answers a customer: the assistant, the channel itself, and nobody when they have left."""

    turns: TurnTaker
    leaving: Leaving
    notices: Notices


class WebhookChannelTaker:
    """Knows for each kind of event what to do."""

    def __init__(
        self,
        store: ChannelStore,
        conversations: ConversationBook,
        continuations: ContinuationService,
        mouths: Mouths,
        clock: Clock,
    ) -> None:
        self._store = store
        self._conversations = conversations
        self._continuations = continuations
        self._clock = clock
        self._turns = mouths.turns
        self._leaving = mouths.leaving
        self._notices = mouths.notices
        self._takers: Mapping[type[Any], Callable[[Link, Any], Awaitable[None]]] = {
            Say: self._hear_words,
            Press: self._hear_press,
            SendPhoto: self._hear_photo,
            SendOther: self._hear_other,
            Edit: self._hear_edit,
            Start: self._start,
        }

    async def take(self, event: StoredEvent) -> None:
        """See :class:`balie.channels.port.OutsideChannel`."""
        heard = read_channel_event(dict(event.body))
        link = await self._store.find_link(WEBHOOK_CHANNEL, heard.chat)
        if isinstance(heard, Stop):
            if link is not None:
                await self._leaving.note(link, STOPPED, told_by=event.key)
            return
        if link is None:
            link = await self._open(heard)
        elif has_left(link.facts):
            await self._store.note_heard(link, {LEFT: None})
        await self._takers[type(heard)](link, heard)

    async def _open(self, heard: ChannelEvent) -> Link:
        opened = await self._conversations.open_conversation(
            page_language=heard.language_code, channel=WEBHOOK_CHANNEL
        )
        return await self._store.add_link(
            Link(conversation_id=opened.id, channel=WEBHOOK_CHANNEL, external_id=heard.chat)
        )

    async def _hear_words(self, link: Link, heard: Say) -> None:
        await self._say(link, heard.text, heard, "text")

    async def _say(self, link: Link, text: str, heard: ChannelEvent, what: str) -> None:
        try:
            await self._conversations.record_customer_message(
                link.conversation_id, text, client_message_id=_id(heard, what), via=WEBHOOK_CHANNEL
            )
        except MessageTooLongError as error:
            await self._tell(link, heard, "channel_text_too_long", {"limit": error.limit})
        except MessageEmptyError:
            return
        else:
            self._turns.submit(link.conversation_id)

    async def _hear_press(self, link: Link, heard: Press) -> None:
        try:
            await self._conversations.record_button_press(
                link.conversation_id,
                heard.button_id,
                client_message_id=_id(heard, "text"),
                via=WEBHOOK_CHANNEL,
            )
        except ButtonNotFoundError:
            await self._tell(link, heard, "channel_button_gone")
            return
        sequence = await self._find_keyboard(link.conversation_id, heard.button_id)
        if sequence is not None:
            await self._store.add_call(
                link, PlannedCall(KEYBOARD_OFF, f"{KEYBOARD_OFF}:{sequence}", {"sequence": sequence})
            )
        self._turns.submit(link.conversation_id)

    async def _find_keyboard(self, conversation_id: ConversationId, button_id: str) -> int | None:
        last = (await self._conversations.get_conversation(conversation_id)).last_sequence
        page = await self._conversations.list_messages(conversation_id, after=max(0, last - LOOK_BACK))
        with_it = (
            message.sequence
            for message in page.messages
            if any(button.id == button_id for button in message.buttons)
        )
        return next(with_it, None)

    async def _hear_photo(self, link: Link, heard: SendPhoto) -> None:
        trouble = await self._keep_photo(link, heard)
        if trouble is None:
            self._turns.submit(link.conversation_id)
        else:
            await self._tell(link, heard, trouble)
        if heard.text.strip():
            await self._say(link, heard.text, heard, "caption")

    async def _keep_photo(self, link: Link, heard: SendPhoto) -> str | None:
        try:
            content = b64decode(heard.photo_base64, validate=True)
            if len(content) > LARGEST_PHOTO:
                return "channel_photo_too_large"
            await self._conversations.record_photo(
                link.conversation_id, content, client_message_id=_id(heard, "text"), via=WEBHOOK_CHANNEL
            )
        except (binascii.Error, PhotoUnreadableError):
            return "channel_photo_unreadable"
        except PhotosLimitedError:
            return "channel_photos_limited"
        return None

    async def _hear_other(self, link: Link, heard: SendOther) -> None:
        conversation = await self._conversations.get_conversation(link.conversation_id)
        if conversation.status is ConversationStatus.WITH_AGENT:
            # They cannot look at it either, but they can ask what it was.
            word = await self._notices.word(link.conversation_id, "channel_media", {"what": heard.what})
            await self._say(link, word, heard, "text")
        else:
            await self._tell(link, heard, "channel_unsupported", {"what": heard.what})

    async def _hear_edit(self, link: Link, heard: Edit) -> None:
        edited = uuid5(IDS, f"{heard.chat}:{heard.message}:text")
        try:
            replaced = await self._conversations.replace_message(
                link.conversation_id, heard.text, client_message_id=edited
            )
        except MessageTooLongError as error:
            await self._tell(link, heard, "channel_text_too_long", {"limit": error.limit})
            return
        except MessageEmptyError:
            return
        if replaced is None:
            # What it stands in the place of was never ours to answer: too long, or of before.
            await self._say(link, heard.text, heard, "text")

    async def _start(self, link: Link, heard: Start) -> None:
        if heard.code and link.facts.get(_CONTINUED) == heard.id:
            # It was broken off between the two.
            await self._recap(link, heard)
        elif heard.code:
            await self._go_on(link, heard)

    async def _go_on(self, link: Link, heard: Start) -> None:
        here = await self._conversations.get_conversation(link.conversation_id)
        if here.status in _WITH_PEOPLE:
            # The code stays good: it can be used when that has ended.
            await self._tell(link, heard, "channel_continuation_waits")
            return
        moved: list[Link] = []

        def move(connection: StoreConnection, conversation_id: ConversationId) -> None:
            facts = {_CONTINUED: heard.id}
            link_there = replace(link, conversation_id=conversation_id, facts=facts)
            moved.append(move_link(connection, link_there, self._clock()))

        try:
            await self._continuations.claim(heard.code, WEBHOOK_CHANNEL, also=move)
        except ContinuationInvalidError:
            await self._tell(link, heard, "channel_continuation_invalid")
            return
        await self._recap(moved[-1], heard)

    async def _recap(self, link: Link, heard: Start) -> None:
        await self._store.add_call(link, PlannedCall(RECAP, f"{RECAP}:{_id(heard, RECAP)}"))

    async def _tell(
        self, link: Link, heard: ChannelEvent, response: str, facts: Mapping[str, Any] | None = None
    ) -> None:
        await self._notices.say(link.conversation_id, response, facts, notice_id=_id(heard, response))


def _id(heard: ChannelEvent, what: str) -> UUID:
    return uuid5(IDS, f"{heard.chat}:{heard.id}:{what}")
