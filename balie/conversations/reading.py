"""What can be looked up of conversations. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar
from uuid import UUID

from balie.conversations.errors import ConversationNotFoundError, MessageNotFoundError, PhotoNotFoundError
from balie.conversations.repository import ConversationRepository
from balie.conversations.steps import existing
from balie.conversations.views import (
    Conversation,
    Message,
    MessagePage,
    PastMessage,
    PendingTurn,
    PhotoMark,
    PhotoView,
)
from balie.kernel.ids import ConversationId, MessageId, PhotoId
from balie.storage.errors import StoreUnavailableError
from balie.storage.unit_of_work import UnitOfWork

Result = TypeVar("Result")

PAGE_SIZE: Final = 500
LOOK_BACK: Final = 24
"""Messages: at least the eight turns of a mood, with two replies each."""


class ConversationReader:
    """Looks up conversations, their messages and photos; each method is one short transaction in a thread."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._unit_of_work = unit_of_work

    async def get_conversation(self, conversation_id: ConversationId) -> Conversation:
        """The conversation as it stands.

        Raises:
            ConversationNotFoundError: There is none.
        """
        return existing(await self._read(lambda records: records.find_conversation(conversation_id)))

    async def is_ready(self) -> bool:
        """Whether conversations can be read now; never raises."""
        try:
            await self.find_pending_turn(ConversationId(UUID(int=0)))
        except StoreUnavailableError:
            return False
        return True

    async def get_photo(self, conversation_id: ConversationId, photo_id: PhotoId) -> PhotoView:
        """One photo of this conversation.

        Raises:
            PhotoNotFoundError: Not in this conversation, or there is none.
        """
        photo = await self._read(lambda records: records.find_photo(conversation_id, photo_id))
        if photo is None:
            raise PhotoNotFoundError
        return photo

    async def list_photos_of_message(
        self, conversation_id: ConversationId, message_id: MessageId
    ) -> tuple[PhotoMark, ...]:
        """The photos that a message of this conversation shows; empty when it shows none."""
        return await self._read(lambda records: records.list_photos_of_message(conversation_id, message_id))

    async def get_message(self, conversation_id: ConversationId, message_id: MessageId) -> Message:
        """One message, exactly as the customer wrote it.

        Raises:
            MessageNotFoundError: Not in this conversation.
        """
        message = await self._read(lambda records: records.find_message(conversation_id, message_id))
        if message is None:
            raise MessageNotFoundError
        return message

    async def list_messages(self, conversation_id: ConversationId, *, after: int = 0) -> MessagePage:
        """Messages with a higher sequence number than ``after``, at most ``PAGE_SIZE``.

        Raises:
            ConversationNotFoundError: No such conversation.
        """
        page = await self._read(
            lambda records: records.find_page(conversation_id, after=after, limit=PAGE_SIZE)
        )
        if page is None:
            raise ConversationNotFoundError
        return page

    async def list_past(self, conversation_id: ConversationId) -> tuple[PastMessage, ...]:
        """How the last messages felt and were answered, in order; empty when there is no such conversation.

        Further back than ``LOOK_BACK`` messages it holds only those that had words for the customer's mood.
        """
        return await self._read(lambda records: records.list_past(conversation_id, back=LOOK_BACK))

    async def list_said(
        self, conversation_id: ConversationId, most: int, *, before: int
    ) -> tuple[Message, ...]:
        """What the assistant and agents said last before a message of that number, the newest first."""
        return await self._read(
            lambda records: records.buttons.list_said(conversation_id, most, before=before)
        )

    async def list_meanings(
        self, conversation_id: ConversationId, message_id: MessageId
    ) -> Mapping[str, str]:
        """What the buttons of a message of this conversation mean to the assistant, by their ids."""
        return await self._read(lambda records: records.buttons.list_meanings(conversation_id, message_id))

    async def find_pending_turn(self, conversation_id: ConversationId) -> PendingTurn | None:
        """The oldest customer message without an answer, or None."""
        return await self._read(lambda records: records.find_pending_turn(conversation_id))

    async def list_conversations_with_pending_turns(self) -> tuple[ConversationId, ...]:
        """Conversations in which a message waits for its answer; longest waiting first."""
        return await self._read(lambda records: records.list_conversations_with_pending_turns())

    async def _read(self, work: Callable[[ConversationRepository], Result]) -> Result:
        return await self._unit_of_work.run_reading(
            lambda connection: work(ConversationRepository(connection))
        )
