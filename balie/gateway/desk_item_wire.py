"""How conversations look on the wire to those at the desk: the same over HTTP and over the socket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from balie.agents.views import AgentView
from balie.conversations.views import Message, RecordedMessage
from balie.gateway.wire import Json, agent_message_json
from balie.handoff.states import WAITING
from balie.handoff.views import DeskItem, HandoffEvent, Note

Names = Mapping[int, str]
"""What agents are called, by number."""


def queue_item_json(item: DeskItem) -> Json:
    """A customer who waits (``desk_item_schemas.QueueItemShape``), but for how long that is by now."""
    handoff = item.handoff
    return {
        "conversation_id": str(handoff.conversation_id),
        "state": handoff.state.value,
        "team": handoff.team,
        "language": handoff.language,
        "channel": item.channel,
        "heard_via": item.heard_via,
        "customer": {"name": item.customer_name, "band": handoff.band},
        "reason": handoff.reason.value,
        "why": [
            {"code": because.code, "points": because.points, "facts": dict(because.facts)}
            for because in item.why
        ],
        "points": item.points,
        "waiting_since": handoff.requested_at.isoformat(),
        "last_text": item.last_text or None,
        "mood": _mood_json(item),
        "offered_to": handoff.offered_to,
        "offer_expires_at": _moment(handoff.offer_expires_at),
        "first_reply_due_at": None
        if handoff.first_reply_at is not None
        else _moment(handoff.first_reply_due_at),
        "breached": any(because.code == "late" for because in item.why),
        "wish": None if handoff.wish is None else handoff.wish.value,
        "contact": handoff.contact,
        "promised_at": _moment(handoff.promised_at),
    }


def conversation_item_json(item: DeskItem, names: Names) -> Json:
    """A conversation in a list (``desk_item_schemas.ConversationItemShape``), but for its waiting time."""
    handoff = item.handoff
    return {
        **queue_item_json(item),
        "agent": agent_mark(handoff.agent_id, names),
        "status": item.status.value,
        "unread": item.unread,
        "last_sequence": item.last_sequence,
        "snoozed_until": _moment(handoff.snoozed_until),
        "resolved_at": _moment(handoff.ended_at),
        "code": None if handoff.code is None else handoff.code.value,
        "note": handoff.note,
        "next_reply_due_at": _moment(item.next_reply_due_at),
        "resolution_due_at": _moment(item.resolution_due_at),
    }


def waited_s(item: DeskItem, now: datetime) -> int:
    """For how long a customer has waited, or had when somebody took them."""
    handoff = item.handoff
    until = now if handoff.state in WAITING else handoff.accepted_at or handoff.ended_at or now
    return max(0, int((until - handoff.requested_at).total_seconds()))


def timed(shape: Json, item: DeskItem, now: datetime) -> Json:
    """The item as it is at this moment."""
    return {**shape, "waited_s": waited_s(item, now)}


def without_words(item: DeskItem, names: Names) -> Json:
    """A conversation for somebody who does not see it any more: who has it, but nothing that is said."""
    shape = conversation_item_json(item, names)
    return {**shape, "last_text": None, "mood": None, "contact": None, "note": None, "unread": 0}


def desk_message_json(message: Message, names: Names) -> Json:
    """A message as the desk shows it (``desk_item_schemas.DeskMessageShape``)."""
    return {
        **agent_message_json(message),
        "agent": agent_mark(message.agent_id, names),
        "intent": message.intent,
    }


def desk_accepted_json(recorded: RecordedMessage, names: Names) -> Json:
    """That what an agent said is stored."""
    return {"message": desk_message_json(recorded.message, names), "duplicate": recorded.duplicate}


def note_json(note: Note, names: Names) -> Json:
    """A note (``desk_item_schemas.NoteShape``)."""
    return {
        "id": str(note.id),
        "text": note.text,
        "agent": agent_mark(note.agent_id, names),
        "created_at": note.created_at.isoformat(),
        "after_sequence": note.after_sequence,
    }


def event_json(event: HandoffEvent, names: Names) -> Json:
    """One step (``desk_item_schemas.StepShape``)."""
    return {
        "number": event.number,
        "kind": event.step.value,
        "state": event.state.value,
        "at": event.at.isoformat(),
        "agent": agent_mark(event.agent_id, names),
        "facts": dict(event.facts),
    }


def agent_mark(agent_id: int | None, names: Names) -> Json | None:
    """An agent by number and name; None when it is nobody at our own desk."""
    if agent_id is None:
        return None
    return {"id": agent_id, "display_name": names.get(agent_id, "")}


def colleagues_json(agents: Iterable[AgentView]) -> list[Json]:
    """Everybody a conversation can be handed to, with their presence."""
    return [
        {
            "id": agent.id,
            "display_name": agent.display_name,
            "presence": agent.presence.value,
            "teams": list(agent.teams),
        }
        for agent in agents
        if agent.active
    ]


def _mood_json(item: DeskItem) -> dict[str, Any] | None:
    if item.mood_leading is None:
        return None
    return {"leading": item.mood_leading, "strength": round(item.mood_strength or 0.0, 4)}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
