"""What agents read of conversations: the messages with how they feel, and the mood that they add up to.

Customers see none of it: their own API has no field for it.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.responses import Response

from balie.assistant.manners import MoodReport, report_mood
from balie.conversations.views import Message
from balie.gateway.access import Agent
from balie.gateway.agent_schemas import AgentMessageList, MoodShape
from balie.gateway.conversation_routes import After, described_errors
from balie.gateway.photo_routes import PHOTO_ANSWERS, photo_answer
from balie.gateway.services import Services
from balie.gateway.wire import Json, agent_page_json
from balie.kernel.ids import ConversationId, PhotoId

_ERRORS = described_errors(
    http_401="`agent_token_invalid`: missing, forged or expired",
    http_404="`conversation_not_found`",
    http_422="`request_invalid`",
    http_503="`store_unavailable`: try again",
)

router = APIRouter(prefix="/api/v1/agent/conversations", tags=["agents"])


@router.get(
    "/{conversation_id}/messages", response_model=AgentMessageList, summary="Read messages", responses=_ERRORS
)
async def list_messages(
    conversation_id: UUID, _agent: Agent, services: Services, after: After = 0
) -> JSONResponse:
    """Messages with a higher sequence number than `after`, oldest first, at most 500, with emotions."""
    page = await services.conversations.list_messages(ConversationId(conversation_id), after=after)
    return JSONResponse(agent_page_json(page))


@router.get(
    "/{conversation_id}/photos/{photo_id}",
    response_class=Response,
    summary="Look at a photo",
    responses=_ERRORS | described_errors(http_404="`photo_not_found`") | PHOTO_ANSWERS,
)
async def show_photo(conversation_id: UUID, photo_id: UUID, _agent: Agent, services: Services) -> Response:
    """The photo as a JPEG."""
    photo = await services.conversations.get_photo(ConversationId(conversation_id), PhotoId(photo_id))
    return photo_answer(photo)


@router.get("/{conversation_id}/mood", response_model=MoodShape, summary="Read the mood", responses=_ERRORS)
async def read_mood(conversation_id: UUID, _agent: Agent, services: Services) -> JSONResponse:
    """How the customer has been feeling, the message that moved it most, and what it calls for."""
    conversation = await services.conversations.get_conversation(ConversationId(conversation_id))
    report = report_mood(await services.conversations.list_past(conversation.id))
    moved_by = report.mood.moved_by
    message = (
        None if moved_by is None else await services.conversations.get_message(conversation.id, moved_by)
    )
    return JSONResponse(_mood_json(report, message))


def _mood_json(report: MoodReport, moved_by: Message | None) -> Json:
    mood, stance = report.mood, report.stance
    return {
        "leading": mood.leading,
        "strength": round(mood.strength, 4),
        "strengths": {emotion: round(strength, 4) for emotion, strength in mood.strengths.items()},
        "angry_turns": mood.angry_turns,
        "confused_turns": mood.confused_turns,
        "turns_since_anger": mood.turns_since_anger,
        "moved_by": None if moved_by is None else _moved_by_json(moved_by),
        "stance": {
            "allows_offers": stance.allows_offers,
            "invites": stance.invites,
            "is_brief": stance.is_brief,
            "offers_person": stance.offers_person,
            "priority": stance.priority.value,
        },
    }


def _moved_by_json(message: Message) -> Json:
    return {"message_id": str(message.id), "sequence": message.sequence, "text": message.text}
