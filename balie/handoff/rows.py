"""From rows to views; touches no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from balie.handoff.kinds import HandoffState, Reason, ResolutionCode, Step, Wish
from balie.handoff.views import Handoff, HandoffEvent, Note
from balie.handoff.waiting import Observation
from balie.kernel.ids import ConversationId


def handoff_from(row: Any) -> Handoff:
    """A handoff as it stands."""
    return Handoff(
        id=row.id,
        conversation_id=ConversationId(row.conversation_id),
        state=HandoffState(row.state),
        reason=Reason(row.reason),
        facts=dict(row.facts),
        desk=row.desk,
        team=row.team,
        language=row.language,
        topic=row.topic,
        band=row.band,
        mood=row.mood,
        requested_at=row.requested_at,
        queued_at=row.queued_at,
        offered_to=row.offered_to,
        offer_expires_at=row.offer_expires_at,
        agent_id=row.agent_id,
        accepted_at=row.accepted_at,
        first_reply_at=row.first_reply_at,
        first_reply_due_at=row.first_reply_due_at,
        snoozed_until=row.snoozed_until,
        wish=None if row.wish is None else Wish(row.wish),
        contact=row.contact,
        promised_at=row.promised_at,
        code=None if row.code is None else ResolutionCode(row.code),
        note=row.note,
        ended_at=row.ended_at,
    )


def event_from(row: Any) -> HandoffEvent:
    """One step."""
    return HandoffEvent(
        row.number, Step(row.step), HandoffState(row.state), row.agent_id, row.at, dict(row.facts)
    )


def note_from(row: Any) -> Note:
    """One note."""
    return Note(
        row.id,
        ConversationId(row.conversation_id),
        row.agent_id,
        row.after_sequence,
        row.text,
        row.created_at,
    )


def observation_from(at: datetime, facts: dict[str, Any]) -> Observation | None:
    """What the acceptance of a customer says about waiting; None when they had not waited in a queue."""
    waited_s, position = facts.get("waited_s"), facts.get("position")
    if waited_s is None or not position:
        return None
    accepted_at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return Observation(accepted_at, timedelta(seconds=waited_s) / position)
