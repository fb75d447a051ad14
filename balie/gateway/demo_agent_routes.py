"""Who works at the demo shop's desk, with their password. Only there with ``BALIE_DEMO``."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from balie.agents.demo import DEMO_AGENTS, demo_password
from balie.gateway.schemas import DemoAgentList
from balie.gateway.services import Services

router = APIRouter(prefix="/demo/agents", tags=["demo shop"])


@router.get("", response_model=DemoAgentList, summary="Who can sign in at the desk")
async def list_demo_agents(services: Services) -> JSONResponse:
    """The made-up agents and the one password of them all, for the desk's sign-in page."""
    agents = [
        {
            "email": agent.email,
            "name": agent.name,
            "role": agent.role.value,
            "languages": list(agent.languages),
            "teams": list(agent.teams),
        }
        for agent in DEMO_AGENTS
    ]
    password = demo_password(services.settings.secret.get_secret_value())
    return JSONResponse({"password": password, "agents": agents})
