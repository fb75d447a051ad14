"""Addresses that customers type: read where they were typed; the slots keep only where to find them."""

from __future__ import annotations

from actions.messages import MessageBook
from balie.kernel.ids import ConversationId
from balie.orders.address_reading import read_address
from balie.orders.changes_asked import DeliveryAddress


class AddressBook:
    """Reads the address in a message."""

    def __init__(self, messages: MessageBook) -> None:
        self._messages = messages

    async def read(
        self, conversation_id: ConversationId | None, place: str | None, *, country: str
    ) -> DeliveryAddress | None:
        """The address in a message; None when it holds none, or cannot be read any more.

        Args:
            conversation_id: Whose message it is.
            place: The id of the message.
            country: Where it is when it names none, as ISO 3166 code.
        """
        text = await self._messages.read(conversation_id, place)
        return None if text is None else read_address(text, country=country)
