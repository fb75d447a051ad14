"""Going on with a conversation elsewhere: from the website in a messenger, and from there on the website."""

from __future__ import annotations

from typing import Final

import segno
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from balie.conversations.continuing import LASTS
from balie.conversations.views import WEB_WIDGET
from balie.gateway.access import OpenedConversation
from balie.gateway.conversation_routes import OF_ONE, described_errors
from balie.gateway.errors import ChannelNotAvailableError, TooManyConversationsError, TooManyMessagesError
from balie.gateway.limits import client_key
from balie.gateway.schemas import (
    ClaimConversation,
    ContinuationMade,
    ContinueElsewhere,
    ConversationCreated,
)
from balie.gateway.services import Services

SPECK_OR_TORN: Final = "m"
"""A code that is 15 % unreadable is still read."""

router = APIRouter(prefix="/api/v1/conversations", tags=["conversations"])


@router.post(
    "/{conversation_id}/continuations",
    status_code=201,
    response_model=ContinuationMade,
    summary="Go on in a messenger",
    responses=OF_ONE
    | described_errors(
        http_404="`conversation_not_found`; `channel_not_available`: that messenger is not set up",
        http_429="`too_many_messages`; see `Retry-After`",
    ),
)
async def continue_elsewhere(
    wanted: ContinueElsewhere, conversation_id: OpenedConversation, services: Services
) -> JSONResponse:
    """Makes a link that opens this conversation there, once, for ten minutes; an earlier one is void."""
    bot = services.telegram_name
    if bot is None:
        raise ChannelNotAvailableError
    wait_s = services.message_limit.take(conversation_id)
    if wait_s:
        raise TooManyMessagesError(wait_s)
    made = await services.continuations.create(conversation_id, wanted.towards)
    url = f"https://t.me/{bot}?start={made.code}"
    answer = {
        "url": url,
        "qr_svg": segno.make_qr(url, error=SPECK_OR_TORN).svg_inline(omitsize=True),
        "expires_at": made.expires_at.isoformat(),
        "lasts_s": int(LASTS.total_seconds()),
    }
    return JSONResponse(answer, 201)


@router.post(
    "/claims",
    response_model=ConversationCreated,
    summary="Go on with a conversation of a messenger",
    responses=described_errors(
        http_404="`continuation_invalid`: unknown, used, or older than ten minutes; nobody learns which",
        http_413="`body_too_large`: more than 64 KB",
        http_422="`request_invalid`, `json_invalid`: not the shape described here",
        http_429="`too_many_conversations` from this address; see `Retry-After`",
        http_503="`store_unavailable`: try again",
    ),
)
async def claim_conversation(request: Request, claim: ClaimConversation, services: Services) -> JSONResponse:
    """Uses a code up, and gives a token for its conversation, as if it had been opened here."""
    wait_s = services.conversation_limit.take(client_key(request.client.host if request.client else ""))
    if wait_s:
        raise TooManyConversationsError(wait_s)
    conversation_id = await services.continuations.claim(claim.code, WEB_WIDGET)
    conversation = await services.conversations.get_conversation(conversation_id)
    return JSONResponse(
        {
            "id": str(conversation.id),
            "token": services.visitor_tokens.issue(conversation.id),
            "language": conversation.language,
            "status": conversation.status.value,
        }
    )
