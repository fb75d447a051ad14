"""What a desk lists: handoffs with what is worth knowing of their conversations, in a few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Select, and_, func, literal, outerjoin, select

from balie.conversations.models import ConversationRow, MessageRow
from balie.conversations.status import ConversationStatus
from balie.customers.models import CustomerRow
from balie.handoff.kinds import HandoffState
from balie.handoff.models import HandoffRow
from balie.handoff.repository import IS_OPEN, states_are
from balie.handoff.rows import handoff_from
from balie.handoff.views import OWN_DESK, DeskItem

_handoffs: Any = HandoffRow.__table__
_conversations: Any = ConversationRow.__table__
_messages: Any = MessageRow.__table__
_customers: Any = CustomerRow.__table__

SHOWN_CHARACTERS: Final = 120
MOST_ENDED: Final = 100

_of_customer: Any = _messages.c.author == literal("customer", literal_execute=True)
_newer: Any = _messages.alias()

_unread: Any = (
    select(func.count())
    .where(
        _newer.c.conversation_id == _conversations.c.id,
        _newer.c.sequence > _conversations.c.agent_read,
        _newer.c.author == literal("customer", literal_execute=True),
    )
    .scalar_subquery()
    .label("unread")
)

_by_person: Any = _messages.alias()

_last_of_person: Any = (
    select(func.max(_by_person.c.sequence))
    .where(
        _by_person.c.conversation_id == _conversations.c.id,
        _by_person.c.author.in_([literal(word, literal_execute=True) for word in ("customer", "agent")]),
    )
    .scalar_subquery()
)
"""What an agent wants to read in a list is not what the assistant said of the queue."""

_ITEMS: Any = select(
    _handoffs,
    _conversations.c.status,
    _conversations.c.channel,
    _conversations.c.heard_via,
    _conversations.c.customer_id,
    _conversations.c.last_sequence,
    _conversations.c.customer_read,
    _conversations.c.agent_read,
    _conversations.c.handoff_number,
    _conversations.c.last_active_at,
    _customers.c.first_name,
    _customers.c.last_name,
    _messages.c.text.label("last_text"),
    _messages.c.author.label("last_author"),
    _messages.c.created_at.label("last_at"),
    _unread,
).select_from(
    outerjoin(
        outerjoin(
            _handoffs.join(_conversations, _conversations.c.id == _handoffs.c.conversation_id),
            _customers,
            _customers.c.id == _conversations.c.customer_id,
        ),
        _messages,
        and_(
            _messages.c.conversation_id == _conversations.c.id,
            _messages.c.sequence == _last_of_person,
        ),
    )
)


class BoardRepository:
    """Reads within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_open(self, *states: HandoffState) -> tuple[DeskItem, ...]:
        """Every conversation of our own desk that is in one of these states."""
        wanted = _ITEMS.where(states_are(frozenset(states)), _handoffs.c.desk == OWN_DESK)
        return self._items(wanted.order_by(_handoffs.c.requested_at))

    def find_item(self, conversation_id: UUID) -> DeskItem | None:
        """One conversation, with its newest handoff."""
        wanted = _ITEMS.where(_handoffs.c.conversation_id == conversation_id)
        newest = wanted.order_by(IS_OPEN.desc(), _handoffs.c.requested_at.desc()).limit(1)
        items = self._items(newest)
        return items[0] if items else None

    def list_ended(
        self, *, agent_id: int | None, team: str | None, before: datetime | None
    ) -> tuple[DeskItem, ...]:
        """Conversations that ended, newest first: an agent's own, or everybody's (None)."""
        query = _ITEMS.where(_handoffs.c.ended_at.is_not(None))
        if agent_id is not None:
            query = query.where(_handoffs.c.agent_id == agent_id)
        if team is not None:
            query = query.where(_handoffs.c.team == team)
        if before is not None:
            query = query.where(_handoffs.c.ended_at < before)
        return self._items(query.order_by(_handoffs.c.ended_at.desc()).limit(MOST_ENDED))

    def _items(self, query: Select[Any]) -> tuple[DeskItem, ...]:
        rows = self._connection.execute(query).all()
        moods = self._moods([row.conversation_id for row in rows])
        return tuple(_item_from(row, moods) for row in rows)

    def _moods(self, conversations: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
        """How the last message that was read feels, of each conversation."""
        if not conversations:
            return {}
        newest = (
            select(_messages.c.conversation_id, func.max(_messages.c.sequence).label("sequence"))
            .where(
                _messages.c.conversation_id.in_(conversations),
                _messages.c.emotion.is_not(None),
                _of_customer,
            )
            .group_by(_messages.c.conversation_id)
            .subquery()
        )
        query = select(_messages.c.conversation_id, _messages.c.emotion).join(
            newest,
            and_(
                newest.c.conversation_id == _messages.c.conversation_id,
                newest.c.sequence == _messages.c.sequence,
            ),
        )
        return {row[0]: row[1] for row in self._connection.execute(query).all()}


def _item_from(row: Any, moods: Mapping[UUID, Mapping[str, Any]]) -> DeskItem:
    reading = moods.get(row.conversation_id)
    leading = None if reading is None else str(reading["label"])
    return DeskItem(
        handoff=handoff_from(row),
        status=ConversationStatus(row.status),
        channel=row.channel,
        heard_via=row.heard_via,
        customer_id=row.customer_id,
        customer_name=_name(row.first_name, row.last_name),
        last_sequence=row.last_sequence,
        last_text=_cut(row.last_text or ""),
        last_author=row.last_author or "",
        last_at=row.last_at or row.last_active_at,
        mood_leading=leading,
        mood_strength=None if reading is None else float(reading["probabilities"].get(leading, 0.0)),
        unread=row.unread,
        customer_read=row.customer_read,
        agent_read=row.agent_read,
        number=row.handoff_number,
    )


def _name(*parts: str | None) -> str | None:
    return " ".join(filter(None, parts)) or None


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= SHOWN_CHARACTERS else f"{flat[: SHOWN_CHARACTERS - 1]}…"


def matches(item: DeskItem, words: Iterable[str]) -> bool:
    """Whether somebody who looks for these words means this conversation."""
    said = f"{item.customer_name or ''} {item.last_text} {item.handoff.contact or ''}".casefold()
    return all(word.casefold() in said for word in words)
