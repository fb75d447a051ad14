"""What is changed of messages after they were stored. Decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from balie.conversations.models import MessageRow
from balie.kernel.ids import MessageId

_messages: Any = MessageRow.__table__


class MessageRepository:
    """Works within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace_text(self, message_id: MessageId, text: str, at: datetime) -> bool:
        """Put another text in place of what was typed; False when it says that already, or was not typed."""
        change = update(_messages).where(
            _messages.c.id == message_id, _messages.c.payload.is_(None), _messages.c.text != text
        )
        return self._connection.execute(change.values(text=text, edited_at=at)).rowcount == 1
