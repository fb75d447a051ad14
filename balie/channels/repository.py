"""Links, and what plans are made of, within the caller's transaction; decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from balie.channels.kinds import CallState
from balie.channels.models import ChannelCallRow, ChannelLinkRow
from balie.channels.views import Link, Passing, Plan, PlannedCall, Situation, Told
from balie.conversations.models import ConversationRow, MessageRow
from balie.conversations.status import ConversationStatus
from balie.conversations.views import Author, TurnState
from balie.handoff.kinds import HandoffState, Reason
from balie.handoff.models import HandoffRow
from balie.handoff.repository import IS_OPEN
from balie.kernel.ids import ConversationId

_links: Any = ChannelLinkRow.__table__
_calls: Any = ChannelCallRow.__table__
_conversations: Any = ConversationRow.__table__
_messages: Any = MessageRow.__table__
_handoffs: Any = HandoffRow.__table__

PASSINGS_BACK = 10
MESSAGES_AT_ONCE = 200


class LinkRepository:
    """Reads and writes links, and plans calls for them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, channel: str, external_id: str) -> Link | None:
        """The link of what the other side calls a conversation."""
        query = select(_links).where(_links.c.channel == channel, _links.c.external_id == external_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else link_from(row)

    def find_of(self, conversation_id: ConversationId, channel: str) -> Link | None:
        """The link of a conversation of ours."""
        row = self._connection.execute(select(_links).where(_is(conversation_id, channel))).one_or_none()
        return None if row is None else link_from(row)

    def insert(self, link: Link, at: datetime) -> Link:
        """Add a link; the one that is there already, if somebody was faster."""
        columns = {
            "conversation_id": link.conversation_id,
            "channel": link.channel,
            "external_id": link.external_id,
            "facts": dict(link.facts),
            "planned_sequence": link.planned_sequence,
            "planned_number": link.planned_number,
            "last_call": link.last_call,
            "heard_number": link.heard_number,
            "created_at": at,
        }
        self._connection.execute(_insert(self._connection, _links).values(**columns).on_conflict_do_nothing())
        found = self.find(link.channel, link.external_id)
        assert found is not None
        return found

    def lock(self, conversation_id: ConversationId, channel: str) -> Link | None:
        """The link, kept from everybody else until the transaction ends."""
        same = update(_links).where(_is(conversation_id, channel)).values(channel=channel).returning(_links)
        row = self._connection.execute(same).one_or_none()
        return None if row is None else link_from(row)

    def note_heard(
        self,
        conversation_id: ConversationId,
        channel: str,
        *,
        facts: dict[str, Any],
        number: int | None = None,
    ) -> None:
        """Remember what the other side has said about itself, beside what is remembered already."""
        link = self.lock(conversation_id, channel)
        if link is None:
            return
        values: dict[str, Any] = {"facts": {**link.facts, **facts}}
        if number is not None:
            values["heard_number"] = max(link.heard_number, number)
        self._connection.execute(update(_links).where(_is(conversation_id, channel)).values(**values))

    def list_to_plan(self, channel: str) -> tuple[ConversationId, ...]:
        """Conversations in which something has happened that no plan has looked at."""
        query = (
            select(_links.c.conversation_id)
            .join(_conversations, _conversations.c.id == _links.c.conversation_id)
            .where(
                _links.c.channel == channel,
                or_(
                    _conversations.c.last_sequence > _links.c.planned_sequence,
                    _conversations.c.handoff_number > _links.c.planned_number,
                ),
            )
            .order_by(_conversations.c.last_active_at)
        )
        return tuple(ConversationId(found) for found in self._connection.execute(query).scalars())

    def list_to_serve(self, conversation_id: ConversationId) -> tuple[str, ...]:
        """Channels in which this conversation's customer has something to be told."""
        says = exists().where(
            _messages.c.conversation_id == _links.c.conversation_id,
            _messages.c.sequence > _links.c.planned_sequence,
            _messages.c.author != Author.CUSTOMER.value,
        )
        waits = exists().where(
            _calls.c.conversation_id == _links.c.conversation_id,
            _calls.c.channel == _links.c.channel,
            _calls.c.state.in_((CallState.WAITING.value, CallState.SENDING.value)),
        )
        query = select(_links.c.channel).where(_links.c.conversation_id == conversation_id, or_(says, waits))
        return tuple(self._connection.execute(query).scalars())

    def move(self, link: Link, at: datetime) -> None:
        """Have what the other side calls a conversation mean another one of ours, from its end on."""
        here = _links.c.channel == link.channel
        theirs = or_(
            _links.c.external_id == link.external_id, _links.c.conversation_id == link.conversation_id
        )
        self._connection.execute(delete(_links).where(here, theirs))
        self.insert(link, at)

    def remove(self, conversation_id: ConversationId, channel: str) -> None:
        """Take a link away."""
        self._connection.execute(delete(_links).where(_is(conversation_id, channel)))

    def find_last_sequence(self, conversation_id: ConversationId) -> int:
        """Number of a conversation's last message; 0 where there is none."""
        query = select(_conversations.c.last_sequence).where(_conversations.c.id == conversation_id)
        return self._connection.execute(query).scalar() or 0

    def find_highest_number(self, channel: str) -> int:
        """The highest number that was ever heard in a channel; 0: none was."""
        query = select(func.max(_links.c.heard_number)).where(_links.c.channel == channel)
        return self._connection.execute(query).scalar() or 0

    def list_unlinked(self, desk: str) -> tuple[ConversationId, ...]:
        """Conversations with an open handoff to a desk that does not know them yet."""
        known = exists().where(
            _links.c.conversation_id == _handoffs.c.conversation_id, _links.c.channel == desk
        )
        query = select(_handoffs.c.conversation_id).where(_handoffs.c.desk == desk, IS_OPEN, ~known)
        found = self._connection.execute(query.order_by(_handoffs.c.requested_at)).scalars()
        return tuple(map(ConversationId, found))

    def has_open_handoff(self, conversation_id: ConversationId, desk: str) -> bool:
        """Whether agents of this desk are wanted in a conversation, or have it."""
        query = select(_handoffs.c.id).where(
            _handoffs.c.conversation_id == conversation_id, _handoffs.c.desk == desk, IS_OPEN
        )
        return self._connection.execute(query).first() is not None

    def find_promise(self, handoff_id: UUID) -> tuple[str | None, str | None, datetime | None] | None:
        """How a customer who does not wait wants to be reached, where, and by when; None: it is gone."""
        columns = (_handoffs.c.wish, _handoffs.c.contact, _handoffs.c.promised_at)
        row = self._connection.execute(select(*columns).where(_handoffs.c.id == handoff_id)).one_or_none()
        return None if row is None else (row.wish, row.contact, row.promised_at)

    def describe(self, link: Link) -> Situation:
        """What a plan for this link is made of."""
        conversation = self._connection.execute(
            select(_conversations).where(_conversations.c.id == link.conversation_id)
        ).one()
        pending = select(_messages.c.id).where(
            _messages.c.conversation_id == link.conversation_id,
            _messages.c.turn_state == TurnState.PENDING.value,
        )
        return Situation(
            link=link,
            status=ConversationStatus(conversation.status),
            last_sequence=conversation.last_sequence,
            handoff_number=conversation.handoff_number,
            is_being_answered=self._connection.execute(pending.limit(1)).first() is not None,
            messages=self._list_messages(link),
            passings=self._list_passings(link),
            heard_via=conversation.heard_via,
            customer_read=conversation.customer_read,
        )

    def keep(self, link: Link, plan: Plan, at: datetime) -> int:
        """Put a plan down; answers how many calls there are more. To be called with the link locked."""
        known = self._known_keys(link, plan)
        calls = [call for call in plan.calls if call.key not in known]
        if calls:
            self._connection.execute(
                insert(_calls),
                [
                    call_columns(link, number, call, at)
                    for number, call in enumerate(calls, link.last_call + 1)
                ],
            )
        self._connection.execute(
            update(_links)
            .where(_is(link.conversation_id, link.channel))
            .values(
                facts=dict(plan.facts),
                planned_sequence=plan.sequence,
                planned_number=plan.number,
                last_call=link.last_call + len(calls),
            )
        )
        return len(calls)

    def _known_keys(self, link: Link, plan: Plan) -> set[str]:
        keys = [call.key for call in plan.calls]
        if not keys:
            return set()
        query = select(_calls.c.key).where(
            _calls.c.conversation_id == link.conversation_id,
            _calls.c.channel == link.channel,
            _calls.c.key.in_(keys),
        )
        return set(self._connection.execute(query).scalars())

    def _list_messages(self, link: Link) -> tuple[Told, ...]:
        query = (
            select(_messages.c.sequence, _messages.c.author, _messages.c.agent_id, _messages.c.created_at)
            .where(
                _messages.c.conversation_id == link.conversation_id,
                _messages.c.sequence > link.planned_sequence,
            )
            .order_by(_messages.c.sequence)
            .limit(MESSAGES_AT_ONCE)
        )
        return tuple(
            Told(sequence, Author(author), author == Author.AGENT.value and agent_id is None, created_at)
            for sequence, author, agent_id, created_at in self._connection.execute(query).all()
        )

    def _list_passings(self, link: Link) -> tuple[Passing, ...]:
        query = (
            select(_handoffs)
            .where(_handoffs.c.conversation_id == link.conversation_id, _handoffs.c.desk == link.channel)
            .order_by(_handoffs.c.requested_at.desc(), _handoffs.c.ended_at.is_(None).desc())
            .limit(PASSINGS_BACK)
        )
        return tuple(reversed([_passing_from(row) for row in self._connection.execute(query).all()]))


def _is(conversation_id: ConversationId, channel: str) -> Any:
    return and_(_links.c.conversation_id == conversation_id, _links.c.channel == channel)


def _insert(connection: Connection, table: Any) -> Any:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def link_from(row: Any) -> Link:
    """A link as it is seen outside."""
    return Link(
        conversation_id=ConversationId(row.conversation_id),
        channel=row.channel,
        external_id=row.external_id,
        facts=row.facts,
        planned_sequence=row.planned_sequence,
        planned_number=row.planned_number,
        last_call=row.last_call,
        heard_number=row.heard_number,
    )


def _passing_from(row: Any) -> Passing:
    return Passing(
        id=row.id,
        state=HandoffState(row.state),
        reason=Reason(row.reason),
        team=row.team,
        language=row.language,
        topic=row.topic,
        band=row.band,
        mood=row.mood,
        requested_at=row.requested_at,
    )


def call_columns(link: Link, number: int, call: PlannedCall, at: datetime) -> dict[str, Any]:
    """A new call as it is stored."""
    return {
        "conversation_id": link.conversation_id,
        "channel": link.channel,
        "number": number,
        "kind": call.kind,
        "key": call.key,
        "facts": dict(call.facts),
        "state": CallState.WAITING.value,
        "attempts": 0,
        "due_at": at,
        "created_at": at,
    }
