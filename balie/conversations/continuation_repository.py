"""Queries on codes by which a conversation is gone on with elsewhere. Decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from balie.conversations.models import ContinuationRow, ConversationRow
from balie.kernel.ids import ConversationId

_continuations: Any = ContinuationRow.__table__
_conversations: Any = ConversationRow.__table__


class ContinuationRepository:
    """Works within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock_conversation(self, conversation_id: ConversationId) -> bool:
        """Keep others from making a code here until the transaction ends; False when there is none."""
        query = select(_conversations.c.id).where(_conversations.c.id == conversation_id).with_for_update()
        return self._connection.execute(query).first() is not None

    def forget(self, conversation_id: ConversationId, towards: str, *, now: datetime) -> None:
        """Delete what cannot be used any more, and this conversation's unused code in this direction."""
        theirs = and_(
            _continuations.c.conversation_id == conversation_id,
            _continuations.c.towards == towards,
            _continuations.c.used_at.is_(None),
        )
        self._connection.execute(
            delete(_continuations).where(or_(theirs, _continuations.c.expires_at <= now))
        )

    def insert(
        self,
        code_hash: str,
        conversation_id: ConversationId,
        towards: str,
        *,
        created_at: datetime,
        expires_at: datetime,
    ) -> None:
        """Add a code."""
        row = {
            "code_hash": code_hash,
            "conversation_id": conversation_id,
            "towards": towards,
            "created_at": created_at,
            "expires_at": expires_at,
        }
        self._connection.execute(insert(_continuations), row)

    def find(self, code_hash: str, towards: str, *, now: datetime) -> ConversationId | None:
        """Whose code it is, when it can be used."""
        query = select(_continuations.c.conversation_id).where(_is_good(code_hash, towards, now))
        found = self._connection.execute(query).scalar_one_or_none()
        return None if found is None else ConversationId(found)

    def use(self, code_hash: str, towards: str, *, now: datetime) -> ConversationId | None:
        """Use a code up; whose it was, or None when it cannot be used: of many who try at once, one can."""
        used = update(_continuations).where(_is_good(code_hash, towards, now)).values(used_at=now)
        found = self._connection.execute(
            used.returning(_continuations.c.conversation_id)
        ).scalar_one_or_none()
        return None if found is None else ConversationId(found)

    def note_heard(self, conversation_id: ConversationId, via: str) -> None:
        """Remember by which channel the customer is reached."""
        change = update(_conversations).where(_conversations.c.id == conversation_id)
        self._connection.execute(change.values(heard_via=via))


def _is_good(code_hash: str, towards: str, now: datetime) -> Any:
    return and_(
        _continuations.c.code_hash == code_hash,
        _continuations.c.towards == towards,
        _continuations.c.used_at.is_(None),
        _continuations.c.expires_at > now,
    )
