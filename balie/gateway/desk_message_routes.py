"""What agents say: messages and photos for the customer, notes for each other."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from balie.gateway.conversation_routes import described_errors
from balie.gateway.desk_access import DESK_PATH, Handler
from balie.gateway.desk_floor import OfFloor
from balie.gateway.desk_item_schemas import AgentMessageWish, DeskMessageAccepted, NoteShape, NoteWish
from balie.gateway.desk_item_wire import desk_accepted_json, note_json
from balie.gateway.desk_routes import UNKNOWN
from balie.gateway.desk_session_routes import OF_CHANGES
from balie.gateway.photo_routes import PHOTO_BODY, read_photo
from balie.gateway.services import Services
from balie.handoff.errors import NotYourConversationError
from balie.kernel.ids import ConversationId

_OF_SAYING: Final[dict[int | str, dict[str, Any]]] = OF_CHANGES | described_errors(
    http_403="`not_your_conversation`: somebody else has it; `request_forged`",
    http_404="`conversation_not_found`; `handoff_not_found`: it is with nobody, and waits for nobody",
    http_422="`message_empty`, `message_too_long`; `request_invalid`, `json_invalid`",
)

router = APIRouter(prefix=f"{DESK_PATH}/conversations/{{conversation_id}}", tags=["desk"])


@router.post(
    "/messages",
    status_code=202,
    response_model=DeskMessageAccepted,
    summary="Write to the customer",
    responses=_OF_SAYING,
)
async def send_message(
    wish: AgentMessageWish, conversation_id: UUID, agent: Handler, floor: OfFloor
) -> JSONResponse:
    """For whoever has the conversation; what was put aside is taken up again with it."""
    item = await floor.item_reached_by(agent, ConversationId(conversation_id))
    recorded = await floor.handoffs.record_agent_message(
        item.handoff.conversation_id, agent.id, wish.text, client_message_id=wish.client_message_id
    )
    names = await floor.names.of([agent.id])
    return JSONResponse(desk_accepted_json(recorded, names), 202)


@router.post(
    "/photos",
    status_code=202,
    response_model=DeskMessageAccepted,
    summary="Send the customer a photo",
    openapi_extra=PHOTO_BODY,
    responses=_OF_SAYING
    | described_errors(
        http_413="`photo_too_large`: more than 10 MB by default",
        http_422="`photo_unreadable`: no JPEG, PNG or WebP; `photo_unfinished`; `request_invalid`",
    ),
)
async def send_photo(  # noqa: PLR0913, PLR0917 (FastAPI hands each part of a request over by itself)
    request: Request,
    conversation_id: UUID,
    agent: Handler,
    floor: OfFloor,
    services: Services,
    client_message_id: Annotated[UUID, Query(description="As for a message: sending it again is harmless.")],
) -> JSONResponse:
    """Drawn afresh like a customer's: nothing of where and with what it was taken leaves the house."""
    item = await floor.item_reached_by(agent, ConversationId(conversation_id))
    if not item.handoff.is_of(agent.id):
        raise NotYourConversationError
    async with services.photo_places:
        photo = await services.conversations.redraw_photo(await read_photo(request))
        recorded = await floor.handoffs.record_agent_photo(
            item.handoff.conversation_id, agent.id, photo, client_message_id=client_message_id
        )
    names = await floor.names.of([agent.id])
    return JSONResponse(desk_accepted_json(recorded, names), 202)


@router.post(
    "/notes",
    status_code=201,
    response_model=NoteShape,
    summary="Write a note for colleagues",
    responses=OF_CHANGES
    | UNKNOWN
    | described_errors(
        http_422="`message_empty`, `message_too_long`: more than 4,000 characters; `request_invalid`"
    ),
)
async def write_note(wish: NoteWish, conversation_id: UUID, agent: Handler, floor: OfFloor) -> JSONResponse:
    """Whoever reads the conversation at the desk sees it, and so does the next agent; the customer never."""
    item = await floor.item_seen_by(agent, ConversationId(conversation_id))
    note = await floor.handoffs.record_note(
        item.handoff.conversation_id, agent.id, wish.text, note_id=wish.client_note_id
    )
    return JSONResponse(note_json(note, await floor.names.of([note.agent_id])), 201)
