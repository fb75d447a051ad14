"""Takes the keys of changes, and writes down what was changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from balie.audit.errors import ChangeKeyTakenError
from balie.audit.models import AuditEntryRow, ChangeKeyRow
from balie.audit.turns import Turn
from balie.storage.unit_of_work import Session

KEYS_KEPT: Final = timedelta(days=90)
"""Much longer than a message can wait for its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change, as it is written down; ``before`` and ``after`` hold only what differs."""

    undertaking: str
    customer_id: int | None
    order_id: int | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


class AuditRepository:
    """Claims and records, within one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def claim(self, turn: Turn, undertaking: str, customer_id: int | None, now: datetime) -> bool:
        """Take the turn's key for this transaction; False when it was used before.

        Whoever comes with the same key at the same time waits here until this transaction has ended.
        """
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        key = {**_key(turn, undertaking), "customer_id": customer_id, "created_at": now}
        insertion = dialect.insert(ChangeKeyRow).values(**key).on_conflict_do_nothing()
        claimed = await self._session.execute(insertion.returning(ChangeKeyRow.part))
        return claimed.first() is not None

    async def get_outcome(self, turn: Turn, undertaking: str, customer_id: int | None) -> dict[str, Any]:
        """What came of a key that was used before.

        Raises:
            ChangeKeyTakenError: It was another customer's.
        """
        key = await self._session.get(ChangeKeyRow, tuple(_key(turn, undertaking).values()))
        if key is None or key.outcome is None or key.customer_id != customer_id:
            raise ChangeKeyTakenError
        return key.outcome

    async def record_outcome(self, turn: Turn, undertaking: str, outcome: dict[str, Any]) -> None:
        """Keep what came of a claimed key."""
        conditions = [getattr(ChangeKeyRow, name) == part for name, part in _key(turn, undertaking).items()]
        await self._session.execute(update(ChangeKeyRow).where(*conditions).values(outcome=outcome))

    async def forget_keys(self, older_than: datetime) -> int:
        """Remove keys that no message can come back to; answers how many."""
        query = delete(ChangeKeyRow).where(ChangeKeyRow.created_at < older_than)
        forgotten = await self._session.scalars(query.returning(ChangeKeyRow.part))
        return len(forgotten.all())

    def record(self, turn: Turn, entry: Entry, now: datetime) -> None:
        """Write down who changed what, and when."""
        self._session.add(
            AuditEntryRow(
                happened_at=now,
                undertaking=entry.undertaking,
                author=turn.author.value,
                customer_id=entry.customer_id,
                order_id=entry.order_id,
                conversation_id=turn.conversation_id,
                message_id=turn.message_id,
                before=dict(entry.before),
                after=dict(entry.after),
            )
        )


def _key(turn: Turn, undertaking: str) -> dict[str, Any]:
    return {
        "conversation_id": turn.conversation_id,
        "message_id": turn.message_id,
        "undertaking": undertaking,
        "part": turn.part,
    }
