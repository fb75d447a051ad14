"""What visitors do on the shop's pages, told by those pages with the visitor's or the customer's token."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from balie.gateway.conversation_routes import described_errors
from balie.gateway.errors import CustomerTokenInvalidError, TokenInvalidError, TooManyEventsError
from balie.gateway.event_schemas import MOST_EVENTS, EventBatch, EventsTaken
from balie.gateway.services import GatewayServices, Services
from balie.recommendations.asked import Who
from balie.recommendations.events import EventService
from balie.recommendations.whom import who_is

router = APIRouter(prefix="/api/v1/events", tags=["events"])

RETRY_AFTER_S: Final = 60

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="visitor or customer token",
    description="The token of a conversation, or what the shop signs for a customer.",
)


async def _events_of(services: Services) -> EventService:
    assert services.events is not None  # without it, the route is not there
    return services.events


async def _sender(
    services: Services, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Who:
    """Who did it.

    Raises:
        TokenInvalidError: No token, or neither one of ours nor one of the shop's.
        ConversationNotFoundError: The conversation has been erased.
    """
    if credentials is None:
        raise TokenInvalidError
    try:
        conversation_id = services.visitor_tokens.read(credentials.credentials)
    except TokenInvalidError:
        return await _vouched_for(services, credentials.credentials)
    conversation = await services.conversations.get_conversation(conversation_id)
    return who_is(conversation, now=services.clock())


async def _vouched_for(services: GatewayServices, token: str) -> Who:
    try:
        external_id = services.customer_tokens.read(token)
    except CustomerTokenInvalidError as error:
        raise TokenInvalidError from error
    customer = await services.customers.find_by_external_id(external_id)
    if customer is None:
        raise TokenInvalidError
    return Who(customer.id)


@router.post(
    "",
    status_code=202,
    response_model=EventsTaken,
    summary="Tell what somebody did on the shop's pages",
    responses=described_errors(
        http_401="`token_invalid`: missing, forged or expired",
        http_404="`conversation_not_found`: it has been erased",
        http_413="`body_too_large`: more than 64 KB",
        http_422=f"`request_invalid`, `json_invalid`: not this shape, or more than {MOST_EVENTS} events",
        http_429="`too_many_events`: more than sixty a minute, as a machine does; see `Retry-After`",
        http_503="`store_unavailable`: nothing was stored, try again",
    ),
)
async def tell_events(
    batch: EventBatch,
    sender: Annotated[Who, Depends(_sender)],
    events: Annotated[EventService, Depends(_events_of)],
) -> JSONResponse:
    """Stores views, baskets and searches of those who want advice made of them; sending again is harmless."""
    told = [event.as_event() for event in batch.events]
    taken = await events.take(sender, told, page_agreed=batch.consent)
    if taken.is_too_much:
        raise TooManyEventsError(RETRY_AFTER_S)
    answer = {"stored": taken.stored, "dropped": dict(taken.dropped or {}), "consent": taken.has_agreed}
    return JSONResponse(answer, 202)
