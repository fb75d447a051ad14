"""The loopback port that Rasa calls: texts (``/nlg``) and custom actions (``/actions/webhook``)."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
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

log = logging.getLogger(__name__)

MAX_CALL_BYTES: Final = 16 * 1024 * 1024
"""Rasa sends the whole tracker of a conversation with every call."""


class Speaks(Protocol):
    """Renders responses (``balie.assistant.speech.Speaker`` does)."""

    async def speak(self, request: NlgRequest) -> dict[str, Any]:
        """The answer to Rasa's call: ``text``, ``buttons`` and ``custom`` with our mark."""
        ...


@dataclass(frozen=True, slots=True)
class ActionAnswer:
    """What Rasa gets back for an action: 200 with events and responses, 400 rejected, 404 unknown."""

    body: Mapping[str, Any] | None
    status: int = 200


class RunsActions(Protocol):
    """Runs custom actions."""

    async def run(self, action_call: Mapping[str, Any]) -> ActionAnswer:
        """Run the action that a call of rasa-sdk's protocol names."""
        ...


@dataclass(frozen=True, slots=True)
class InternalServices:
    """Everything behind the loopback port."""

    token: str = field(repr=False)
    speaker: Speaks
    actions: RunsActions
    action_timeout: timedelta


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
        name = str(call["next_action"])
    except (ValueError, TypeError, KeyError):
        return error_answer(422, "request_invalid", "Not a call for an action.")
    try:
        async with asyncio.timeout(services.action_timeout.total_seconds()):
            answer = await services.actions.run(call)
    except TimeoutError:
        log.error("Action %s took longer than %s.", name, services.action_timeout)  # noqa: TRY400 (no trace to show)
        return _failed(name, 504)
    except Exception:
        # Outermost edge: Rasa reads any error as "this action did nothing", and the turn ends as failed.
        log.exception("Action %s broke off.", name)
        return _failed(name, 500)
    return JSONResponse(answer.body, answer.status)


def _failed(name: str, status: int) -> JSONResponse:
    return JSONResponse({"error": "The action failed.", "action_name": name}, status)
