"""What a customer has before them: the newest words, their buttons, and what those mean. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, null, select

from balie.conversations.models import MessageButtonRow, MessageRow
from balie.conversations.rows import message_from
from balie.conversations.views import Author, Message, VisibleButton
from balie.kernel.ids import ConversationId, MessageId

_messages: Any = MessageRow.__table__
_buttons: Any = MessageButtonRow.__table__

# Notices of channels do not come between a question and its answer; what an agent says does.
_LIST_NEWEST = (
    select(*_messages.c, null().label("photo_id"))
    .where(
        _messages.c.conversation_id == bindparam("conversation"),
        _messages.c.author.in_([Author.ASSISTANT.value, Author.AGENT.value]),
    )
    .order_by(_messages.c.sequence.desc())
    .limit(bindparam("most"))
)
_LIST_SAID_BEFORE = _LIST_NEWEST.where(_messages.c.sequence < bindparam("before"))


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
        gaps = {"conversation": conversation_id, "most": 1}
        newest = self._connection.execute(_LIST_NEWEST, gaps).one_or_none()
        said = None if newest is None else message_from(newest)
        return () if said is None or said.author is not Author.ASSISTANT else said.buttons

    def list_said(self, conversation_id: ConversationId, most: int, *, before: int) -> tuple[Message, ...]:
        """What the assistant and agents said last, without photos, the newest first.

        Args:
            conversation_id: In which it was said.
            most: So many messages.
            before: Only what has a lower sequence number.
        """
        gaps = {"conversation": conversation_id, "most": most, "before": before}
        return tuple(message_from(row) for row in self._connection.execute(_LIST_SAID_BEFORE, gaps))

    def list_meanings(self, conversation_id: ConversationId, message_id: MessageId) -> Mapping[str, str]:
        """What the buttons of a message of this conversation mean, by their ids."""
        wanted = select(_buttons.c.id, _buttons.c.payload).where(
            _buttons.c.message_id == message_id, _buttons.c.conversation_id == conversation_id
        )
        return {row.id: row.payload for row in self._connection.execute(wanted)}
