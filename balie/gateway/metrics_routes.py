"""Figures for Prometheus: for whoever has the token, or else for this machine only."""

from __future__ import annotations

import hmac
import ipaddress
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from balie.gateway.conversation_routes import described_errors
from balie.gateway.errors import MetricsTokenInvalidError
from balie.gateway.metrics import CONTENT_TYPE
from balie.gateway.services import GatewayServices, Services
from balie.handoff.numbers import Now
from balie.storage.errors import StoreUnavailableError

_FORWARDED: Final = ("x-forwarded-for", "forwarded", "x-real-ip")

router = APIRouter(tags=["operation"])


@router.get(
    "/metrics",
    response_class=Response,
    summary="Read the counters",
    responses=described_errors(
        http_401="`metrics_token_invalid`: not that of `BALIE_METRICS_TOKEN`, or not this machine"
    )
    | {200: {"content": {"text/plain": {}}, "description": "In the text format of Prometheus"}},
)
async def read_metrics(request: Request, services: Services) -> Response:
    """Turns, handoffs, deliveries, sockets and the database's refusals, as Prometheus reads them."""
    _check(request, services.settings.metrics_token.get_secret_value())
    page = services.measures.page(await _now(services))
    return Response(page, headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})


async def _now(services: GatewayServices) -> Now | None:
    numbers = None if services.desk is None else services.desk.numbers
    try:
        return None if numbers is None else await numbers.now()
    except StoreUnavailableError:
        # The counters matter most just then.
        services.measures.store_failed()
        return None


def _check(request: Request, token: str) -> None:
    if token:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        allowed = scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
    else:
        allowed = _is_this_machine(request)
    if not allowed:
        raise MetricsTokenInvalidError


def _is_this_machine(request: Request) -> bool:
    if any(name in request.headers for name in _FORWARDED):
        return False  # a proxy on this machine asks for somebody else
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
