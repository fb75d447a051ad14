"""Opening a conversation, sending and reading messages."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from balie.conversations.views import Author, Proof, RecordedMessage
from balie.gateway.access import OpenedConversation
from balie.gateway.beside import find_beside
from balie.gateway.errors import AnotherCustomerError, TooManyConversationsError, TooManyMessagesError
from balie.gateway.limits import client_key
from balie.gateway.schemas import (
    ConversationCreated,
    CreateConversation,
    ErrorAnswer,
    MessageAccepted,
    MessageList,
    ReadUpTo,
    SendMessage,
    ShowCustomer,
)
from balie.gateway.services import GatewayServices, Services
from balie.gateway.wire import accepted_json, page_json
from balie.kernel.ids import ConversationId

LARGEST_SEQUENCE: Final = 2**31 - 1

After = Annotated[
    int, Query(ge=0, le=LARGEST_SEQUENCE, description="Highest sequence number you have; 0 for all messages.")
]


def described_errors(**meanings: str) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI: what each status means, under names such as ``http_404``."""
    return {
        int(status.removeprefix("http_")): {"model": ErrorAnswer, "description": meaning}
        for status, meaning in meanings.items()
    }


_ALWAYS: Final = described_errors(
    http_413="`body_too_large`: more than 64 KB",
    http_422="`request_invalid`, `json_invalid`: not the shape described here",
    http_503="`store_unavailable`: nothing was stored, try again",
)
OF_ONE: Final = _ALWAYS | described_errors(
    http_401="`token_invalid`: missing, forged or expired",
    http_404="`conversation_not_found`: unknown, or not the token's",
)

router = APIRouter(prefix="/api/v1/conversations", tags=["conversations"])


@router.post(
    "",
    status_code=201,
    response_model=ConversationCreated,
    summary="Open a conversation",
    responses=_ALWAYS
    | described_errors(
        http_403="`customer_token_invalid`: forged, expired, or valid for more than an hour",
        http_429="`too_many_conversations` from this address; see `Retry-After`",
    ),
)
async def open_conversation(
    request: Request, services: Services, wanted: CreateConversation | None = None
) -> JSONResponse:
    """Opens a conversation, with a visitor or with a customer for whom the shop vouches."""
    wait_s = services.conversation_limit.take(client_key(request.client.host if request.client else ""))
    if wait_s:
        raise TooManyConversationsError(wait_s)
    wanted = wanted or CreateConversation()
    conversation = await services.conversations.open_conversation(
        page_language=wanted.language_code,
        customer_id=await _vouched_for(services, wanted.customer_token),
    )
    answer = {
        "id": str(conversation.id),
        "token": services.visitor_tokens.issue(conversation.id),
        "language": conversation.language,
        "status": conversation.status.value,
    }
    return JSONResponse(answer, 201)


@router.put(
    "/{conversation_id}/customer",
    status_code=204,
    summary="Say who is logged in at the shop",
    responses=OF_ONE
    | described_errors(
        http_403="`customer_token_invalid`: forged, expired, or valid for more than an hour",
        http_409="`another_customer`: the conversation is with somebody else",
    ),
)
async def show_customer(
    shown: ShowCustomer, conversation_id: OpenedConversation, services: Services
) -> Response:
    """Has the shop vouch again: what a conversation may see wears off (docs/personal-answers.md)."""
    customer_id = await _vouched_for(services, shown.customer_token)
    if customer_id is not None:
        conversation = await services.conversations.get_conversation(conversation_id)
        if conversation.customer_id not in {None, customer_id}:
            raise AnotherCustomerError
        await services.conversations.recognise_customer(conversation_id, customer_id, proof=Proof.SHOP_TOKEN)
    return Response(status_code=204)


@router.post(
    "/{conversation_id}/messages",
    status_code=202,
    response_model=MessageAccepted,
    summary="Send a message or press a button",
    responses=OF_ONE
    | described_errors(
        http_404="`conversation_not_found`; `button_not_found`: not a button of this conversation",
        http_422="`message_empty`, `message_too_long`, `request_invalid`, `json_invalid`",
        http_429="`too_many_messages`; see `Retry-After`",
    ),
)
async def send_message(
    sent: SendMessage, conversation_id: OpenedConversation, services: Services
) -> JSONResponse:
    """Stores the message, then answers; the reply comes over the socket or with the next GET."""
    wait_s = services.message_limit.take(conversation_id)
    if wait_s:
        raise TooManyMessagesError(wait_s)
    recorded = await _record(services, conversation_id, sent)
    services.turns.submit(conversation_id)
    return JSONResponse(accepted_json(recorded), 202)


@router.get(
    "/{conversation_id}/messages",
    response_model=MessageList,
    summary="Read messages",
    responses=OF_ONE,
)
async def list_messages(
    conversation_id: OpenedConversation, services: Services, after: After = 0
) -> JSONResponse:
    """Messages with a higher sequence number than `after`, oldest first, at most 500."""
    page = await services.conversations.list_messages(conversation_id, after=after)
    beside = await find_beside(services, conversation_id, page)
    continues_in = [] if services.telegram_name is None else ["telegram"]
    return JSONResponse({**page_json(page, beside.standing, beside.names), "continues_in": continues_in})


@router.put("/{conversation_id}/read", status_code=204, summary="Say how far one has read", responses=OF_ONE)
async def note_read(read: ReadUpTo, conversation_id: OpenedConversation, services: Services) -> Response:
    """What the customer has had in front of them, for the agent to see; what was read stays read."""
    await services.conversations.note_read(conversation_id, read.sequence, by=Author.CUSTOMER)
    return Response(status_code=204)


async def _vouched_for(services: GatewayServices, customer_token: str | None) -> int | None:
    """Whom the shop's token names. A customer we do not know yet is a visitor like any other."""
    if customer_token is None:
        return None
    external_id = services.customer_tokens.read(customer_token)
    customer = await services.customers.find_by_external_id(external_id)
    return None if customer is None else customer.id


async def _record(
    services: GatewayServices, conversation_id: ConversationId, sent: SendMessage
) -> RecordedMessage:
    if sent.button_id is not None:
        return await services.conversations.record_button_press(
            conversation_id, sent.button_id, client_message_id=sent.client_message_id
        )
    return await services.conversations.record_customer_message(
        conversation_id, sent.text or "", client_message_id=sent.client_message_id
    )
