"""The loopback port that Rasa calls: texts (``/nlg``) and custom actions (``/actions/webhook``)."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from starlette.applications import Starlette
from starlette.datastructures import QueryParams
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from balie.assistant.speech import NlgRequest
from balie.gateway.translation import error_answer

MAX_CALL_BYTES: Final = 16 * 1024 * 1024
"""Rasa sends the whole tracker of a conversation with every call."""


class Speaks(Protocol):
    """Renders responses (``balie.assistant.speech.Speaker`` does)."""

    async def speak(self, request: NlgRequest) -> dict[str, Any]:
        """The answer to Rasa's call: ``text``, ``buttons`` and ``custom`` with our mark."""
        ...


class RunsActions(Protocol):
    """Runs custom actions within their time limit (``actions.server.ActionServer`` does)."""

    async def handle(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a call of rasa-sdk's protocol: ``events`` and ``responses``; never raises."""
        ...


@dataclass(frozen=True, slots=True)
class InternalServices:
    """Everything behind the loopback port."""

    token: str = field(repr=False)
    speaker: Speaks
    actions: RunsActions


def create_internal_app(services: InternalServices) -> Starlette:
    """Build the app that only Rasa may reach."""
    app = Starlette(
        routes=[
            Route("/nlg", _speak, methods=["POST"]),
            Route("/actions/webhook", _run_action, methods=["POST"]),
        ],
        middleware=[Middleware(TokenGate, token=services.token)],
        max_body_size=MAX_CALL_BYTES,
    )
    app.state.services = services
    return app


class TokenGate:
    """Lets nobody in without ``?token=…``."""

    def __init__(self, app: ASGIApp, *, token: str) -> None:
        self._app = app
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan" or self._is_let_in(scope):
            await self._app(scope, receive, send)
            return
        await error_answer(401, "token_invalid", "Not for you.")(scope, receive, send)

    def _is_let_in(self, scope: Scope) -> bool:
        given = QueryParams(scope["query_string"]).get("token", "")
        return scope["type"] == "http" and hmac.compare_digest(given.encode(), self._token)


async def _speak(request: Request) -> JSONResponse:
    services: InternalServices = request.app.state.services
    try:
        wanted = NlgRequest.model_validate_json(await request.body())
    except ValueError:
        return error_answer(422, "request_invalid", "Not a call for a text.")
    return JSONResponse(await services.speaker.speak(wanted))


async def _run_action(request: Request) -> JSONResponse:
    services: InternalServices = request.app.state.services
    try:
        call = json.loads(await request.body())
    except ValueError:
        call = None
    if not isinstance(call, dict) or not isinstance(call.get("next_action"), str):
        return error_answer(422, "request_invalid", "Not a call for an action.")
    return JSONResponse(await services.actions.handle(call))
