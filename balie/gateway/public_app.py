"""The public app: the API, the socket and the pages, behind the layers that protect them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.middleware import Middleware

from balie.gateway import (
    agent_routes,
    basket_routes,
    conversation_routes,
    demo_checkout_routes,
    demo_mail_routes,
    demo_routes,
    document_routes,
    health_routes,
    link_routes,
    live,
    photo_routes,
)
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
    app.include_router(photo_routes.router)
    app.include_router(basket_routes.router)
    app.include_router(live.router)
    app.include_router(agent_routes.router)
    app.include_router(document_routes.router)
    app.include_router(link_routes.router)
    app.include_router(health_routes.router)
    if services.settings.demo:
        app.include_router(demo_routes.router)
        app.include_router(demo_mail_routes.router)
        app.include_router(demo_checkout_routes.router)
    add_pages(app, static_dir=static_dir)
    return app
