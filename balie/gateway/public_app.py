"""The public app: the API, the socket and the pages, behind the layers that protect them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.middleware import Middleware

from balie.gateway import (
    agent_routes,
    basket_routes,
    card_routes,
    chatwoot_routes,
    continuation_routes,
    conversation_routes,
    demo_agent_routes,
    demo_checkout_routes,
    demo_mail_routes,
    demo_product_routes,
    demo_routes,
    desk_agent_routes,
    desk_card_routes,
    desk_live,
    desk_message_routes,
    desk_overview_routes,
    desk_recommendation_routes,
    desk_routes,
    desk_session_routes,
    desk_step_routes,
    document_routes,
    event_routes,
    health_routes,
    link_routes,
    live,
    metrics_routes,
    photo_routes,
    product_routes,
    telegram_routes,
    webhook_channel_routes,
    webhook_desk_routes,
)
from balie.gateway.desk_services import DeskServices
from balie.gateway.middleware import BodyLimit, OriginGate, SecurityHeaders
from balie.gateway.pages import STATIC_DIR, add_pages
from balie.gateway.services import GatewayServices
from balie.gateway.translation import translate_errors

API_VERSION: Final = "1.0"

DESCRIPTION: Final = """\
Conversations between customers and the assistant.

Open a conversation, keep its `id` and `token`, send messages with ids of your own making, and read what is
new by sequence number: with `GET …/messages?after=N`, or as it comes over the websocket
`/api/v1/conversations/{id}/live?after=N` (sub-protocols `balie.v1` and `token.<token>`; events `message`,
`typing`, `status`, `basket`, `pong`, `error`). Nothing that was answered with 202 is lost, nothing sent
twice is kept twice.

Every error is `{"error": {"code", "message"}}`.
"""


def create_public_app(services: GatewayServices, *, static_dir: Path = STATIC_DIR) -> FastAPI:
    """Build the app that everybody may reach.

    Args:
        services: Everything behind the routes.
        static_dir: Where the built web assets lie.
    """
    app = FastAPI(
        title="Balie",
        version=API_VERSION,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(OriginGate, allowed_origins=services.settings.allowed_origins),
            Middleware(BodyLimit, photo_megabytes=services.settings.photo_max_megabytes),
        ],
    )
    app.state.services = services
    translate_errors(app)
    app.include_router(conversation_routes.router)
    app.include_router(continuation_routes.router)
    app.include_router(photo_routes.router)
    app.include_router(basket_routes.router)
    app.include_router(card_routes.router)
    app.include_router(product_routes.router)
    app.include_router(live.router)
    app.include_router(agent_routes.router)
    app.include_router(document_routes.router)
    app.include_router(link_routes.router)
    app.include_router(health_routes.router)
    app.include_router(metrics_routes.router)
    _add_desk(app, services.desk)
    if services.events is not None:
        app.include_router(event_routes.router)
    if services.channels is not None:
        app.include_router(chatwoot_routes.router)
        app.include_router(webhook_desk_routes.router)
        app.include_router(webhook_channel_routes.router)
        app.include_router(telegram_routes.router)
    if services.settings.demo:
        app.include_router(demo_routes.router)
        if services.catalogue is not None:
            app.include_router(demo_product_routes.router)
        app.include_router(demo_mail_routes.router)
        app.include_router(demo_checkout_routes.router)
        app.include_router(demo_agent_routes.router)
    add_pages(app, static_dir=static_dir)
    return app


def _add_desk(app: FastAPI, desk: DeskServices | None) -> None:
    if desk is None:
        return
    app.include_router(desk_session_routes.router)
    app.include_router(desk_agent_routes.router)
    if desk.hub is not None:
        app.include_router(desk_routes.router)
        app.include_router(desk_step_routes.router)
        app.include_router(desk_message_routes.router)
        app.include_router(desk_live.router)
    if desk.in_hand is not None:
        app.include_router(desk_card_routes.router)
    if desk.numbers is not None:
        app.include_router(desk_overview_routes.router)
    if desk.figures is not None:
        app.include_router(desk_recommendation_routes.router)
