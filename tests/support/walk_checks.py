"""What must be true of handoffs after whatever has happened: looked up in the tables, one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, and_, func, select

from balie.agents.models import AgentRow
from balie.conversations.models import ConversationRow, MessageRow
from balie.conversations.status import ConversationStatus
from balie.handoff.errors import StepRefusedError
from balie.handoff.kinds import HandoffState, Step
from balie.handoff.models import HandoffEventRow, HandoffRow
from balie.handoff.states import OPEN, OWNER, next_state

_conversations: Any = ConversationRow.__table__
_messages: Any = MessageRow.__table__
_events: Any = HandoffEventRow.__table__
_handoffs: Any = HandoffRow.__table__
_agents: Any = AgentRow.__table__

NOBODY_ASKED: Final = {ConversationStatus.WITH_ASSISTANT.value, ConversationStatus.RESOLVED.value}
BEGINS_WITH_AGENT: Final = "handoff_accepted"
BEGINS_WAITING: Final = frozenset({"handoff_transferred", "handoff_agent_away", "handoff_queued"})
ENDS: Final = frozenset(
    {
        "handoff_resolved",
        "handoff_returned",
        "handoff_withdrawn",
        "handoff_promised",
        "handoff_ask_contact_call",
        "handoff_ask_contact_mail",
    }
)
HELPING: Final = "handoff_helping"
OURS: Final = ("handoff_", "rating_", "transcript_")


Stored = Mapping[UUID, tuple[UUID, str, str]]
"""What senders were told is stored, by their own ids: the conversation, the author, the words."""


def find_violations(connection: Connection, conversations: Collection[UUID], stored: Stored) -> list[str]:
    """Everything that is wrong with these conversations."""
    wanted = select(_conversations).where(_conversations.c.id.in_(list(conversations)))
    found: list[str] = []
    for conversation in connection.execute(wanted).all():
        found += (f"{conversation.id}: {what}" for what in _of_conversation(connection, conversation, stored))
    return found


def fingerprints(connection: Connection) -> dict[UUID, tuple[Any, ...]]:
    """Of every conversation what changes with whatever happens in it."""
    prints = {row.id: [tuple(row)] for row in connection.execute(select(_conversations)).all()}
    for row in connection.execute(select(_handoffs).order_by(_handoffs.c.id)).all():
        prints[row.conversation_id].append(tuple(row))
    for table in (_messages, _events):
        grown = select(table.c.conversation_id, func.count()).group_by(table.c.conversation_id)
        for conversation_id, count in connection.execute(grown).all():
            prints[conversation_id].append((table.name, count))
    return {conversation_id: tuple(parts) for conversation_id, parts in prints.items()}


def _of_conversation(connection: Connection, conversation: Any, stored: Stored) -> Iterator[str]:
    def rows(table: Any, order: Any) -> Sequence[Any]:
        own = select(table).where(table.c.conversation_id == conversation.id).order_by(order)
        return connection.execute(own).all()

    handoffs = rows(_handoffs, _handoffs.c.requested_at)
    events = rows(_events, _events.c.number)
    messages = rows(_messages, _messages.c.sequence)
    yield from _of_owner(conversation, handoffs)
    yield from _of_events(conversation, handoffs, events)
    yield from _of_messages(conversation, messages)
    yield from _of_senders(conversation, messages, stored)
    told = sum(message.response == "handoff_queued" for message in messages)
    asked = sum(event.step == Step.REQUEST.value for event in events)
    if told > asked:
        yield f"{told} times told to wait, {asked} times put in line"


def _of_owner(conversation: Any, handoffs: Sequence[Any]) -> Iterator[str]:
    opened = [handoff for handoff in handoffs if HandoffState(handoff.state) in OPEN]
    if len(opened) > 1:
        yield f"{len(opened)} open handoffs"
    for handoff in opened:
        owner = OWNER[HandoffState(handoff.state)].value
        if conversation.status != owner:
            yield f"{handoff.state}, but the owner is {conversation.status}"
        if (handoff.state == "accepted") != (handoff.agent_id is not None):
            yield f"{handoff.state} with agent {handoff.agent_id}"
        if (handoff.state == "offered") != (handoff.offered_to is not None):
            yield f"{handoff.state}, offered to {handoff.offered_to}"
    if not opened and conversation.status not in NOBODY_ASKED:
        yield f"the owner is {conversation.status}, and nothing is open"
    if conversation.assistant_helps and conversation.status != "waiting_for_agent":
        yield f"the assistant helps while the owner is {conversation.status}"


def _of_events(conversation: Any, handoffs: Sequence[Any], events: Sequence[Any]) -> Iterator[str]:
    numbers = [event.number for event in events]
    if numbers != list(range(1, len(numbers) + 1)) or len(numbers) != conversation.handoff_number:
        yield f"steps {numbers}, and the last is said to be {conversation.handoff_number}"
    states: dict[UUID, HandoffState] = {}
    for event in events:
        try:
            led_to = next_state(Step(event.step), states.get(event.handoff_id))
        except StepRefusedError as error:
            yield f"step {event.number}: {error}"
            continue
        if led_to.value != event.state:
            yield f"step {event.number} led to {event.state}"
        states[event.handoff_id] = led_to
    for handoff in handoffs:
        if states.get(handoff.id) != handoff.state:
            yield f"a handoff is {handoff.state}, and its steps led to {states.get(handoff.id)}"


def _of_messages(conversation: Any, messages: Sequence[Any]) -> Iterator[str]:
    sequences = [message.sequence for message in messages]
    if sequences != list(range(1, len(sequences) + 1)) or len(sequences) != conversation.last_sequence:
        yield f"messages {sequences}, and the last is said to be {conversation.last_sequence}"
    yield from _of_silence(messages)


def _of_senders(conversation: Any, messages: Sequence[Any], stored: Stored) -> Iterator[str]:
    """Whatever somebody was told is stored stands there once, as it was."""
    own = [message for message in messages if message.client_message_id is not None]
    said = Counter(message.client_message_id for message in own)
    words = {message.client_message_id: (conversation.id, message.author, message.text) for message in own}
    yield from (f"{own_id} stands there {count} times" for own_id, count in said.items() if count > 1)
    for own_id, told in stored.items():
        if told[0] == conversation.id and words.get(own_id) != told:
            yield f"{own_id} was stored and is not there as it was"


def _of_silence(messages: Iterable[Any]) -> Iterator[str]:
    """While an agent has it the assistant is silent; while one is waited for, unless it is to help."""
    has, helps = "assistant", False
    for message in messages:
        response = message.response or ""
        is_speaking = message.author == "assistant" and response not in ENDS
        if is_speaking and has == "agent":
            yield f"message {message.sequence}: the assistant spoke while an agent had it"
        if is_speaking and has == "waiting" and not helps and not response.startswith(OURS):
            yield f"message {message.sequence}: the assistant spoke while an agent was waited for"
        if response == BEGINS_WITH_AGENT:
            has = "agent"
        elif response in BEGINS_WAITING:
            has, helps = "waiting", False
        elif response in ENDS:
            has = "assistant"
        elif response == HELPING:
            helps = True


def newest_event(connection: Connection) -> int:
    """The id of the last step that anybody took."""
    return connection.execute(select(func.coalesce(func.max(_events.c.id), 0))).scalar_one()


def steps_since(connection: Connection, event_id: int) -> list[tuple[str, int | None]]:
    """The steps that were taken afterwards, and by which agents."""
    query = select(_events.c.step, _events.c.agent_id).where(_events.c.id > event_id)
    return [(row[0], row[1]) for row in connection.execute(query.order_by(_events.c.id)).all()]


def over_capacity(connection: Connection, agent_id: int) -> str | None:
    """What is wrong when an agent who has just accepted has more than they take at once."""
    capacity = connection.execute(select(_agents.c.capacity).where(_agents.c.id == agent_id)).scalar_one()
    own = and_(
        _handoffs.c.state == "accepted", _handoffs.c.agent_id == agent_id, _handoffs.c.snoozed_until.is_(None)
    )
    has = connection.execute(select(func.count()).where(own)).scalar_one()
    return f"agent {agent_id} accepted number {has} of {capacity}" if has > capacity else None


def everything(connection: Connection) -> tuple[Any, ...]:
    """All rows that a step may touch, to compare."""
    tables = (_conversations, _messages, _events, _handoffs)
    return tuple(
        tuple(map(tuple, connection.execute(select(table).order_by(*table.primary_key)).all()))
        for table in tables
    )
