"""What customers say: typed, pressed, chosen or photographed, by whichever channel it comes.

Each method is one short transaction (``steps.py``) in a thread; the bell rings once it is committed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from balie.conversations.bell import Bell
from balie.conversations.errors import MessageNotFoundError
from balie.conversations.message_repository import MessageRepository
from balie.conversations.photo_files import RedrawnPhoto, redraw_photo
from balie.conversations.policy import clean_text
from balie.conversations.reading import ConversationReader
from balie.conversations.repository import ConversationRepository, RepeatedMessageError
from balie.conversations.steps import Incoming, find_first_or_check, read_title, record_incoming
from balie.conversations.views import WEB_WIDGET, Author, Message, RecordedMessage
from balie.kernel.clock import Clock
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import StoreConnection, UnitOfWork

Result = TypeVar("Result")


class CustomerMessages(ConversationReader):
    """Stores what customers say, each thing once.

    Attributes:
        bell: Rings after every change; also shows typing.
    """

    def __init__(self, unit_of_work: UnitOfWork, bell: Bell, *, max_characters: int, clock: Clock) -> None:
        super().__init__(unit_of_work)
        self.bell = bell
        self._max_characters = max_characters
        self._clock = clock
        self._drawing = asyncio.Lock()

    async def record_customer_message(
        self, conversation_id: ConversationId, text: str, *, client_message_id: UUID, via: str | None = None
    ) -> RecordedMessage:
        """Store typed text; it waits for the assistant afterwards.

        A text that is the title of a button under the assistant's newest message is that button pressed
        (:func:`balie.conversations.steps.read_title`).

        Args:
            conversation_id: Where it was typed.
            text: As typed; cleaned here.
            client_message_id: The sender's own id; a second message with the same id is not stored.
            via: The channel it came by, where the customer is reached from now on; None: our own.

        Returns:
            The message; when it was sent before, the first one.

        Raises:
            MessageEmptyError: Nothing to read.
            MessageTooLongError: More than the allowed number of characters.
            ConversationNotFoundError: No such conversation.
        """
        cleaned = clean_text(text, max_characters=self._max_characters)
        incoming = Incoming(client_message_id, text=cleaned, via=via or WEB_WIDGET)
        return await self._record_or_find(conversation_id, incoming)

    async def record_button_press(
        self,
        conversation_id: ConversationId,
        button_id: str,
        *,
        client_message_id: UUID,
        via: str | None = None,
    ) -> RecordedMessage:
        """Store that a button was pressed, as a message with the button's title; ``via`` as for text.

        Raises:
            ButtonNotFoundError: Not a button of this conversation.
            ConversationNotFoundError: No such conversation.
        """
        incoming = Incoming(client_message_id, button_id=button_id, via=via or WEB_WIDGET)
        return await self._record_or_find(conversation_id, incoming)

    async def record_choice(
        self,
        conversation_id: ConversationId,
        title: str,
        payload: str,
        *,
        client_message_id: UUID,
        via: str | None = None,
    ) -> RecordedMessage:
        """Store what a command of a channel means, like a pressed button.

        Args:
            conversation_id: Where it was given.
            title: What is shown of it.
            payload: What it means to the assistant: a constant of ours, never anything typed.
            client_message_id: As for :meth:`record_customer_message`.
            via: As there.

        Raises:
            ConversationNotFoundError: No such conversation.
        """
        incoming = Incoming(client_message_id, text=title, payload=payload, via=via or WEB_WIDGET)
        return await self._record_or_find(conversation_id, incoming)

    async def record_photo(
        self,
        conversation_id: ConversationId,
        content: bytes,
        *,
        client_message_id: UUID,
        via: str | None = None,
    ) -> RecordedMessage:
        """Store a photo, drawn afresh, as a message without words; it waits for the assistant afterwards.

        Photos are drawn one at a time: the largest takes half a gigabyte of memory.

        Args:
            conversation_id: Where it was sent.
            content: The file as it came.
            client_message_id: As for :meth:`record_customer_message`.
            via: As there.

        Returns:
            The message; when it was sent before, the first one.

        Raises:
            PhotoUnreadableError: Not a photo, broken, or too large to open.
            PhotosLimitedError: Too many photos came in this conversation lately.
            ConversationNotFoundError: No such conversation.
        """
        now = self._clock()
        first = await self._read(
            lambda records: find_first_or_check(records, conversation_id, client_message_id, now)
        )
        if first is not None:
            return RecordedMessage(first, duplicate=True)
        photo = await self.redraw_photo(content)
        incoming = Incoming(client_message_id, photo=photo, via=via or WEB_WIDGET)
        return await self._record_or_find(conversation_id, incoming)

    async def redraw_photo(self, content: bytes) -> RedrawnPhoto:
        """A photo as it is kept, whoever sends it; one at a time.

        Raises:
            PhotoUnreadableError: Not a photo, broken, or too large to open.
        """
        async with self._drawing:
            return await asyncio.to_thread(redraw_photo, content)

    async def replace_message(
        self, conversation_id: ConversationId, text: str, *, client_message_id: UUID
    ) -> Message | None:
        """Put what a customer has made of a typed message in its place.

        A message that waits for the assistant is answered as it reads when it is taken up. One that is with
        the assistant at this moment, or has its answer, keeps that answer: it may have changed something in
        the shop's books, and a second one would contradict it.

        Args:
            conversation_id: Where it was typed.
            text: As typed; cleaned here.
            client_message_id: The id it was stored under.

        Returns:
            The message as it reads now; None when there is none under this id.

        Raises:
            MessageEmptyError: Nothing to read.
            MessageTooLongError: More than the allowed number of characters.
        """
        cleaned, now = clean_text(text, max_characters=self._max_characters), self._clock()

        def put(connection: StoreConnection) -> tuple[Message | None, bool]:
            records = ConversationRepository(connection)
            before = records.find_by_client_message_id(conversation_id, client_message_id)
            conversation = records.find_conversation(conversation_id)
            if before is None or before.author is not Author.CUSTOMER or conversation is None:
                return None, False
            meaning = read_title(records, conversation, cleaned)
            if not MessageRepository(connection).replace_text(before.id, cleaned, meaning, now):
                return before, False
            return replace(before, text=cleaned, edited_at=now), True

        message, is_changed = await self._unit_of_work.run_writing(put)
        if message is not None and is_changed:
            self.bell.ring_for_edit(conversation_id, message.sequence)
        return message

    async def _record_or_find(self, conversation_id: ConversationId, incoming: Incoming) -> RecordedMessage:
        now = self._clock()
        try:
            message = await self._write(
                lambda records: record_incoming(records, conversation_id, incoming, now)
            )
        except RepeatedMessageError:
            return await self._find_first(conversation_id, incoming.client_message_id)
        self.bell.ring(conversation_id)
        return RecordedMessage(message, duplicate=False)

    async def _find_first(self, conversation_id: ConversationId, client_message_id: UUID) -> RecordedMessage:
        message = await self._read(
            lambda records: records.find_by_client_message_id(conversation_id, client_message_id)
        )
        if message is None:
            raise MessageNotFoundError
        return RecordedMessage(message, duplicate=True)

    async def _write(self, work: Callable[[ConversationRepository], Result]) -> Result:
        return await self._unit_of_work.run_writing(
            lambda connection: work(ConversationRepository(connection))
        )
