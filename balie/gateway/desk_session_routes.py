"""Signing in and out at the desk, and what somebody may change about themselves."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from balie.agents.errors import TooManyAttemptsError
from balie.agents.views import AgentView
from balie.gateway.conversation_routes import described_errors
from balie.gateway.desk_access import (
    COOKIE,
    DESK_PATH,
    Desk,
    SessionToken,
    SignedIn,
    address_of,
    check_own_page,
    set_cookie,
    take_cookie_back,
)
from balie.gateway.desk_schemas import DeviceShape, MeShape, PasswordChange, PresenceChange, SignIn
from balie.gateway.desk_services import DeskServices
from balie.gateway.desk_wire import device_json, me_json
from balie.gateway.services import GatewayServices, Services

LARGEST_NUMBER: Final = 2**31 - 1

Number = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]

DESK_ERRORS: Final = described_errors(
    http_401="`session_missing`: nobody is signed in, or the session is over",
    http_422="`request_invalid`, `json_invalid`: not the shape described here",
    http_503="`store_unavailable`: nothing was stored, try again",
)
"""What any address of the desk may answer."""
OF_CHANGES: Final = DESK_ERRORS | described_errors(
    http_403="`request_forged`: without the header `X-Balie-Desk: 1`, or from another page"
)
"""What any address of the desk may answer that changes something."""

router = APIRouter(prefix=f"{DESK_PATH}/session", tags=["desk"])


@router.post(
    "",
    response_model=MeShape,
    summary="Sign in",
    dependencies=[Depends(check_own_page)],
    responses=OF_CHANGES
    | described_errors(
        http_401="`sign_in_refused`: unknown, closed, or another password; nobody learns which",
        http_429="`too_many_attempts`: `data.retry_after_s` and `Retry-After` say when the next is looked at",
    ),
)
async def sign_in(typed: SignIn, request: Request, desk: Desk, services: Services) -> JSONResponse:
    """Begins a session of at most 12 hours, 2 without a visit; its token is in the cookie `balie_desk`."""
    address = address_of(request)
    wait_s = desk.sign_in_limit.take(address)
    if wait_s:
        raise TooManyAttemptsError(wait_s)
    device = request.headers.get("user-agent", "")
    signed_in = await desk.agents.sign_in(typed.email, typed.password, address=address, device=device)
    if earlier := request.cookies.get(COOKIE):
        await desk.agents.sign_out(earlier)
    _tell_desks(desk)
    answer = await _me(signed_in.agent, desk, services)
    set_cookie(answer, signed_in.token, request, services.settings)
    return answer


@router.get("", response_model=MeShape, summary="Who is signed in", responses=DESK_ERRORS)
async def show_session(agent: SignedIn, desk: Desk, services: Services) -> JSONResponse:
    """Whoever the cookie belongs to, with what their desk needs to know."""
    return await _me(agent, desk, services)


@router.delete("", status_code=204, summary="Sign out", responses=OF_CHANGES)
async def sign_out(token: SessionToken, request: Request, desk: Desk, services: Services) -> Response:
    """Ends the session; also one that is over already."""
    await desk.agents.sign_out(token)
    _tell_desks(desk)
    answer = Response(status_code=204)
    take_cookie_back(answer, request, services.settings)
    return answer


@router.put("/presence", status_code=204, summary="Come and go", responses=OF_CHANGES)
async def set_presence(change: PresenceChange, agent: SignedIn, desk: Desk) -> Response:
    """Says whether one takes customers now."""
    await desk.agents.set_presence(agent.id, change.presence)
    _tell_desks(desk)
    return Response(status_code=204)


@router.put(
    "/password",
    status_code=204,
    summary="Change one's password",
    responses=OF_CHANGES
    | described_errors(
        http_403="`password_wrong`: the old one is another; `request_forged`",
        http_422="`password_too_short`, `password_too_long`, `password_too_simple`; `request_invalid`",
        http_429="`too_many_attempts`: too many old ones were wrong",
    ),
)
async def change_password(
    change: PasswordChange, request: Request, token: SessionToken, agent: SignedIn, desk: Desk
) -> Response:
    """Ends every other session of this agent."""
    await desk.agents.change_password(
        agent.id, change.old, change.new, token=token, address=address_of(request)
    )
    return Response(status_code=204)


@router.get(
    "/devices", response_model=list[DeviceShape], summary="Where one is signed in", responses=DESK_ERRORS
)
async def list_devices(token: SessionToken, agent: SignedIn, desk: Desk) -> JSONResponse:
    """The last seen first."""
    sessions = await desk.agents.list_sessions(agent.id, token=token)
    return JSONResponse([device_json(session) for session in sessions])


@router.delete(
    "/devices/{session_id}",
    status_code=204,
    summary="Sign out somewhere else",
    responses=OF_CHANGES | described_errors(http_404="`session_not_found`: not one's own, or over"),
)
async def sign_out_device(session_id: Number, agent: SignedIn, desk: Desk) -> Response:
    """Ends one of one's own sessions, at once."""
    await desk.agents.revoke_session(agent.id, session_id)
    return Response(status_code=204)


def _tell_desks(desk: DeskServices) -> None:
    if desk.hub is not None:
        desk.hub.look_again()


async def _me(agent: AgentView, desk: DeskServices, services: GatewayServices) -> JSONResponse:
    colleagues = await desk.agents.list_agents()
    return JSONResponse(me_json(agent, colleagues, desk, services.clock()))
