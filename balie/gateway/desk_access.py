"""Who may do what at the desk: whoever has the cookie of a session that lives, as far as their role goes."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie
from starlette.requests import HTTPConnection
from starlette.responses import Response

from balie.agents.errors import NotPermittedError, SessionMissingError
from balie.agents.permissions import Permission, may
from balie.agents.sessions import LASTS
from balie.agents.views import AgentView
from balie.gateway.desk_services import DeskServices
from balie.gateway.errors import RequestForgedError
from balie.gateway.limits import client_key
from balie.gateway.services import Services
from balie.settings import Settings

DESK_PATH: Final = "/api/v1/desk"
COOKIE: Final = "balie_desk"
HEADER: Final = "X-Balie-Desk"
_CHANGES_NOTHING: Final = frozenset({"GET", "HEAD", "OPTIONS"})

_cookie = APIKeyCookie(
    name=COOKIE, auto_error=False, scheme_name="desk session", description=f"From `POST {DESK_PATH}/session`."
)


async def _desk_of(services: Services) -> DeskServices:
    assert services.desk is not None  # without a desk, none of its routes is there
    return services.desk


Desk = Annotated[DeskServices, Depends(_desk_of)]


async def check_own_page(request: Request) -> None:
    """Refuse what somebody else's page may have made a browser send.

    A page of another origin cannot set our header without asking first, and is then refused. The origin is
    looked at besides: the shop's own pages may use the widget's addresses, but never the desk's.

    Raises:
        RequestForgedError: It changes something, and lacks the header or comes from another page.
    """
    if request.method in _CHANGES_NOTHING:
        return
    if request.headers.get(HEADER) != "1" or not is_from_own_page(request, without_origin=True):
        raise RequestForgedError


def is_from_own_page(connection: HTTPConnection, *, without_origin: bool) -> bool:
    """Whether a request comes from a page of this very host.

    Args:
        connection: The request, or the socket.
        without_origin: What is said of one that names no origin, as programs do not.
    """
    origin = connection.headers.get("origin")
    if origin is None:
        return without_origin
    try:
        return urlsplit(origin).netloc == connection.headers.get("host", "")
    except ValueError:
        return False


async def _token(
    _own_page: Annotated[None, Depends(check_own_page)], token: Annotated[str | None, Depends(_cookie)]
) -> str:
    if not token:
        raise SessionMissingError
    return token


SessionToken = Annotated[str, Depends(_token)]
"""Of whoever asks; whether it is worth anything, ``SignedIn`` says."""


async def _signed_in(token: SessionToken, desk: Desk) -> AgentView:
    agent = await desk.agents.find_session(token)
    if agent is None:
        raise SessionMissingError
    return agent


SignedIn = Annotated[AgentView, Depends(_signed_in)]
"""Who is signed in; nobody else gets in."""


def permitted(permission: Permission) -> Any:
    """A dependency that is whoever is signed in, when their role allows this.

    Raises:
        NotPermittedError: It does not.
    """

    async def check(agent: SignedIn) -> AgentView:
        if not may(agent.role, permission):
            raise NotPermittedError(permission)
        return agent

    return Depends(check)


Handler = Annotated[AgentView, permitted(Permission.HANDLE)]
Admin = Annotated[AgentView, permitted(Permission.MANAGE_AGENTS)]


async def find_agent_of_socket(connection: HTTPConnection, desk: DeskServices) -> AgentView | None:
    """Who opens a socket, or asks again later whether they still may; None: nobody who is signed in.

    Browsers send cookies with sockets of any page, so the page's origin has to be our own.
    """
    token = connection.cookies.get(COOKIE)
    if not token or not is_from_own_page(connection, without_origin=False):
        return None
    return await desk.agents.find_session(token)


def address_of(request: Request) -> str:
    """What counts as the client that asks."""
    return client_key(request.client.host if request.client else "")


def set_cookie(answer: Response, token: str, request: Request, settings: Settings) -> None:
    """Give a browser its session, which no script can read and no other site can send."""
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(LASTS.total_seconds()),
        path=DESK_PATH,
        httponly=True,
        samesite="strict",
        secure=_is_secure(request, settings),
    )


def take_cookie_back(answer: Response, request: Request, settings: Settings) -> None:
    """Make a browser forget its session."""
    answer.delete_cookie(
        COOKIE, path=DESK_PATH, httponly=True, samesite="strict", secure=_is_secure(request, settings)
    )


def _is_secure(request: Request, settings: Settings) -> bool:
    # A proxy that speaks TLS may not say so; the address that customers use does.
    return request.url.scheme == "https" or settings.resolved_public_url.startswith("https://")
