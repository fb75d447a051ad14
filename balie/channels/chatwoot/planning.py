"""What has to go to Chatwoot, and in which order. Pure.

A handoff loses nothing in this order: private note, custom attributes, priority, team, what the customer is
told, and only then ``open``: a sentence of ours after that would set the customer's waiting time to nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from balie.channels.chatwoot.standing import asking_for, status_of
from balie.channels.views import Facts, Passing, Plan, PlannedCall, Situation, Told
from balie.conversations.views import Author
from balie.handoff.kinds import HandoffState

NOTE: Final = "note"
ATTRIBUTES: Final = "attributes"
PRIORITY: Final = "priority"
TEAM: Final = "team"
MESSAGE: Final = "message"
STATUS: Final = "status"

LONGEST_WAIT_FOR_WORDS: Final = timedelta(seconds=30)
"""A handoff does not wait longer for what the assistant is still about to say."""

PRIORITY_OF_MOOD: Final = {"high": "urgent", "raised": "high"}
PRIORITY_OF_BAND: Final = {"top": "high", "loyal": "medium"}

_HANDOFF: Final = "handoff"
_PASSED: Final = "passed"
_BACK: Final = "back"
_OVER: Final = "over"


def plan_for_chatwoot(situation: Situation, now: datetime) -> Plan:
    """The next calls of one conversation."""
    newest = situation.newest
    if newest is None:
        return _plan(situation, _words(situation))
    stage = _stage(situation.link.facts)
    if newest.is_waiting:
        return _plan_request(situation, newest, stage, now)
    if newest.state is HandoffState.ACCEPTED:
        return _plan(situation, _words(situation), {_HANDOFF: [str(newest.id), _PASSED]})
    if stage[1] == _PASSED:
        return _plan_end(situation, newest, now)
    return _plan(situation, _words(situation))


def _plan_request(
    situation: Situation, newest: Passing, stage: tuple[str | None, str | None], now: datetime
) -> Plan:
    words, number = _words(situation), situation.handoff_number
    if stage == (str(newest.id), _PASSED):
        return _plan(situation, words)
    if situation.is_being_answered and now < newest.requested_at + LONGEST_WAIT_FOR_WORDS:
        # To be looked at again when the assistant has said what it is about to say.
        return _plan(situation, words, number=situation.link.planned_number)
    calls = (*_before(newest, number), *words, _status_call("open", newest, number))
    return _plan(situation, calls, {_HANDOFF: [str(newest.id), _PASSED], **asking_for("open", now)})


def _plan_end(situation: Situation, newest: Passing, now: datetime) -> Plan:
    words, number = _words(situation), situation.handoff_number
    resolved = newest.state is HandoffState.RESOLVED
    wanted, stage = ("resolved", _OVER) if resolved else ("pending", _BACK)
    facts: dict[str, Any] = {_HANDOFF: [str(newest.id), stage]}
    if status_of(situation.link.facts) == wanted:
        return _plan(situation, words, facts)
    change = _status_call(wanted, newest, number)
    calls = (*words, change) if resolved else (change, *words)
    return _plan(situation, calls, {**facts, **asking_for(wanted, now)})


def _plan(
    situation: Situation,
    calls: tuple[PlannedCall, ...],
    facts: Facts | None = None,
    *,
    number: int | None = None,
) -> Plan:
    link = situation.link
    return Plan(
        calls=calls,
        facts={**link.facts, **(facts or {})},
        sequence=max((told.sequence for told in situation.messages), default=link.planned_sequence),
        number=situation.handoff_number if number is None else number,
    )


def _words(situation: Situation) -> tuple[PlannedCall, ...]:
    return tuple(_message_call(told) for told in situation.messages if _is_for_chatwoot(told))


def priority_of(passing: Passing) -> str:
    """Chatwoot's word for how urgent a customer is.

    The waiting time is no part of it: Chatwoot sorts by that itself.
    """
    return PRIORITY_OF_MOOD.get(passing.mood) or PRIORITY_OF_BAND.get(passing.band) or "low"


def attributes_of(passing: Passing) -> dict[str, Any]:
    """What agents can filter and sort by over there."""
    told = {
        "balie_reason": passing.reason.value,
        "balie_team": passing.team,
        "balie_language": passing.language,
        "balie_topic": passing.topic,
        "balie_band": passing.band,
        "balie_mood": passing.mood,
    }
    return {name: value for name, value in told.items() if value is not None}


def _stage(facts: Facts) -> tuple[str | None, str | None]:
    handoff_id, stage = facts.get(_HANDOFF) or (None, None)
    return handoff_id, stage


def _is_for_chatwoot(told: Told) -> bool:
    return told.author is not Author.CUSTOMER and not told.is_outside_agents


def _message_call(told: Told) -> PlannedCall:
    return PlannedCall(MESSAGE, f"message:{told.sequence}", {"sequence": told.sequence})


def _before(passing: Passing, number: int) -> tuple[PlannedCall, ...]:
    key = f"{passing.id}:{number}"
    return (
        PlannedCall(NOTE, f"{NOTE}:{key}", {"language": passing.language}),
        PlannedCall(ATTRIBUTES, f"{ATTRIBUTES}:{key}", {"attributes": attributes_of(passing)}),
        PlannedCall(PRIORITY, f"{PRIORITY}:{key}", {"priority": priority_of(passing)}),
        PlannedCall(TEAM, f"{TEAM}:{key}", {"team": passing.team}),
    )


def _status_call(status: str, passing: Passing, number: int) -> PlannedCall:
    return PlannedCall(STATUS, f"{status}:{passing.id}:{number}", {"status": status})
