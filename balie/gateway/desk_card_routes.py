"""What an agent has in hand beside a conversation: the card, canned replies, and the customer's orders."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query
from fastapi.responses import JSONResponse

from balie.gateway.conversation_routes import described_errors
from balie.gateway.desk_access import DESK_PATH, Desk, Handler
from balie.gateway.desk_card_schemas import ActionAnswer, ActionWish, CannedList, CardShape, DeskOrderList
from balie.gateway.desk_card_wire import canned_json, card_json, desk_order_json, offer_json
from balie.gateway.desk_floor import OfFloor
from balie.gateway.desk_session_routes import DESK_ERRORS, OF_CHANGES
from balie.gateway.link_page import spoken_on_page
from balie.handoff.desk_order_views import Asked, DeskAction
from balie.handoff.in_hand import InHand
from balie.kernel.ids import ConversationId

_UNKNOWN = described_errors(http_404="`conversation_not_found`")
_OF_ORDERS = described_errors(
    http_403="`not_your_conversation`; `request_forged`",
    http_404="`conversation_not_found`, `handoff_not_found`: it is with nobody; `order_not_found`",
    http_409="`change_refused`: `data.reason` is a code, `data.text` says it; `change_key_taken`",
)

OrderNumber = Annotated[str, Path(max_length=40)]
Language = Annotated[str | None, Query(max_length=8)]

router = APIRouter(prefix=DESK_PATH, tags=["desk"])


async def _in_hand_of(desk: Desk) -> InHand:
    assert desk.in_hand is not None  # without it, none of these routes is there
    return desk.in_hand


Hand = Annotated[InHand, Depends(_in_hand_of)]


class Asking:
    """Who asks for something in which conversation."""

    def __init__(self, conversation_id: UUID, agent: Handler, in_hand: Hand) -> None:
        self.conversation_id = conversation_id
        self.agent = agent
        self.in_hand = in_hand


WhoAsks = Annotated[Asking, Depends()]


async def _page_language(
    agent: Handler, desk: Desk, accept_language: Annotated[str, Header()] = ""
) -> str | None:
    own = next((language for language in agent.languages if language in desk.languages), None)
    return spoken_on_page(accept_language, desk.languages, own or "") or None


PageLanguage = Annotated[str | None, Depends(_page_language)]
"""The language that the agent reads the desk in, else the first of their own; None: the shop's own."""


@router.get(
    "/conversations/{conversation_id}/card",
    response_model=CardShape,
    summary="Read the card",
    responses=DESK_ERRORS | _UNKNOWN,
)
async def read_card(asked: WhoAsks, desk: Desk, floor: OfFloor, read_in: PageLanguage) -> JSONResponse:
    """Who it is, what they want, how they feel, what was tried, and what could be done next."""
    conversation_id = ConversationId(asked.conversation_id)
    await floor.item_seen_by(asked.agent, conversation_id)
    card = await asked.in_hand.card.build(conversation_id, asked.agent, read_in=read_in)
    advice = None if desk.advice is None else await desk.advice.build(conversation_id, read_in)
    return JSONResponse(card_json(card, advice))


@router.get(
    "/canned", response_model=CannedList, summary="List canned replies", responses=DESK_ERRORS | _UNKNOWN
)
async def list_canned(
    agent: Handler,
    in_hand: Hand,
    floor: OfFloor,
    language: Language = None,
    conversation_id: UUID | None = None,
) -> JSONResponse:
    """In one language, with the gaps filled in for a conversation."""
    known = None if conversation_id is None else ConversationId(conversation_id)
    if known is not None:
        await floor.item_seen_by(agent, known)
    replies = await in_hand.canned.list_for(known, agent, language=language)
    return JSONResponse({"items": [canned_json(reply) for reply in replies]})


@router.get(
    "/conversations/{conversation_id}/orders",
    response_model=DeskOrderList,
    summary="List the customer's orders",
    responses=DESK_ERRORS | _UNKNOWN,
)
async def list_orders(
    conversation_id: UUID, agent: Handler, in_hand: Hand, floor: OfFloor, language: PageLanguage
) -> JSONResponse:
    """Newest first, each with what may be done with it; empty while nobody is known."""
    await floor.item_seen_by(agent, ConversationId(conversation_id))
    orders = await in_hand.orders.list_orders(ConversationId(conversation_id), language=language)
    return JSONResponse({"orders": [desk_order_json(order, language) for order in orders]})


@router.post(
    "/conversations/{conversation_id}/orders/{number}/{action}",
    response_model=ActionAnswer,
    response_model_exclude_unset=True,
    summary="Do something with an order",
    responses=OF_CHANGES | _OF_ORDERS,
)
async def act_on_order(
    number: OrderNumber,
    action: DeskAction,
    wish: ActionWish,
    language: PageLanguage,
    asking: WhoAsks,
) -> JSONResponse:
    """Says what would happen; with `confirm`, does it once."""
    asked = Asked(
        conversation_id=ConversationId(asking.conversation_id),
        agent_id=asking.agent.id,
        order_number=number,
        action=action,
        language=language,
    )
    if not wish.confirm or wish.client_action_id is None:
        return JSONResponse({"offer": offer_json(await asking.in_hand.orders.preview(asked))})
    text = await asking.in_hand.orders.do(asked, wish.client_action_id, offer_id=wish.offer_id)
    return JSONResponse({"done": True, "text": text})
