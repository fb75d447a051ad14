"""Addresses that customers type: read from our own store; the slots keep only where to find them."""

from __future__ import annotations

from uuid import UUID

from balie.conversations.errors import MessageNotFoundError
from balie.conversations.service import ConversationService
from balie.kernel.ids import ConversationId, MessageId
from balie.orders.address_reading import read_address
from balie.orders.changes_asked import DeliveryAddress


class AddressBook:
    """Finds an address in a message, and reads it there again."""

    def __init__(self, conversations: ConversationService) -> None:
        self._conversations = conversations

    async def find(
        self, conversation_id: ConversationId | None, message_id: MessageId | None, *, country: str
    ) -> str | None:
        """The id of the message if it holds an address, else None.

        Args:
            conversation_id: Whose message it is.
            message_id: Of the message.
            country: Where it is when it names none, as ISO 3166 code.
        """
        place = None if message_id is None else str(message_id)
        return place if await self.read(conversation_id, place, country=country) is not None else None

    async def read(
        self, conversation_id: ConversationId | None, place: str | None, *, country: str
    ) -> DeliveryAddress | None:
        """The address in the message that :meth:`find` named; None when it cannot be read any more."""
        if conversation_id is None or place is None:
            return None
        try:
            message = await self._conversations.get_message(conversation_id, MessageId(UUID(place)))
        except MessageNotFoundError:
            return None
        return read_address(message.text, country=country)
