"""Every query on handoffs, within the caller's transaction; decides nothing.

Runs in the thread of its transaction, beside ``ConversationRepository``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, and_, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from balie.agents.kinds import Presence
from balie.agents.models import AgentRow
from balie.conversations.models import ConversationRow, MessageRow
from balie.conversations.repository import ConversationRepository
from balie.conversations.rows import HANDED_BACK
from balie.conversations.views import Conversation
from balie.handoff.kinds import HandoffState, Step
from balie.handoff.models import HandoffEventRow, HandoffRow, NoteRow, RatingRow
from balie.handoff.rows import event_from, handoff_from, note_from, observation_from
from balie.handoff.states import OPEN
from balie.handoff.views import AgentOnDuty, Handoff, HandoffEvent, Note
from balie.handoff.waiting import Observation
from balie.kernel.ids import ConversationId

_handoffs: Any = HandoffRow.__table__
_events: Any = HandoffEventRow.__table__
_notes: Any = NoteRow.__table__
_conversations: Any = ConversationRow.__table__
_messages: Any = MessageRow.__table__
_agents: Any = AgentRow.__table__
_ratings: Any = RatingRow.__table__


def states_are(states: frozenset[HandoffState] | set[HandoffState]) -> Any:
    """A condition, written out because a partial index is not found by bound values."""
    words = sorted(state.value for state in states)
    return _handoffs.c.state.in_([literal(word, literal_execute=True) for word in words])


IS_OPEN: Any = states_are(OPEN)


class HandoffRepository:
    """Reads and writes rows of handoffs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock_conversation(self, conversation_id: ConversationId) -> Conversation | None:
        """The conversation, kept from everybody else until the transaction ends; None: no such one."""
        # An update that changes nothing locks the row.
        same = {"id": conversation_id}
        return ConversationRepository(self._connection).update_conversation(conversation_id, same)

    def lock_agent(self, agent_id: int) -> None:
        """Keep an agent's row from everybody else until the transaction ends."""
        self._connection.execute(update(_agents).where(_agents.c.id == agent_id).values(id=agent_id))

    def note_number(self, conversation_id: ConversationId, number: int, status: str) -> None:
        """Remember the last step's number, and who owns the conversation after it."""
        change = update(_conversations).where(_conversations.c.id == conversation_id)
        self._connection.execute(change.values(handoff_number=number, status=status))

    def forget_help(self, conversation_id: ConversationId, *, handed_back: bool) -> None:
        """Nobody waits any longer; after an agent, what was being asked is dealt with."""
        columns: dict[str, Any] = {"assistant_helps": False}
        if handed_back:
            columns["slots"] = {HANDED_BACK: True}
        change = update(_conversations).where(_conversations.c.id == conversation_id)
        self._connection.execute(change.values(**columns))

    def find_open(self, conversation_id: ConversationId) -> Handoff | None:
        """The conversation's open handoff."""
        query = select(_handoffs).where(_handoffs.c.conversation_id == conversation_id, IS_OPEN)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else handoff_from(row)

    def find_latest(self, conversation_id: ConversationId) -> Handoff | None:
        """The conversation's newest handoff, open or not."""
        query = (
            select(_handoffs)
            .where(_handoffs.c.conversation_id == conversation_id)
            .order_by(_handoffs.c.requested_at.desc(), _handoffs.c.ended_at.is_(None).desc())
            .limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else handoff_from(row)

    def insert(self, conversation_id: ConversationId, columns: Mapping[str, Any]) -> Handoff:
        """Add a handoff."""
        row = {"id": uuid4(), "conversation_id": conversation_id, **columns}
        return handoff_from(
            self._connection.execute(insert(_handoffs).values(**row).returning(_handoffs)).one()
        )

    def change(self, handoff_id: UUID, columns: Mapping[str, Any]) -> Handoff:
        """Change columns of a handoff; as it is afterwards."""
        change = update(_handoffs).where(_handoffs.c.id == handoff_id).values(**columns)
        return handoff_from(self._connection.execute(change.returning(_handoffs)).one())

    def insert_event(self, handoff: Handoff, number: int, step: Step, columns: Mapping[str, Any]) -> None:
        """Write a step down."""
        row = {
            "conversation_id": handoff.conversation_id,
            "handoff_id": handoff.id,
            "number": number,
            "step": step.value,
            "state": handoff.state.value,
        }
        self._connection.execute(insert(_events).values(**row, **columns))

    def list_events(self, conversation_id: ConversationId) -> tuple[HandoffEvent, ...]:
        """Every step of a conversation, in order."""
        query = select(_events).where(_events.c.conversation_id == conversation_id)
        rows = self._connection.execute(query.order_by(_events.c.number)).all()
        return tuple(map(event_from, rows))

    def list_not_wanted(self) -> Mapping[UUID, frozenset[int]]:
        """For each handoff that is queued: the agents who declined, let pass or lost it since it is there."""
        gone = [Step.DECLINE.value, Step.LAPSE.value, Step.LOSE_AGENT.value]
        query = (
            select(_events.c.handoff_id, _events.c.facts)
            .join(_handoffs, _handoffs.c.id == _events.c.handoff_id)
            .where(
                states_are({HandoffState.QUEUED}),
                _events.c.step.in_(gone),
                _events.c.at >= _handoffs.c.queued_at,
            )
        )
        found: dict[UUID, set[int]] = {}
        for handoff_id, facts in self._connection.execute(query).all():
            if facts.get("agent_id") is not None:
                found.setdefault(handoff_id, set()).add(facts["agent_id"])
        return {handoff_id: frozenset(agents) for handoff_id, agents in found.items()}

    def list_in(self, *states: HandoffState) -> tuple[Handoff, ...]:
        """Every handoff in one of these states, longest waiting first."""
        query = select(_handoffs).where(states_are(frozenset(states)))
        rows = self._connection.execute(query.order_by(_handoffs.c.requested_at, _handoffs.c.id)).all()
        return tuple(map(handoff_from, rows))

    def count_of_agents(self) -> Mapping[int, int]:
        """How many conversations each agent has, those offered included; snoozed ones do not count."""
        who = func.coalesce(_handoffs.c.agent_id, _handoffs.c.offered_to)
        query = (
            select(who, func.count())
            .where(
                states_are({HandoffState.OFFERED, HandoffState.ACCEPTED}),
                who.is_not(None),
                _handoffs.c.snoozed_until.is_(None),
            )
            .group_by(who)
        )
        return {row[0]: row[1] for row in self._connection.execute(query).all()}

    def last_given(self, since: datetime) -> Mapping[int, datetime]:
        """When each agent accepted a conversation last, as far as that is not too long ago."""
        query = (
            select(_events.c.agent_id, func.max(_events.c.at))
            .where(
                _events.c.step == Step.ACCEPT.value, _events.c.at >= since, _events.c.agent_id.is_not(None)
            )
            .group_by(_events.c.agent_id)
        )
        return {row[0]: row[1] for row in self._connection.execute(query).all()}

    def list_observations(self, since: datetime, limit: int) -> Mapping[str, tuple[Observation, ...]]:
        """How long the last customers of each team waited for each place, newest first."""
        query = (
            select(_events.c.at, _events.c.facts)
            .where(_events.c.step == Step.ACCEPT.value, _events.c.at >= since)
            .order_by(_events.c.at.desc())
            .limit(limit)
        )
        found: dict[str, list[Observation]] = {}
        for at, facts in self._connection.execute(query).all():
            observation = observation_from(at, facts)
            if observation is not None:
                found.setdefault(facts["team"], []).append(observation)
        return {team: tuple(observed) for team, observed in found.items()}

    def list_agents(self) -> tuple[AgentOnDuty, ...]:
        """Everybody who may answer customers, whether they are there or not."""
        query = select(
            _agents.c.id,
            _agents.c.display_name,
            _agents.c.languages,
            _agents.c.topics,
            _agents.c.teams,
            _agents.c.capacity,
            _agents.c.presence,
            _agents.c.presence_at,
        ).where(_agents.c.active)
        rows = self._connection.execute(query.order_by(_agents.c.id)).all()
        return tuple(
            AgentOnDuty(
                id=row.id,
                display_name=row.display_name,
                languages=tuple(row.languages),
                topics=tuple(row.topics),
                teams=tuple(row.teams),
                capacity=row.capacity,
                presence=Presence(row.presence),
                presence_at=row.presence_at,
            )
            for row in rows
        )

    def last_messages(
        self, conversations: Sequence[ConversationId]
    ) -> Mapping[ConversationId, tuple[str, datetime]]:
        """Who wrote the last message that a person wrote in each conversation, and when."""
        if not conversations:
            return {}
        newest = (
            select(_messages.c.conversation_id, func.max(_messages.c.sequence).label("sequence"))
            .where(
                _messages.c.conversation_id.in_(conversations),
                _messages.c.author.in_(["customer", "agent"]),
            )
            .group_by(_messages.c.conversation_id)
            .subquery()
        )
        query = select(_messages.c.conversation_id, _messages.c.author, _messages.c.created_at).join(
            newest,
            and_(
                newest.c.conversation_id == _messages.c.conversation_id,
                newest.c.sequence == _messages.c.sequence,
            ),
        )
        rows = self._connection.execute(query).all()
        return {ConversationId(row[0]): (row[1], row[2]) for row in rows}

    def find_display_name(self, agent_id: int) -> str | None:
        """What customers call an agent, at work or not."""
        query = select(_agents.c.display_name).where(_agents.c.id == agent_id)
        return self._connection.execute(query).scalar_one_or_none()

    def insert_rating_question(self, handoff: Handoff, now: datetime) -> bool:
        """Write down that the customer is asked how it went; False when they were asked before."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        row = {
            "conversation_id": handoff.conversation_id,
            "handoff_id": handoff.id,
            "agent_id": handoff.agent_id,
            "language": handoff.language,
            "asked_at": now,
        }
        once = dialect.insert(_ratings).values(**row).on_conflict_do_nothing()
        return self._connection.execute(once.returning(_ratings.c.conversation_id)).first() is not None

    def rate(self, conversation_id: ConversationId, score: int, now: datetime) -> bool:
        """Write the answer down; a second one takes the first one's place. False when nobody asked."""
        change = update(_ratings).where(_ratings.c.conversation_id == conversation_id)
        return self._connection.execute(change.values(score=score, answered_at=now)).rowcount == 1

    def awaits_remark(self, conversation_id: ConversationId, *, since: datetime) -> bool:
        """Whether the question was answered after a moment, without words so far."""
        query = select(_ratings.c.score).where(
            _ratings.c.conversation_id == conversation_id,
            _ratings.c.answered_at >= since,
            _ratings.c.text.is_(None),
        )
        return self._connection.execute(query).first() is not None

    def remark_on(self, conversation_id: ConversationId, text: str) -> bool:
        """Add the customer's own words to their answer; False when there is no answer."""
        change = update(_ratings).where(
            _ratings.c.conversation_id == conversation_id, _ratings.c.score.is_not(None)
        )
        return self._connection.execute(change.values(text=text)).rowcount == 1

    def insert_note(self, note: Note) -> bool:
        """Add a note; False when it was written before."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        columns = {
            "id": note.id,
            "conversation_id": note.conversation_id,
            "agent_id": note.agent_id,
            "after_sequence": note.after_sequence,
            "text": note.text,
            "created_at": note.created_at,
        }
        once = dialect.insert(_notes).values(**columns).on_conflict_do_nothing()
        return self._connection.execute(once.returning(_notes.c.id)).first() is not None

    def find_note(self, note_id: UUID) -> Note | None:
        """One note."""
        row = self._connection.execute(select(_notes).where(_notes.c.id == note_id)).one_or_none()
        return None if row is None else note_from(row)

    def list_notes(self, conversation_id: ConversationId) -> Sequence[Note]:
        """The notes of a conversation, in order."""
        query = select(_notes).where(_notes.c.conversation_id == conversation_id)
        rows = self._connection.execute(query.order_by(_notes.c.created_at, _notes.c.id)).all()
        return [note_from(row) for row in rows]
