"""The checkout page of the simulated payment provider. Only there with ``BALIE_DEMO``.

It stands for somebody else's page: whoever has the link may pay, and no money moves.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Header
from starlette.responses import RedirectResponse, Response

from balie.gateway.link_page import PageWords, answer_with, draw_page, spoken_on_page
from balie.gateway.services import GatewayServices, Services
from balie.orders.kinds import PaymentFailure
from balie.payments.kinds import ProviderState
from balie.payments.simulated import CHECKOUT_PATH, Checkout

_NAMES: Final = {
    ProviderState.OPEN: "open",
    ProviderState.PAID: "paid",
    ProviderState.FAILED: "failed",
    ProviderState.EXPIRED: "over",
    ProviderState.CANCELLED: "over",
}

AcceptLanguage = Annotated[str, Header()]

router = APIRouter(prefix=CHECKOUT_PATH, include_in_schema=False)


@router.get("/{provider_id}")
async def show_checkout(
    provider_id: str, services: Services, accept_language: AcceptLanguage = ""
) -> Response:
    """What is to be paid, and two buttons: pay, and let it fail; or how it ended."""
    checkout = services.checkout
    shown = None if checkout is None else await checkout.show_checkout(provider_id)
    page = draw_page(services.papers.renderer, _language(services, accept_language), _words(shown))
    return answer_with(page, 404 if shown is None else 200)


@router.post("/{provider_id}/paid")
async def pay(provider_id: str, services: Services) -> Response:
    """Pay, and see what that looks like; pressing it again pays nothing again."""
    return await _decide(services, provider_id, None)


@router.post("/{provider_id}/failed")
async def let_fail(provider_id: str, services: Services) -> Response:
    """Let the bank say no."""
    return await _decide(services, provider_id, PaymentFailure.CARD_DECLINED)


async def _decide(services: GatewayServices, provider_id: str, failure: PaymentFailure | None) -> Response:
    checkout = services.checkout
    if checkout is not None and await checkout.decide(provider_id, failure=failure) is not None:
        services.ring_outgoing()
    return RedirectResponse(f"{CHECKOUT_PATH}/{provider_id}", 303, headers={"Cache-Control": "no-store"})


def _words(shown: Checkout | None) -> PageWords:
    if shown is None:
        return PageWords(title="checkout_unknown_title", text="checkout_unknown")
    payment = shown.payment
    name, address = f"checkout_{_NAMES[payment.state]}", f"{CHECKOUT_PATH}/{payment.provider_id}"
    is_open = payment.state is ProviderState.OPEN
    return PageWords(
        title=f"{name}_title",
        text=name,
        actions={f"{address}/paid": "checkout_pay", f"{address}/failed": "checkout_fail"} if is_open else {},
        facts={"amount": payment.amount.minor_units, "description": shown.description},
    )


def _language(services: GatewayServices, accept_language: str) -> str:
    library = services.papers.renderer.library
    return spoken_on_page(accept_language, library.languages, library.default_language)
