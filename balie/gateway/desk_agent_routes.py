"""The accounts of the desk, for those who look after them."""

from __future__ import annotations

import logging

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.responses import Response

from balie.gateway.conversation_routes import described_errors
from balie.gateway.desk_access import DESK_PATH, Admin, Desk
from balie.gateway.desk_schemas import (
    AgentCreation,
    AgentPatch,
    DeskAgentList,
    DeskAgentShape,
    PasswordChoice,
)
from balie.gateway.desk_session_routes import DESK_ERRORS, OF_CHANGES, Number
from balie.gateway.desk_wire import agent_json

log = logging.getLogger(__name__)

_REFUSED = described_errors(http_403="`not_permitted`: only admins; `request_forged`")
_UNKNOWN = described_errors(http_404="`agent_not_found`")
_IN_THE_WAY = described_errors(
    http_409="`email_taken`: another has the address; `last_admin`: nobody else looks after accounts",
    http_422="`agent_invalid`: `data.field` says what; `password_too_short` and its like; `request_invalid`",
)

router = APIRouter(prefix=f"{DESK_PATH}/agents", tags=["desk"])


@router.get("", response_model=DeskAgentList, summary="List accounts", responses=DESK_ERRORS | _REFUSED)
async def list_agents(_admin: Admin, desk: Desk) -> JSONResponse:
    """Everybody, also whose account is closed."""
    return JSONResponse({"agents": [agent_json(agent) for agent in await desk.agents.list_agents()]})


@router.post(
    "",
    status_code=201,
    response_model=DeskAgentShape,
    summary="Add an account",
    responses=OF_CHANGES | _REFUSED | _IN_THE_WAY,
)
async def create_agent(creation: AgentCreation, admin: Admin, desk: Desk) -> JSONResponse:
    """Whoever gets a password with it can sign in at once."""
    added = await desk.agents.create_agent(creation.as_asked())
    log.info("Admin %d added agent %d.", admin.id, added.id)
    return JSONResponse(agent_json(added), 201)


@router.patch(
    "/{agent_id}",
    response_model=DeskAgentShape,
    summary="Change an account",
    responses=OF_CHANGES | _REFUSED | _UNKNOWN | _IN_THE_WAY,
)
async def change_agent(agent_id: Number, patch: AgentPatch, admin: Admin, desk: Desk) -> JSONResponse:
    """Changes what is named; `"active": false` closes the account and ends its sessions."""
    changed = await desk.agents.change_agent(agent_id, patch.as_asked())
    log.info("Admin %d changed agent %d.", admin.id, agent_id)
    return JSONResponse(agent_json(changed))


@router.post(
    "/{agent_id}/password",
    status_code=204,
    summary="Give somebody another password",
    responses=OF_CHANGES | _REFUSED | _UNKNOWN | _IN_THE_WAY,
)
async def set_password(agent_id: Number, choice: PasswordChoice, admin: Admin, desk: Desk) -> Response:
    """Ends every session of theirs."""
    await desk.agents.set_password(agent_id, choice.password)
    log.info("Admin %d gave agent %d another password.", admin.id, agent_id)
    return Response(status_code=204)


@router.delete(
    "/{agent_id}/sessions",
    status_code=204,
    summary="Sign somebody out everywhere",
    responses=OF_CHANGES | _REFUSED | _UNKNOWN,
)
async def end_sessions(agent_id: Number, admin: Admin, desk: Desk) -> Response:
    """Ends every session of theirs, at once."""
    await desk.agents.get_agent(agent_id)
    await desk.agents.revoke_sessions(agent_id)
    log.info("Admin %d signed agent %d out.", admin.id, agent_id)
    return Response(status_code=204)
