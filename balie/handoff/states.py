"""What may happen to a handoff, and who owns the conversation then: one table, pure.

```mermaid
stateDiagram-v2
    [*] --> queued: request
    queued --> offered: offer
    offered --> queued: decline, lapse
    queued --> accepted: accept
    offered --> accepted: accept
    accepted --> queued: transfer to team, lose agent
    accepted --> offered: transfer to agent
    accepted --> accepted: take over, snooze, wake
    queued --> promised: promise
    offered --> promised: promise
    promised --> promised: promise
    promised --> queued: request
    promised --> accepted: accept
    queued --> withdrawn: withdraw
    offered --> withdrawn: withdraw
    promised --> withdrawn: withdraw
    promised --> expired: expire
    accepted --> returned: return
    queued --> returned: return
    offered --> returned: return
    accepted --> resolved: resolve
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from balie.conversations.status import ConversationStatus
from balie.handoff.errors import StepRefusedError
from balie.handoff.kinds import HandoffState, Step

_S = HandoffState


@dataclass(frozen=True, slots=True)
class Move:
    """From which states a step may be taken, and where it leads. None: there is no open handoff."""

    sources: frozenset[HandoffState | None]
    target: HandoffState


def _move(target: HandoffState, *sources: HandoffState | None) -> Move:
    return Move(frozenset(sources), target)


MOVES: Final[Mapping[Step, Move]] = {
    Step.REQUEST: _move(_S.QUEUED, None, _S.PROMISED),
    Step.OFFER: _move(_S.OFFERED, _S.QUEUED),
    Step.DECLINE: _move(_S.QUEUED, _S.OFFERED),
    Step.LAPSE: _move(_S.QUEUED, _S.OFFERED),
    Step.ACCEPT: _move(_S.ACCEPTED, _S.QUEUED, _S.OFFERED, _S.PROMISED),
    Step.TRANSFER_TO_TEAM: _move(_S.QUEUED, _S.ACCEPTED),
    Step.TRANSFER_TO_AGENT: _move(_S.OFFERED, _S.ACCEPTED),
    Step.TAKE_OVER: _move(_S.ACCEPTED, _S.ACCEPTED),
    Step.SNOOZE: _move(_S.ACCEPTED, _S.ACCEPTED),
    Step.WAKE: _move(_S.ACCEPTED, _S.ACCEPTED),
    Step.LOSE_AGENT: _move(_S.QUEUED, _S.ACCEPTED),
    Step.WITHDRAW: _move(_S.WITHDRAWN, _S.QUEUED, _S.OFFERED, _S.PROMISED),
    Step.PROMISE: _move(_S.PROMISED, _S.QUEUED, _S.OFFERED, _S.PROMISED),
    Step.EXPIRE: _move(_S.EXPIRED, _S.PROMISED),
    Step.RETURN: _move(_S.RETURNED, _S.QUEUED, _S.OFFERED, _S.ACCEPTED),
    Step.RESOLVE: _move(_S.RESOLVED, _S.ACCEPTED),
}

OPEN: Final = frozenset({_S.QUEUED, _S.OFFERED, _S.ACCEPTED, _S.PROMISED})
WAITING: Final = frozenset({_S.QUEUED, _S.OFFERED})

OWNER: Final[Mapping[HandoffState, ConversationStatus]] = {
    _S.QUEUED: ConversationStatus.WAITING_FOR_AGENT,
    _S.OFFERED: ConversationStatus.WAITING_FOR_AGENT,
    _S.ACCEPTED: ConversationStatus.WITH_AGENT,
    _S.PROMISED: ConversationStatus.WITH_ASSISTANT,
    _S.RESOLVED: ConversationStatus.RESOLVED,
    _S.RETURNED: ConversationStatus.WITH_ASSISTANT,
    _S.WITHDRAWN: ConversationStatus.WITH_ASSISTANT,
    _S.EXPIRED: ConversationStatus.WITH_ASSISTANT,
}
"""Who has the conversation in each state: exactly one, always."""


def next_state(step: Step, state: HandoffState | None) -> HandoffState:
    """Where a step leads.

    >>> next_state(Step.ACCEPT, HandoffState.QUEUED).value
    'accepted'

    Args:
        step: What happens.
        state: Of the open handoff; None when there is none.

    Raises:
        StepRefusedError: The table has no such step from there.
    """
    move = MOVES[step]
    if state not in move.sources:
        raise StepRefusedError(step.value, None if state is None else state.value)
    return move.target
