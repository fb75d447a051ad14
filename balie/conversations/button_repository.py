"""Which buttons a customer has before them, and what they mean. Decides nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, select

from balie.conversations.models import MessageButtonRow, MessageRow
from balie.conversations.views import Author, VisibleButton
from balie.kernel.ids import ConversationId

_messages: Any = MessageRow.__table__
_buttons: Any = MessageButtonRow.__table__

# Notices of channels do not come between a question and its answer; what an agent says does.
_FIND_NEWEST_WORD = (
    select(_messages.c.author, _messages.c.buttons)
    .where(
        _messages.c.conversation_id == bindparam("conversation"),
        _messages.c.author.in_([Author.ASSISTANT.value, Author.AGENT.value]),
    )
    .order_by(_messages.c.sequence.desc())
    .limit(1)
)


class ButtonRepository:
    """Reads within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_button(self, conversation_id: ConversationId, button_id: str) -> tuple[str, str] | None:
        """Title and payload of a button of this conversation, or None."""
        wanted = select(_buttons.c.title, _buttons.c.payload).where(
            _buttons.c.id == button_id, _buttons.c.conversation_id == conversation_id
        )
        row = self._connection.execute(wanted).one_or_none()
        return None if row is None else (row.title, row.payload)

    def list_newest(self, conversation_id: ConversationId) -> tuple[VisibleButton, ...]:
        """The buttons under the assistant's newest message; none when an agent said something since."""
        row = self._connection.execute(_FIND_NEWEST_WORD, {"conversation": conversation_id}).one_or_none()
        if row is None or row.author != Author.ASSISTANT.value:
            return ()
        return tuple(VisibleButton(**button) for button in row.buttons)
