"""What somebody did with a product card in their own conversation."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from balie.gateway.access import OpenedConversation
from balie.gateway.conversation_routes import OF_ONE, described_errors
from balie.gateway.errors import TooManyCardsFollowedError
from balie.gateway.services import Services

router = APIRouter(prefix="/api/v1/conversations/{conversation_id}/cards", tags=["conversations"])


@router.post(
    "/{key}/followed",
    status_code=204,
    summary="Say that a card's link was followed",
    responses=OF_ONE
    | described_errors(
        http_404="`conversation_not_found`; `card_not_found`: not shown in this conversation",
        http_429="`too_many_cards_followed`; see `Retry-After`",
    ),
)
async def note_followed(
    key: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The card's `key`.")],
    conversation_id: OpenedConversation,
    services: Services,
) -> Response:
    """Counts as a click on the card, once: saying it again, or the page telling it too, changes nothing."""
    wait_s = services.card_limit.take(conversation_id)
    if wait_s:
        raise TooManyCardsFollowedError(wait_s)
    await services.outcomes.note_followed(conversation_id, key)
    return Response(status_code=204)
