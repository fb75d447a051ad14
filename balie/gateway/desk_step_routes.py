"""What agents do with conversations: take them, pass them on, put them aside, end them."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from balie.agents.permissions import Permission
from balie.agents.views import AgentView
from balie.gateway.conversation_routes import described_errors
from balie.gateway.desk_access import DESK_PATH, Handler, permitted
from balie.gateway.desk_floor import Floor, OfFloor
from balie.gateway.desk_item_schemas import (
    ConversationItemShape,
    ResolveWish,
    ReturnWish,
    SnoozeWish,
    StepWish,
    TransferWish,
)
from balie.gateway.desk_routes import UNKNOWN
from balie.gateway.desk_session_routes import OF_CHANGES
from balie.gateway.wire import Json
from balie.kernel.ids import ConversationId

_MOVED_ON: Final = described_errors(
    http_404="`conversation_not_found`; `handoff_not_found`: it is with nobody, and waits for nobody",
    http_409="`handoff_moved_on`: something happened since `as_of`, or this cannot be done with it now",
)
_OF_OWNER: Final = (
    OF_CHANGES
    | _MOVED_ON
    | described_errors(http_403="`not_your_conversation`: somebody else has it; `request_forged`")
)
_OF_TAKING: Final = described_errors(
    http_409="`handoff_taken`: `data.agent` was faster; `no_room`: one has enough; `handoff_moved_on`"
)
_OF_PASSING: Final = described_errors(
    http_404="`conversation_not_found`; `handoff_not_found`; `team_not_found`",
    http_409="`agent_not_available`: not at work; `handoff_moved_on`",
)
_FOR_LEADS: Final = described_errors(http_403="`not_permitted`: only leads; `request_forged`")

router = APIRouter(prefix=f"{DESK_PATH}/conversations/{{conversation_id}}", tags=["desk"])


class _Taker:
    """Who wants to do something with which conversation; they reach it."""

    def __init__(self, conversation_id: ConversationId, agent: AgentView, floor: Floor) -> None:
        self.id = conversation_id
        self.agent = agent
        self.floor = floor
        self.handoffs = floor.handoffs

    async def show(self) -> JSONResponse:
        """The conversation as it stands now."""
        return JSONResponse(await self._item())

    async def _item(self) -> Json:
        return await self.floor.show(self.id)


async def _taker(conversation_id: UUID, agent: Handler, floor: OfFloor) -> _Taker:
    known = ConversationId(conversation_id)
    await floor.item_reached_by(agent, known)
    return _Taker(known, agent, floor)


Taker = Annotated[_Taker, Depends(_taker)]


@router.post(
    "/accept",
    response_model=ConversationItemShape,
    summary="Take a customer",
    responses=OF_CHANGES | _MOVED_ON | _OF_TAKING,
)
async def accept(taker: Taker, wish: StepWish | None = None) -> JSONResponse:
    """Of two who want the same customer, one gets them; whoever has them already keeps them."""
    await taker.handoffs.accept(taker.id, taker.agent.id, as_of=_as_of(wish))
    return await taker.show()


@router.post(
    "/decline",
    response_model=ConversationItemShape,
    summary="Let somebody else have what is offered",
    responses=OF_CHANGES | _MOVED_ON | _OF_TAKING,
)
async def decline(taker: Taker, wish: StepWish | None = None) -> JSONResponse:
    """It is offered to a colleague at once, and not to oneself again."""
    await taker.handoffs.decline(taker.id, taker.agent.id, as_of=_as_of(wish))
    return await taker.show()


@router.post(
    "/transfer",
    response_model=ConversationItemShape,
    summary="Pass a conversation on",
    responses=_OF_OWNER | _OF_PASSING,
)
async def transfer(wish: TransferWish, taker: Taker) -> JSONResponse:
    """To a team's queue, or to one colleague who is offered it; the customer is told."""
    if wish.team is not None:
        await taker.handoffs.transfer_to_team(
            taker.id, taker.agent.id, wish.team, wish.note, as_of=wish.as_of
        )
    if wish.agent_id is not None:
        await taker.handoffs.transfer_to_agent(
            taker.id, taker.agent.id, wish.agent_id, wish.note, as_of=wish.as_of
        )
    return await taker.show()


@router.post(
    "/take-over",
    response_model=ConversationItemShape,
    summary="Take a conversation from a colleague",
    responses=OF_CHANGES | _MOVED_ON | _FOR_LEADS,
    dependencies=[permitted(Permission.TAKE_OVER)],
)
async def take_over(taker: Taker, wish: StepWish | None = None) -> JSONResponse:
    """For leads; the customer is told who it is from now on."""
    await taker.handoffs.take_over(taker.id, taker.agent.id, as_of=_as_of(wish))
    return await taker.show()


@router.post(
    "/snooze",
    response_model=ConversationItemShape,
    summary="Put a conversation aside",
    responses=_OF_OWNER | described_errors(http_422="`snooze_invalid`: no moment in the next 30 days"),
)
async def snooze(wish: SnoozeWish, taker: Taker) -> JSONResponse:
    """It comes back by itself then, and as soon as the customer writes."""
    await taker.handoffs.snooze(taker.id, taker.agent.id, wish.until, as_of=wish.as_of)
    return await taker.show()


@router.post("/wake", response_model=ConversationItemShape, summary="Take it up again", responses=_OF_OWNER)
async def wake(taker: Taker, wish: StepWish | None = None) -> JSONResponse:
    """What was put aside."""
    await taker.handoffs.wake(taker.id, taker.agent.id, as_of=_as_of(wish))
    return await taker.show()


@router.post(
    "/resolve", response_model=ConversationItemShape, summary="End a conversation", responses=_OF_OWNER
)
async def resolve(wish: ResolveWish, taker: Taker) -> JSONResponse:
    """The customer is asked, once, how it went."""
    await taker.handoffs.resolve(taker.id, taker.agent.id, wish.code, wish.note, as_of=wish.as_of)
    return await taker.show()


@router.post(
    "/return",
    response_model=ConversationItemShape,
    summary="Give a conversation back to the assistant",
    responses=_OF_OWNER,
)
async def give_back(taker: Taker, wish: ReturnWish | None = None) -> JSONResponse:
    """The assistant knows where it was, and tells the customer that it goes on."""
    wish = wish or ReturnWish()
    await taker.handoffs.return_to_assistant(
        taker.id, taker.agent.id, wish.note, solved=wish.solved, as_of=wish.as_of
    )
    return await taker.show()


@router.post(
    "/listen",
    response_model=ConversationItemShape,
    summary="Listen to what a colleague has",
    responses=OF_CHANGES | UNKNOWN | _FOR_LEADS,
    dependencies=[permitted(Permission.LISTEN)],
)
async def listen(taker: Taker, _wish: StepWish | None = None) -> JSONResponse:
    """Written down as a note that colleagues see, once an hour; the customer notices nothing."""
    await taker.handoffs.note_listening(taker.id, taker.agent)
    return await taker.show()


def _as_of(wish: StepWish | None) -> int | None:
    return None if wish is None else wish.as_of
