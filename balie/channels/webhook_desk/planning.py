"""What a webhook desk has to hear of, and in which order. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from balie.channels.views import Passing, Plan, PlannedCall, Situation, Told

REQUESTED: Final = "handoff.requested"
MESSAGE: Final = "message.created"
PROMISED: Final = "handoff.promised"
ACCEPTED: Final = "handoff.accepted"
"""Of what was promised before: the desk has to hear what was said in between."""

_WAITING: Final = "waiting"


def plan_for_webhook_desk(situation: Situation, _now: datetime) -> Plan:
    """The next events of one conversation.

    A desk hears of a conversation from a handoff on, until that has ended: what was said before comes with
    the handoff, what is said afterwards is none of its business.
    """
    link, newest, number = situation.link, situation.newest, situation.handoff_number
    heard_id, heard_state = link.facts.get("handoff") or (None, None)
    state = None if newest is None else _state_of(newest)
    facts = dict(link.facts)
    calls: tuple[PlannedCall, ...] = ()
    sequence = situation.last_sequence
    if newest is not None and (heard_id, heard_state) != (str(newest.id), state):
        if heard_state == _WAITING and heard_id == str(newest.id):
            calls = (*_messages(situation), _step(newest, number, sequence))
        elif newest.is_waiting:
            calls = (PlannedCall(REQUESTED, f"{REQUESTED}:{newest.id}:{number}", _about(newest, sequence)),)
        elif heard_id == str(newest.id):
            calls = (_step(newest, number, sequence),)
        facts["handoff"] = [str(newest.id), state]
    elif newest is not None and state == _WAITING:
        calls = _messages(situation)
        sequence = max((told.sequence for told in situation.messages), default=link.planned_sequence)
    return Plan(calls=calls, facts=facts, sequence=sequence, number=number)


def _state_of(passing: Passing) -> str:
    """Waiting and accepted are one: the desk knows itself which of them it is."""
    return _WAITING if passing.is_waiting or passing.state == "accepted" else passing.state.value


def _step(passing: Passing, number: int, sequence: int) -> PlannedCall:
    kind = f"handoff.{passing.state.value}"
    return PlannedCall(
        kind, f"{kind}:{passing.id}:{number}", {"handoff": str(passing.id), "sequence": sequence}
    )


def _about(passing: Passing, sequence: int) -> dict[str, object]:
    return {
        "handoff": str(passing.id),
        "reason": passing.reason.value,
        "team": passing.team,
        "language": passing.language,
        "topic": passing.topic,
        "requested_at": passing.requested_at.isoformat(),
        "sequence": sequence,
    }


def _messages(situation: Situation) -> tuple[PlannedCall, ...]:
    return tuple(
        PlannedCall(MESSAGE, f"{MESSAGE}:{told.sequence}", {"sequence": told.sequence})
        for told in situation.messages
        if _is_for_desk(told)
    )


def _is_for_desk(told: Told) -> bool:
    return not told.is_outside_agents
