"""One step of a handoff, within one transaction; ``service.py`` says when.

Everything that changes who owns a conversation goes through :func:`take_step`. It keeps the conversation's
row locked until the transaction ends, so two steps never decide on the same state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from balie.conversations.status import ConversationStatus, change_status
from balie.conversations.steps import existing
from balie.handoff.errors import (
    HandoffMovedOnError,
    HandoffNotFoundError,
    HandoffTakenError,
    NotYourConversationError,
    StepRefusedError,
)
from balie.handoff.kinds import HandoffState, Step
from balie.handoff.repository import HandoffRepository
from balie.handoff.states import OPEN, OWNER, WAITING, next_state
from balie.handoff.views import Handoff, HandoffRequest
from balie.kernel.ids import ConversationId

Check = Callable[[Handoff], None]
"""Raises when the step may not be taken by whoever wants to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What is to happen.

    Attributes:
        agent_id: Who wants it; None: the customer, or Balie itself.
        columns: What changes of the handoff besides its state.
        facts: Written down with the step.
        as_of: The number of the last step that whoever wants it knew of; None: whatever has happened since.
        check: Refuses it; sees the handoff before the step.
    """

    step: Step
    agent_id: int | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    as_of: int | None = None
    check: Check | None = None


_CLEARED: Final[Mapping[HandoffState, Mapping[str, Any]]] = {
    HandoffState.QUEUED: {
        "offered_to": None,
        "offer_expires_at": None,
        "agent_id": None,
        "snoozed_until": None,
    },
    HandoffState.OFFERED: {"agent_id": None, "snoozed_until": None},
    HandoffState.ACCEPTED: {"offered_to": None, "offer_expires_at": None},
    HandoffState.PROMISED: {"offered_to": None, "offer_expires_at": None},
    HandoffState.WITHDRAWN: {"offered_to": None, "offer_expires_at": None},
    HandoffState.EXPIRED: {},
    HandoffState.RETURNED: {"snoozed_until": None},
    HandoffState.RESOLVED: {"snoozed_until": None},
}
"""What a state leaves nothing of."""


HANDED_BACK_BY: Final = frozenset({HandoffState.RETURNED, HandoffState.RESOLVED})
"""After these, the assistant does not go on where it was."""


def take_step(
    records: HandoffRepository, conversation_id: ConversationId, command: Command, now: datetime
) -> Handoff:
    """Take a step, change the owner with it, and write it down under the next number.

    Returns:
        The handoff after it.

    Raises:
        ConversationNotFoundError: No such conversation.
        HandoffMovedOnError: Something has happened since ``as_of``, or the table has no such step from here.
        HandoffTakenError: It is to be accepted, and somebody else has it.
        HandoffNotFoundError: Nobody is waited for.
        BalieError: What ``check`` refuses it with.
    """
    conversation = existing(records.lock_conversation(conversation_id))
    if command.as_of is not None and command.as_of != conversation.handoff_number:
        raise HandoffMovedOnError(conversation.handoff_number)
    before = records.find_open(conversation_id)
    if before is not None and command.check is not None:
        command.check(before)
    target = _target(command.step, before, conversation.handoff_number)
    columns = {**_CLEARED[target], "state": target.value, **command.columns}
    if target not in OPEN:
        columns["ended_at"] = now
    if before is None:
        handoff = records.insert(conversation_id, columns)
    else:
        handoff = records.change(before.id, columns)
    number = conversation.handoff_number + 1
    records.note_number(conversation_id, number, _owner(conversation.status, target))
    if target not in WAITING:
        # Whether the assistant helps is asked again the next time somebody waits.
        records.forget_help(conversation_id, handed_back=target in HANDED_BACK_BY)
    facts = {"agent_id": command.agent_id, "at": now, "facts": dict(command.facts)}
    records.insert_event(handoff, number, command.step, facts)
    return handoff


def _target(step: Step, before: Handoff | None, number: int) -> HandoffState:
    state = None if before is None else before.state
    try:
        return next_state(step, state)
    except StepRefusedError as error:
        if before is None:
            raise HandoffNotFoundError from error
        if step is Step.ACCEPT:
            raise HandoffTakenError(before.agent_id) from error
        raise HandoffMovedOnError(number) from error


def _owner(now: ConversationStatus, target: HandoffState) -> str:
    wanted = OWNER[target]
    if now is ConversationStatus.RESOLVED and wanted is not now:
        # Somebody asked for a person just before the end: they are helped again.
        now = change_status(now, ConversationStatus.WITH_ASSISTANT)
    return now.value if now is wanted else change_status(now, wanted).value


def must_be_of(agent_id: int) -> Check:
    """Refuses everybody but the agent who has the conversation."""

    def check(handoff: Handoff) -> None:
        if not handoff.is_of(agent_id):
            raise NotYourConversationError

    return check


def must_be_offered_to(agent_id: int) -> Check:
    """Refuses everybody but the agent whom it is offered to; what is offered to nobody, anybody may take."""

    def check(handoff: Handoff) -> None:
        if handoff.state is HandoffState.OFFERED and handoff.offered_to != agent_id:
            raise HandoffTakenError(handoff.offered_to)

    return check


def must_be_as_seen(seen: Handoff) -> Check:
    """Refuses when it does not stand any more as it did when it was looked at."""

    def check(handoff: Handoff) -> None:
        if _standing(handoff) != _standing(seen):
            raise HandoffNotFoundError

    return check


def _standing(handoff: Handoff) -> tuple[Any, ...]:
    whose = (handoff.id, handoff.state, handoff.team, handoff.agent_id, handoff.offered_to)
    since = (handoff.queued_at, handoff.offer_expires_at, handoff.snoozed_until, handoff.promised_at)
    return whose, since


def request_columns(request: HandoffRequest, now: datetime) -> dict[str, Any]:
    """A new handoff as it is stored, but for its state."""
    return {
        "reason": request.reason.value,
        "facts": {**request.facts, "position": request.position},
        "desk": request.desk,
        "team": request.team,
        "language": request.language,
        "topic": request.topic,
        "band": request.band,
        "mood": request.mood,
        "requested_at": now,
        "queued_at": now,
        "first_reply_due_at": request.due_at,
    }


def request(
    records: HandoffRepository, conversation_id: ConversationId, wanted: HandoffRequest, now: datetime
) -> Handoff | None:
    """Queue the conversation; None when it waits for a person, or has one, already."""
    existing(records.lock_conversation(conversation_id))
    open_one = records.find_open(conversation_id)
    if open_one is not None and open_one.state is not HandoffState.PROMISED:
        return None
    facts = {"reason": wanted.reason.value, **wanted.facts}
    columns = request_columns(wanted, now)
    return take_step(records, conversation_id, Command(step=Step.REQUEST, columns=columns, facts=facts), now)


def accept(
    records: HandoffRepository, conversation_id: ConversationId, agent_id: int, now: datetime, **more: Any
) -> Handoff:
    """Give the conversation to an agent; ``more`` goes to the command (``as_of``)."""
    open_one = records.find_open(conversation_id)
    facts: dict[str, Any] = {}
    columns: dict[str, Any] = {"agent_id": agent_id}
    if open_one is not None:
        facts["team"] = open_one.team
        if open_one.accepted_at is None:
            columns["accepted_at"] = now
        if open_one.state is not HandoffState.PROMISED:
            facts["waited_s"] = round((now - open_one.queued_at).total_seconds(), 1)
            facts["position"] = open_one.facts.get("position", 1)
    command = Command(
        step=Step.ACCEPT,
        agent_id=agent_id,
        columns=columns,
        facts=facts,
        check=must_be_offered_to(agent_id),
        **more,
    )
    return take_step(records, conversation_id, command, now)
