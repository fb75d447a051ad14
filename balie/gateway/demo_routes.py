"""Logins of the demo shop. Only there with ``BALIE_DEMO``: a real shop signs its tokens itself."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from balie.gateway.errors import CustomerUnknownError
from balie.gateway.schemas import DemoCustomerToken, DemoLogin, ErrorAnswer
from balie.gateway.services import Services

router = APIRouter(prefix="/demo", tags=["demo shop"])


@router.post(
    "/customer-token",
    response_model=DemoCustomerToken,
    summary="Log in at the demo shop",
    responses={404: {"model": ErrorAnswer, "description": "`customer_not_found`"}},
)
async def sign_customer_token(login: DemoLogin, services: Services) -> JSONResponse:
    """Signs what the shop's own server would sign for a customer who is logged in."""
    if await services.customers.find_by_external_id(login.external_id) is None:
        raise CustomerUnknownError
    return JSONResponse({"customer_token": services.customer_tokens.issue(login.external_id)})
