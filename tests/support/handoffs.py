"""Handoffs, agents and words for tests of the rules: everything that a rule does not look at is filled in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from balie.agents.kinds import Presence
from balie.handoff.kinds import HandoffState, Reason
from balie.handoff.views import OWN_DESK, AgentOnDuty, Handoff
from balie.kernel.ids import ConversationId

NOW = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
"""A Tuesday, eleven o'clock in the shop."""


def a_handoff(
    state: HandoffState = HandoffState.QUEUED, *, ago: timedelta = timedelta(), **more: Any
) -> Handoff:
    """A handoff that was asked for so long ago."""
    columns: dict[str, Any] = {
        "id": uuid4(),
        "conversation_id": ConversationId(uuid4()),
        "state": state,
        "reason": Reason.ASKED,
        "facts": {},
        "desk": OWN_DESK,
        "team": "service",
        "language": "nl",
        "topic": None,
        "band": "new",
        "mood": "normal",
        "requested_at": NOW - ago,
        "queued_at": NOW - ago,
        "offered_to": None,
        "offer_expires_at": None,
        "agent_id": 1 if state is HandoffState.ACCEPTED else None,
        "accepted_at": None,
        "first_reply_at": None,
        "first_reply_due_at": None,
        "snoozed_until": None,
        "wish": None,
        "contact": None,
        "promised_at": None,
        "code": None,
        "note": None,
        "ended_at": None,
    }
    return Handoff(**{**columns, **more})


def an_agent(
    presence: Presence = Presence.ONLINE, *, ago: timedelta = timedelta(), **more: Any
) -> AgentOnDuty:
    """An agent who has been there, or not, for so long."""
    columns: dict[str, Any] = {
        "id": 1,
        "display_name": "Sanne",
        "languages": ("nl", "en"),
        "topics": (),
        "teams": ("service",),
        "capacity": 3,
        "presence": presence,
        "presence_at": NOW - ago,
    }
    return AgentOnDuty(**{**columns, **more})
