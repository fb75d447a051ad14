"""Cases that a person has to decide, as the desk looks for them; within the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select, update

from balie.cases.kinds import CaseState
from balie.cases.models import CaseRow
from balie.conversations.models import ConversationRow
from balie.handoff.models import HandoffRow
from balie.kernel.ids import ConversationId

CASE: Final = "case"
"""The fact of a handoff that names the case it is about."""

_cases: Any = CaseRow.__table__
_conversations: Any = ConversationRow.__table__
_handoffs: Any = HandoffRow.__table__


@dataclass(frozen=True, slots=True)
class UndecidedCase:
    """A case that waits for a person.

    Attributes:
        language: Last spoken in its conversation.
    """

    number: str
    kind: str
    conversation_id: ConversationId
    promised_by: date
    language: str | None


def list_undecided(connection: Connection) -> tuple[UndecidedCase, ...]:
    """The open cases that want a person and have no place at the desk, first promised first."""
    query = (
        select(_cases, _conversations.c.language, _conversations.c.page_language)
        .join(_conversations, _conversations.c.id == _cases.c.conversation_id)
        .where(_cases.c.wants_person, _cases.c.state == CaseState.OPEN.value)
        .order_by(_cases.c.promised_by, _cases.c.id)
    )
    rows = connection.execute(query).all()
    known = _known(connection, [row.conversation_id for row in rows])
    return tuple(
        UndecidedCase(
            row.number,
            row.kind,
            ConversationId(row.conversation_id),
            row.promised_by,
            row.language or row.page_language,
        )
        for row in rows
        if row.number not in known.get(row.conversation_id, ())
    )


def _known(connection: Connection, conversations: list[UUID]) -> dict[UUID, set[str]]:
    if not conversations:
        return {}
    query = select(_handoffs.c.conversation_id, _handoffs.c.facts).where(
        _handoffs.c.conversation_id.in_(conversations)
    )
    found: dict[UUID, set[str]] = {}
    for conversation_id, facts in connection.execute(query).all():
        if facts.get(CASE):
            found.setdefault(conversation_id, set()).add(facts[CASE])
    return found


def answer_case(connection: Connection, number: str, now: datetime) -> None:
    """Note that the customer has heard from us about a case."""
    change = update(_cases).where(_cases.c.number == number, _cases.c.state == CaseState.OPEN.value)
    connection.execute(change.values(state=CaseState.ANSWERED.value, answered_at=now))
