"""What is changed of messages after they were stored. Decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, or_, select, update

from balie.conversations.models import MessageButtonRow, MessageRow
from balie.conversations.views import TurnState
from balie.kernel.ids import MessageId

_messages: Any = MessageRow.__table__
_buttons: Any = MessageButtonRow.__table__


class MessageRepository:
    """Works within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace_text(self, message_id: MessageId, text: str, meaning: str | None, at: datetime) -> bool:
        """Put another text in place of what was typed; False when it says that already, or was not typed.

        Args:
            message_id: The customer's message; a photo, and what a channel offered, stay as they are.
            text: The new one.
            meaning: What it means to the assistant (None: what it says), if that is still to be asked.
            at: When.
        """
        # What has a meaning of its own was typed if it is the title of a button.
        titles = select(_buttons.c.payload).where(_buttons.c.conversation_id == _messages.c.conversation_id)
        is_typed = or_(_messages.c.payload.is_(None), _messages.c.payload.in_(titles))
        waits = _messages.c.turn_state == TurnState.PENDING.value
        change = update(_messages).where(_messages.c.id == message_id, is_typed, _messages.c.text != text)
        values = {"text": text, "edited_at": at, "payload": case((waits, meaning), else_=_messages.c.payload)}
        return self._connection.execute(change.values(**values)).rowcount == 1
