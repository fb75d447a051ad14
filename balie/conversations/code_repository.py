"""Queries on one-time codes, and the one change that a right code makes. Decides nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, insert, select, update

from balie.conversations.models import ConversationRow, OneTimeCodeRow
from balie.conversations.steps import Shown
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import Session

# Tables instead of mapped classes: nothing here is tracked or flushed, every statement is what it says.
_conversations: Any = ConversationRow.__table__
_codes: Any = OneTimeCodeRow.__table__


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code as it is stored. ``customer_id`` is None for an address that nobody has."""

    conversation_id: ConversationId
    customer_id: int | None
    address_digest: str
    code_digest: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CountedTry:
    """An open code, with the tries it has had, this one included."""

    code_id: int
    customer_id: int | None
    code_digest: str
    tries: int


class CodeRepository:
    """One-time codes, within the caller's transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def lock_conversation(self, conversation_id: ConversationId) -> bool:
        """Keep others from asking for a code here until the transaction ends; False when there is none."""
        query = select(_conversations.c.id).where(_conversations.c.id == conversation_id).with_for_update()
        return (await self._session.execute(query)).first() is not None

    async def count_here(self, conversation_id: ConversationId, *, since: datetime) -> int:
        """How many codes were asked for in this conversation since a moment."""
        return await self._count(_codes.c.conversation_id == conversation_id, since)

    async def count_for_address(self, address_digest: str, *, since: datetime) -> int:
        """How many codes were asked for with this address since a moment, in any conversation."""
        return await self._count(_codes.c.address_digest == address_digest, since)

    async def insert_code(self, code: NewCode) -> int:
        """Add a code; its id, which never comes again."""
        added = await self._session.execute(
            insert(_codes).values(**asdict(code), tries=0).returning(_codes.c.id)
        )
        return cast("int", added.scalar_one())

    async def count_try(
        self, conversation_id: ConversationId, *, now: datetime, most: int
    ) -> CountedTry | None:
        """Count one try of the newest code here; None when that one is not open any more.

        Args:
            conversation_id: Where it was typed.
            now: The present moment.
            most: Tries that a code may have.
        """
        newest = select(func.max(_codes.c.id)).where(_codes.c.conversation_id == conversation_id)
        counted = (
            update(_codes)
            .where(
                _codes.c.id == newest.scalar_subquery(),
                _codes.c.used_at.is_(None),
                _codes.c.expires_at > now,
                _codes.c.tries < most,
            )
            .values(tries=_codes.c.tries + 1)
            .returning(_codes.c.id, _codes.c.customer_id, _codes.c.code_digest, _codes.c.tries)
        )
        row = (await self._session.execute(counted)).first()
        return None if row is None else CountedTry(*row)

    async def use_code(self, code_id: int, *, at: datetime) -> bool:
        """Mark a code as used; False when it was used before."""
        used = await self._session.execute(
            update(_codes).where(_codes.c.id == code_id, _codes.c.used_at.is_(None)).values(used_at=at)
        )
        return cast("CursorResult[Any]", used).rowcount == 1

    async def recognise(self, conversation_id: ConversationId, shown: Shown) -> None:
        """Remember with the conversation who the customer has shown to be."""
        await self._session.execute(
            update(_conversations).where(_conversations.c.id == conversation_id).values(**shown.columns)
        )

    async def forget_before(self, moment: datetime) -> None:
        """Delete codes that are too old to be counted."""
        await self._session.execute(delete(_codes).where(_codes.c.created_at < moment))

    async def _count(self, condition: Any, since: datetime) -> int:
        query = select(func.count()).select_from(_codes).where(condition, _codes.c.created_at >= since)
        return cast("int", await self._session.scalar(query))
