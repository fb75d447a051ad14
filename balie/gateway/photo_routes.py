"""Sending a photo, which is a message without words, and looking at it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from balie.conversations.errors import PhotoUnreadableError
from balie.conversations.views import PhotoView
from balie.gateway.access import OpenedConversation
from balie.gateway.conversation_routes import OF_ONE, described_errors
from balie.gateway.errors import PhotoUnfinishedError, TooManyMessagesError
from balie.gateway.schemas import MessageAccepted
from balie.gateway.services import Services
from balie.gateway.wire import accepted_json
from balie.kernel.ids import PhotoId

PHOTO_TYPES: Final = ("image/jpeg", "image/png", "image/webp")
SEND_WITHIN: Final = timedelta(minutes=2)
"""Ten megabytes over a slow mobile network."""

_FILE: Final = {"schema": {"type": "string", "format": "binary"}}
PHOTO_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": dict.fromkeys(PHOTO_TYPES, _FILE)}
}
PHOTO_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The photo: upright, at most 1,600 pixels long.", "content": {"image/jpeg": _FILE}}
}

router = APIRouter(prefix="/api/v1/conversations", tags=["conversations"])


@router.post(
    "/{conversation_id}/photos",
    status_code=202,
    response_model=MessageAccepted,
    summary="Send a photo",
    openapi_extra=PHOTO_BODY,
    responses=OF_ONE
    | described_errors(
        http_413="`photo_too_large`: more than 10 MB by default",
        http_422="`photo_unreadable`: no JPEG, PNG or WebP; `photo_unfinished`; `request_invalid`",
        http_429="`too_many_messages`, see `Retry-After`; `photo_too_many`: more than 6 in an hour",
    ),
)
async def send_photo(
    request: Request,
    conversation_id: OpenedConversation,
    services: Services,
    client_message_id: Annotated[UUID, Query(description="As for a message: sending it again is harmless.")],
) -> JSONResponse:
    """Stores the photo as a message without words, without what the file says of place and camera."""
    wait_s = services.message_limit.take(conversation_id)
    if wait_s:
        raise TooManyMessagesError(wait_s)
    async with services.photo_places:
        content = await read_photo(request)
        recorded = await services.conversations.record_photo(
            conversation_id, content, client_message_id=client_message_id
        )
    services.turns.submit(conversation_id)
    return JSONResponse(accepted_json(recorded), 202)


@router.get(
    "/{conversation_id}/photos/{photo_id}",
    response_class=Response,
    summary="Look at a photo",
    responses=OF_ONE
    | described_errors(http_404="`conversation_not_found`; `photo_not_found`: not of this conversation")
    | PHOTO_ANSWERS,
)
async def show_photo(photo_id: UUID, conversation_id: OpenedConversation, services: Services) -> Response:
    """The photo as a JPEG, for whoever may read the conversation."""
    return photo_answer(await services.conversations.get_photo(conversation_id, PhotoId(photo_id)))


def photo_answer(photo: PhotoView) -> Response:
    """A photo as an answer. It never changes, so the browser that asked may keep it for a day."""
    return Response(photo.jpeg, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})


async def read_photo(request: Request) -> bytes:
    """The body, which ``BodyLimit`` keeps small.

    Raises:
        PhotoUnreadableError: It says itself that it is of another kind.
        PhotoUnfinishedError: It did not arrive as a whole.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in PHOTO_TYPES:
        raise PhotoUnreadableError
    try:
        async with asyncio.timeout(SEND_WITHIN.total_seconds()):
            return await request.body()
    except (ClientDisconnect, TimeoutError) as error:
        raise PhotoUnfinishedError from error
