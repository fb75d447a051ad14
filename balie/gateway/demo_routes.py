"""The customers of the demo shop. Only there with ``BALIE_DEMO``: a real shop signs its tokens itself."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from balie.gateway.errors import CustomerUnknownError
from balie.gateway.schemas import DemoCustomerShape, DemoCustomerToken, DemoLogin, ErrorAnswer
from balie.gateway.services import Services
from balie.orders.demo import DemoCustomer, list_demo_customers

router = APIRouter(prefix="/demo", tags=["demo shop"])


@router.get("/customers", response_model=list[DemoCustomerShape], summary="Who can be tried out")
async def list_customers(services: Services) -> JSONResponse:
    """The named customers of the demo shop, as far as they are in the store."""
    found = [
        _customer_json(customer)
        for customer in list_demo_customers()
        if await services.customers.find_by_external_id(customer.external_id) is not None
    ]
    return JSONResponse(found)


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


def _customer_json(customer: DemoCustomer) -> dict[str, object]:
    return {
        "external_id": customer.external_id,
        "name": f"{customer.first_name} {customer.last_name}",
        "description": customer.story,
        "order_number": customer.order_number,
        "email": customer.email,
        "postcode": customer.postcode,
    }
