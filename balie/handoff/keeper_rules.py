"""When something is due that nobody asks for. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from balie.agents.kinds import Presence
from balie.handoff.kinds import HandoffState
from balie.handoff.views import AgentOnDuty, Handoff

AGENT_MAY_BE_GONE: Final = timedelta(minutes=2)
"""A laptop that sleeps, a train in a tunnel: so long the customer waits for the same agent."""
FIRST_TOLD_AGAIN: Final = timedelta(minutes=3)
TOLD_AGAIN_EVERY: Final = timedelta(minutes=10)
PROMISES_KEPT_FOR: Final = timedelta(days=30)

LastMessage = tuple[str, datetime]
"""Who wrote the last message of a conversation, and when."""


def is_lost(handoff: Handoff, agent: AgentOnDuty | None, last: LastMessage | None, now: datetime) -> bool:
    """Whether the customer waits for an agent who is gone.

    Args:
        handoff: That the agent has.
        agent: None when the account is closed.
        last: None when nothing was said.
        now: The present moment.
    """
    if handoff.snoozed_until is not None:
        return False
    if agent is None:
        return True
    seen_at = max(agent.presence_at, handoff.accepted_at or agent.presence_at)
    gone = agent.presence is Presence.OFFLINE and now - seen_at >= AGENT_MAY_BE_GONE
    return gone and (last is None or last[0] != "agent")


def to_be_woken(handoff: Handoff, last: LastMessage | None, now: datetime) -> bool:
    """Whether what was put aside comes back: it is time, or the customer wrote."""
    if handoff.snoozed_until is None:
        return False
    return handoff.snoozed_until <= now or (last is not None and last[0] == "customer")


def must_be_asked_again(handoff: Handoff, told: int, now: datetime) -> bool:
    """Whether the customer hears again that it takes longer, and what else they can do."""
    if handoff.state not in (HandoffState.QUEUED, HandoffState.OFFERED):
        return False
    return now - handoff.queued_at >= FIRST_TOLD_AGAIN + told * TOLD_AGAIN_EVERY


def is_over(handoff: Handoff, now: datetime) -> bool:
    """Whether a promise is so old that nobody waits for it."""
    return handoff.promised_at is not None and now - handoff.promised_at >= PROMISES_KEPT_FOR
