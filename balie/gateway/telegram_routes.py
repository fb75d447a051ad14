"""Where Telegram hands in updates: an address that nobody guesses, and a secret in a header besides."""

from __future__ import annotations

import asyncio
import hmac
import json
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from balie.channels.errors import SignatureInvalidError
from balie.channels.telegram.channel import TelegramDoor
from balie.gateway.services import Services

HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
ARRIVES_WITHIN: Final = timedelta(seconds=10)

router = APIRouter(prefix="/api/v1/channels/telegram", include_in_schema=False)


async def _door(path_secret: str, request: Request, services: Services) -> TelegramDoor:
    """The door, for who knows its address and the word besides; all others learn that there is nothing."""
    door = None if services.channels is None else services.channels.telegram
    secret = "" if door is None else door.secret
    # Both are compared, whatever the first one says: how long it takes tells nothing.
    knows_path = hmac.compare_digest(path_secret.encode(), secret.encode())
    knows_word = hmac.compare_digest(request.headers.get(HEADER, "").encode(), secret.encode())
    if door is None or not secret or not knows_path:
        raise HTTPException(404, "Not Found")
    if not knows_word:
        raise SignatureInvalidError
    return door


Door = Annotated[TelegramDoor, Depends(_door)]


@router.post("/{path_secret}")
async def hand_in(request: Request, door: Door) -> JSONResponse:
    """Stores the update, then says so; what it asks for is done afterwards."""
    await door.receive([await _read(request)])
    return JSONResponse({})


async def _read(request: Request) -> dict[str, Any]:
    try:
        async with asyncio.timeout(ARRIVES_WITHIN.total_seconds()):
            body = json.loads(await request.body())
    except (ValueError, RecursionError, ClientDisconnect, TimeoutError) as error:
        raise HTTPException(400, "Not JSON") from error
    if not isinstance(body, dict):
        raise HTTPException(400, "Not a JSON object")
    return body
