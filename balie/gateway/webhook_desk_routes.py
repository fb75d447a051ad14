"""Where a webhook desk hands in what its agents do (docs/webhook-desk.md)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from balie.channels.signed_webhooks.signing import HEADER
from balie.gateway.conversation_routes import described_errors
from balie.gateway.services import Services

router = APIRouter(prefix="/api/v1/desks/webhook", tags=["desks"])


@router.post(
    "/events",
    summary="Say what an agent did",
    responses=described_errors(
        http_401="`signature_invalid`: missing, wrong, or older than five minutes",
        http_404="`handoff_not_found`: this conversation was never handed over to this desk",
        http_409="`handoff_moved_on`: the customer does not want anybody any more; "
        "`desk_event_repeated`: this id was taken before",
        http_413="`body_too_large`: more than 64 KB",
        http_422="`desk_event_invalid`: not the shape described in docs/webhook-desk.md",
        http_503="`store_unavailable`: nothing was done, send it again",
    ),
)
async def receive_event(request: Request, services: Services) -> JSONResponse:
    """Does what the event asks for, then answers; `dropped` for one that is older than what was done."""
    desk = None if services.channels is None else services.channels.webhook_desk
    if desk is None:
        raise HTTPException(404, "Not Found")
    taken = await desk.receive(await request.body(), request.headers.get(HEADER, ""))
    return JSONResponse({"dropped": taken.is_late})
