"""Where a provider of messages hands in what customers do (docs/webhook-channel.md)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from balie.channels.errors import ChannelEventInvalidError
from balie.channels.signed_webhooks.signing import HEADER
from balie.gateway.conversation_routes import described_errors
from balie.gateway.services import Services

ARRIVES_WITHIN: Final = timedelta(seconds=10)
"""Servers talk to each other here: whoever takes longer holds on to memory that others need."""

router = APIRouter(prefix="/api/v1/channels/webhook", tags=["channels"])


@router.post(
    "/events",
    status_code=202,
    summary="Say what a customer did",
    responses=described_errors(
        http_401="`signature_invalid`: missing, wrong, or older than five minutes",
        http_404="There is no webhook channel",
        http_413="`body_too_large`: more than 8 MB",
        http_422="`channel_event_invalid`: not the shape described in docs/webhook-channel.md",
        http_503="`store_unavailable`: nothing was stored, send it again",
    ),
)
async def receive_event(request: Request, services: Services) -> JSONResponse:
    """Stores the event, then answers: 202, or 200 with `duplicate` when it was stored before."""
    intake = None if services.channels is None else services.channels.webhook_channel
    if intake is None:
        raise HTTPException(404, "Not Found")
    stored = await intake.receive(await _read(request), request.headers.get(HEADER, ""))
    return JSONResponse({"duplicate": not stored}, 202 if stored else 200)


async def _read(request: Request) -> bytes:
    try:
        async with asyncio.timeout(ARRIVES_WITHIN.total_seconds()):
            return await request.body()
    except (ClientDisconnect, TimeoutError) as error:
        raise ChannelEventInvalidError("it did not arrive as a whole") from error
