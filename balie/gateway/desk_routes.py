"""What agents look at: the queue, lists of conversations, and one conversation with everything said in it."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime
from starlette.responses import Response

from balie.agents.errors import NotPermittedError
from balie.agents.permissions import Permission, may
from balie.conversations.views import Author
from balie.gateway.conversation_routes import After, described_errors
from balie.gateway.desk_access import DESK_PATH, Handler
from balie.gateway.desk_floor import OfFloor
from balie.gateway.desk_item_schemas import ConversationList, ConversationPage, Queue
from balie.gateway.desk_item_wire import (
    desk_message_json,
    event_json,
    note_json,
    queue_item_json,
    timed,
)
from balie.gateway.desk_session_routes import DESK_ERRORS, OF_CHANGES
from balie.gateway.desk_sight import is_overheard, looker_of
from balie.gateway.photo_routes import PHOTO_ANSWERS, photo_answer
from balie.gateway.schemas import ReadUpTo
from balie.gateway.services import Services
from balie.handoff.board import View
from balie.kernel.ids import ConversationId, PhotoId

UNKNOWN: Final = described_errors(
    http_404="`conversation_not_found`: there is none, no person was ever wanted in it, or it is not for you"
)

_OF_LEADS: Final = frozenset({View.TEAM, View.ALL})

router = APIRouter(prefix=DESK_PATH, tags=["desk"])


class _Sought:
    """Which conversations of a view are wanted."""

    def __init__(
        self,
        view: View = View.MINE,
        team: Annotated[str | None, Query(max_length=60)] = None,
        q: Annotated[str | None, Query(max_length=200, description="Words that stand in them.")] = None,
        before: Annotated[
            AwareDatetime | None, Query(description="Of ended ones: those that ended before this moment.")
        ] = None,
    ) -> None:
        self.view = view
        self.team = team
        self.words = (q or "").split()
        self.before = before


Sought = Annotated[_Sought, Depends()]


@router.get("/queue", response_model=Queue, summary="Look at the queue", responses=DESK_ERRORS)
async def show_queue(agent: Handler, floor: OfFloor) -> JSONResponse:
    """Everybody who waits for one's teams, the most urgent first, and why; leads see all teams."""
    waiting = await floor.board.list_view(View.QUEUE, looker_of(agent))
    now = floor.clock()
    items = [timed(queue_item_json(item), item, now) for item in waiting]
    return JSONResponse({"items": items, "waiting": len(items)})


@router.get(
    "/conversations",
    response_model=ConversationList,
    summary="List conversations",
    responses=DESK_ERRORS | described_errors(http_403="`not_permitted`: `team` and `all` are for leads"),
)
async def list_conversations(sought: Sought, agent: Handler, floor: OfFloor) -> JSONResponse:
    """One's own, those put aside, promised something, or ended; for leads everybody's."""
    if sought.view in _OF_LEADS and not may(agent.role, Permission.SEE_ALL):
        raise NotPermittedError(Permission.SEE_ALL)
    found = await floor.board.list_view(
        sought.view, looker_of(agent), team=sought.team, words=sought.words, before=sought.before
    )
    return JSONResponse({"items": [await floor.item_json(item) for item in found]})


@router.get(
    "/conversations/{conversation_id}",
    response_model=ConversationPage,
    summary="Read a conversation",
    responses=DESK_ERRORS | UNKNOWN,
)
async def read_conversation(
    conversation_id: UUID, agent: Handler, floor: OfFloor, services: Services, after: After = 0
) -> JSONResponse:
    """Messages after `after`, oldest first, at most 500, with every note and every step.

    Whoever reads along with what a colleague has is noted, once an hour.
    """
    known = ConversationId(conversation_id)
    # Messages first: whoever has a message has the notes, and the steps, that were there before it.
    page = await services.conversations.list_messages(known, after=after)
    notes = await floor.handoffs.list_notes(known)
    events = await floor.handoffs.list_events(known)
    item = await floor.item_seen_by(agent, known)
    if is_overheard(agent, item):
        await floor.handoffs.note_listening(known, agent)
    people = [each.agent_id for group in (page.messages, notes, events) for each in group]
    names = await floor.names.of(people)
    answer = {
        "item": await floor.item_json(item),
        "messages": [desk_message_json(message, names) for message in page.messages],
        "notes": [note_json(note, names) for note in notes],
        "events": [event_json(event, names) for event in events],
        "last_sequence": page.last_sequence,
        "read": {"customer": item.customer_read, "agent": item.agent_read},
        "number": item.number,
    }
    return JSONResponse(answer)


@router.get(
    "/conversations/{conversation_id}/photos/{photo_id}",
    response_class=Response,
    summary="Look at a photo",
    responses=DESK_ERRORS
    | described_errors(http_404="`conversation_not_found`; `photo_not_found`: not of this conversation")
    | PHOTO_ANSWERS,
)
async def show_photo(
    conversation_id: UUID, photo_id: UUID, agent: Handler, floor: OfFloor, services: Services
) -> Response:
    """The photo as a JPEG, for whoever may read the conversation."""
    known = ConversationId(conversation_id)
    await floor.item_seen_by(agent, known)
    return photo_answer(await services.conversations.get_photo(known, PhotoId(photo_id)))


@router.put(
    "/conversations/{conversation_id}/read",
    status_code=204,
    summary="Say how far one has read",
    responses=OF_CHANGES | UNKNOWN,
)
async def note_read(
    read: ReadUpTo, conversation_id: UUID, agent: Handler, floor: OfFloor, services: Services
) -> Response:
    """The customer sees it, so it counts only for whoever has the conversation."""
    item = await floor.item_seen_by(agent, ConversationId(conversation_id))
    if item.handoff.is_of(agent.id):
        await services.conversations.note_read(item.handoff.conversation_id, read.sequence, by=Author.AGENT)
    return Response(status_code=204)
