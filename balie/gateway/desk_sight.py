"""Which conversations somebody at the desk sees. Pure."""

from __future__ import annotations

from typing import Final

from balie.agents.permissions import Permission, may
from balie.agents.views import AgentView
from balie.handoff.board import Looker
from balie.handoff.kinds import HandoffState
from balie.handoff.views import DeskItem

_OF_THE_TEAM: Final = frozenset({HandoffState.QUEUED, HandoffState.OFFERED, HandoffState.PROMISED})
"""What is nobody's own yet."""


def looker_of(agent: AgentView) -> Looker:
    """Who looks at a list."""
    sees_all = may(agent.role, Permission.SEE_ALL)
    return Looker(agent_id=agent.id, teams=None if sees_all else agent.teams, sees_all=sees_all)


def sees(agent: AgentView, item: DeskItem) -> bool:
    """Whether somebody may read a conversation.

    That is: what they have or had, what is offered to them, and what waits in, or was promised by, one of
    their teams. What a colleague has or had is for those whose role allows it.
    """
    handoff = item.handoff
    if may(agent.role, Permission.SEE_ALL) or agent.id in {handoff.agent_id, handoff.offered_to}:
        return True
    of_team = handoff.state in _OF_THE_TEAM or may(agent.role, Permission.SEE_TEAM)
    return of_team and handoff.team in agent.teams


def is_overheard(agent: AgentView, item: DeskItem) -> bool:
    """Whether somebody who reads a conversation reads along with what a colleague has."""
    return item.handoff.state is HandoffState.ACCEPTED and not item.handoff.is_of(agent.id)


def reaches(agent: AgentView, item: DeskItem) -> bool:
    """Whether somebody is told why a step is not theirs to take; for anybody else there is no conversation.

    Whoever wants a customer of their own team may have seen them waiting a moment ago: they learn who was
    faster.
    """
    return sees(agent, item) or item.handoff.team in agent.teams
