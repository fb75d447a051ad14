"""Where Chatwoot hands in its events. It signs nothing: the address itself is the secret."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from balie.channels.chatwoot.intake import ChatwootIntake
from balie.channels.errors import DeskEventInvalidError
from balie.gateway.services import Services
from balie.gateway.wire import error_json, public_text
from balie.storage.errors import StoreUnavailableError

ARRIVES_WITHIN: Final = timedelta(seconds=4)
"""Chatwoot itself gives up after five."""

TRY_AGAIN: Final = 500
"""What Chatwoot tries again, three times; after a 503 it would take the conversation away from us."""

router = APIRouter(prefix="/hooks/chatwoot", include_in_schema=False)


async def _intake(path_secret: str, request: Request, services: Services) -> ChatwootIntake:
    """The door, for who knows its address; everybody else is told that there is nothing here."""
    settings = services.settings
    secret = settings.chatwoot_secret.get_secret_value()
    knows_it = hmac.compare_digest(path_secret.encode(), secret.encode()) and bool(secret)
    host = request.client.host if request.client else ""
    intake = None if services.channels is None else services.channels.chatwoot
    if intake is None or not knows_it or not _comes_from(host, settings.chatwoot_addresses):
        raise HTTPException(404, "Not Found")
    return intake


Intake = Annotated[ChatwootIntake, Depends(_intake)]


@router.post("/{path_secret}")
async def hand_in(request: Request, intake: Intake) -> JSONResponse:
    """Stores the event, then says so; what it asks for is done afterwards."""
    body = await _read(request)
    try:
        stored = await intake.store(body)
    except StoreUnavailableError as error:
        return JSONResponse(error_json(error.code, public_text(error)), TRY_AGAIN)
    return JSONResponse({"stored": stored})


async def _read(request: Request) -> dict[str, Any]:
    try:
        async with asyncio.timeout(ARRIVES_WITHIN.total_seconds()):
            body = json.loads(await request.body())
    except (ValueError, RecursionError, ClientDisconnect, TimeoutError) as error:
        raise DeskEventInvalidError("it is no JSON") from error
    if not isinstance(body, dict):
        raise DeskEventInvalidError("it is no JSON object")
    return body


def _comes_from(host: str, networks: Iterable[str]) -> bool:
    """Whether a client is in one of the networks; everybody is where none is named."""
    named = list(networks)
    if not named:
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in named)
