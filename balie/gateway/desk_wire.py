"""How people and sessions of the desk look on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from balie.agents.kinds import Role
from balie.agents.permissions import list_permissions
from balie.agents.views import AgentView, SessionView
from balie.gateway.desk_item_wire import colleagues_json
from balie.gateway.desk_services import DeskServices, TeamNow
from balie.gateway.wire import Json
from balie.handoff.kinds import ResolutionCode


def agent_json(agent: AgentView) -> Json:
    """An account (``desk_schemas.DeskAgentShape`` describes it)."""
    return {
        "id": agent.id,
        "email": agent.email,
        "name": agent.name,
        "display_name": agent.display_name,
        "role": agent.role.value,
        "languages": list(agent.languages),
        "topics": list(agent.topics),
        "teams": list(agent.teams),
        "capacity": agent.capacity,
        "presence": agent.presence.value,
        "active": agent.active,
    }


def me_json(agent: AgentView, colleagues: Sequence[AgentView], desk: DeskServices, now: datetime) -> Json:
    """Who is signed in (``desk_schemas.MeShape`` describes it)."""
    shape = agent_json(agent)
    del shape["active"]
    return shape | {
        "permissions": _permissions(agent.role),
        "teams": [] if desk.teams is None else [team_json(team) for team in desk.teams.list_teams(now)],
        "codes": [code.value for code in ResolutionCode],
        "customer_languages": list(desk.languages),
        "agents": colleagues_json(colleagues),
    }


def team_json(team: TeamNow) -> Json:
    """A team, and whether it is there now."""
    return {
        "id": team.id,
        "name": dict(team.names),
        "open_now": team.open_now,
        "next_opening": None if team.next_opening is None else team.next_opening.isoformat(),
    }


def device_json(session: SessionView) -> Json:
    """A browser in which one is signed in."""
    return {
        "id": str(session.id),
        "device": session.device,
        "created_at": session.created_at.isoformat(),
        "last_seen_at": session.last_seen_at.isoformat(),
        "current": session.is_current,
    }


def _permissions(role: Role) -> list[str]:
    roles = list(Role)
    above_agent = roles[1 : roles.index(role) + 1]
    return [word.value for word in (*list_permissions(role), *above_agent)]
