"""What customers really typed: read from our own store; Rasa sees words in place of what is private."""

from __future__ import annotations

from uuid import UUID

from balie.conversations.errors import MessageNotFoundError
from balie.conversations.service import ConversationService
from balie.kernel.ids import ConversationId, MessageId


class MessageBook:
    """Finds messages by the ids that slots keep in their place."""

    def __init__(self, conversations: ConversationService) -> None:
        self._conversations = conversations

    async def read(self, conversation_id: ConversationId | None, place: str | None) -> str | None:
        """The text of a message; None when there is none, or it can no longer be read.

        Args:
            conversation_id: Whose message it is.
            place: The id of the message.
        """
        if conversation_id is None or place is None:
            return None
        try:
            message = await self._conversations.get_message(conversation_id, MessageId(UUID(place)))
        except MessageNotFoundError:
            return None
        return message.text
