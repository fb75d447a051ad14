"""The basket of a conversation, for the shop's own page: what lies in it, how many, and discount codes.

Ordering it is the shop's affair: its checkout begins at ``checkout_url``.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse

from balie.assistant.basket_owner import owner_of
from balie.baskets.errors import BasketRefusedError, code_error
from balie.baskets.outcomes import Refused
from balie.baskets.views import BasketView, Owner
from balie.gateway.access import OpenedConversation
from balie.gateway.basket_schemas import BasketShape, EnteredCode, LineQuantity
from balie.gateway.basket_wire import basket_json
from balie.gateway.conversation_routes import OF_ONE, described_errors
from balie.gateway.errors import TooManyBasketChangesError
from balie.gateway.services import GatewayServices, Services

router = APIRouter(prefix="/api/v1/conversations/{conversation_id}/basket", tags=["baskets"])

_CHANGES: Final = OF_ONE | described_errors(http_429="`too_many_basket_changes`; see `Retry-After`")

# Every number that a shop gives its goods, and nothing that a database could choke on.
Sku = Annotated[str, Path(max_length=60, pattern=r"^[ -~]+$", examples=["TENT-2-GREEN"])]


async def _owner(conversation_id: OpenedConversation, services: Services) -> Owner:
    """Whose basket it is.

    Raises:
        ConversationNotFoundError: The conversation has been erased.
    """
    conversation = await services.conversations.get_conversation(conversation_id)
    return owner_of(conversation, now=services.clock())


async def _owner_who_changes(owner: Annotated[Owner, Depends(_owner)], services: Services) -> Owner:
    """The same, if it was not changed too often in the last minute.

    Raises:
        TooManyBasketChangesError: It was.
    """
    wait_s = services.basket_limit.take(owner.conversation_id)
    if wait_s:
        raise TooManyBasketChangesError(wait_s)
    return owner


BasketOwner = Annotated[Owner, Depends(_owner)]
ChangingOwner = Annotated[Owner, Depends(_owner_who_changes)]


@router.get("", response_model=BasketShape, summary="Look into the basket", responses=OF_ONE)
async def read_basket(owner: BasketOwner, services: Services) -> JSONResponse:
    """The basket with today's prices and stock: the customer's, or a stranger's own."""
    return JSONResponse(basket_json(await services.baskets.get_basket(owner)))


@router.put(
    "/lines/{sku:path}",
    response_model=BasketShape,
    summary="Let so many of a variant lie in it",
    responses=_CHANGES
    | described_errors(
        http_404="`conversation_not_found`; `product_not_found`: nothing has this number",
        http_409="`basket_refused`: `data` has the `reason` and how many could be had (`at_most`)",
    ),
)
async def put_line(sku: Sku, wanted: LineQuantity, owner: ChangingOwner, services: Services) -> JSONResponse:
    """Puts it in, or changes how many there are; sending the same again changes nothing."""
    outcome = await services.baskets.change_line(owner, sku, wanted.quantity)
    if isinstance(outcome, Refused):
        raise BasketRefusedError(outcome)
    return _answer(services, owner, outcome.basket)


@router.delete(
    "/lines/{sku:path}", response_model=BasketShape, summary="Take a variant out", responses=_CHANGES
)
async def remove_line(sku: Sku, owner: ChangingOwner, services: Services) -> JSONResponse:
    """Takes it out; what is not in it does not matter."""
    return _answer(services, owner, await services.baskets.remove_line(owner, sku))


@router.put(
    "/discount",
    response_model=BasketShape,
    summary="Enter a discount code",
    responses=_CHANGES
    | described_errors(
        http_409="`code_refused`: `data` has the `reason` and what is missing",
        http_429="`too_many_tries`: ten wrong codes within an hour; `too_many_basket_changes`",
    ),
)
async def apply_discount(entered: EnteredCode, owner: ChangingOwner, services: Services) -> JSONResponse:
    """Enters the code, if it may be used. Unknown codes and blocked ones look the same."""
    outcome = await services.baskets.apply_discount(owner, entered.code)
    if isinstance(outcome, Refused):
        raise code_error(outcome)
    return _answer(services, owner, outcome.basket)


@router.delete("/discount", response_model=BasketShape, summary="Take discount codes out", responses=_CHANGES)
async def remove_discount(
    owner: ChangingOwner,
    services: Services,
    code: Annotated[str | None, Query(max_length=200, description="Only this one; else all.")] = None,
) -> JSONResponse:
    """Takes one code out, or every one."""
    return _answer(services, owner, await services.baskets.remove_discount(owner, code))


def _answer(services: GatewayServices, owner: Owner, basket: BasketView) -> JSONResponse:
    """The basket, and a bell for the other tabs."""
    services.conversations.bell.ring_for_basket(owner.conversation_id)
    return JSONResponse(basket_json(basket))
