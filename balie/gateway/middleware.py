"""Plain ASGI layers around the public app: who may ask from where, how much, and what browsers must obey."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from balie.gateway.errors import BodyTooLargeError
from balie.gateway.translation import error_answer

MAX_BODY_BYTES: Final = 64 * 1024
MEGABYTE: Final = 1_000_000
MAX_HOOK_BYTES: Final = MEGABYTE
"""Other people's systems send what they send: a message over there may have 150,000 characters."""

MAX_EVENT_WITH_PHOTO_BYTES: Final = 8 * MEGABYTE
"""A provider's event may hold a photo of 5 MB, in base64."""

_PHOTOS_PATH: Final = re.compile(r"/api/v1/(?:desk/)?conversations/[^/]+/photos")

GATED_PATHS: Final = ("/api/", "/demo/agents", "/demo/customer", "/demo/mail", "/demo/pay")

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # styles inside the widget's shadow root are inline
        "img-src 'self' data: blob:",  # a customer's photos are fetched with their token
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

_COMMON_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_PREFLIGHT_HEADERS: Final = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
}


class SecurityHeaders:
    """Adds what browsers must obey to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _add_headers(headers: MutableHeaders, path: str) -> None:
    for name, value in _COMMON_HEADERS.items():
        headers.setdefault(name, value)
    if headers.get("content-type", "").startswith("text/html"):
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    if path.startswith(GATED_PATHS):
        headers.setdefault("Cache-Control", "no-store")


class OriginGate:
    """Lets browsers in from our own pages and from the origins the operator named; answers preflights.

    Requests without an ``Origin`` (servers, tools) pass: tokens protect the conversations, this protects
    browsers from being used by other people's pages.
    """

    def __init__(self, app: ASGIApp, *, allowed_origins: Collection[str]) -> None:
        self._app = app
        self._allowed = frozenset(allowed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan" or not scope["path"].startswith(GATED_PATHS):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None:
            await self._app(scope, receive, send)
        elif not self._is_allowed(origin, headers.get("host", "")):
            await _refuse(scope, receive, send)
        elif _is_preflight(scope, headers):
            await Response(status_code=204, headers=_cors_headers(origin) | _PREFLIGHT_HEADERS)(
                scope, receive, send
            )
        else:
            await self._app(scope, receive, _with_cors(scope, send, origin))

    def _is_allowed(self, origin: str, host: str) -> bool:
        # Behind a proxy that speaks TLS the scheme differs from ours; the host is what a page cannot choose.
        return origin in self._allowed or (bool(host) and _netloc(origin) == host)


def _netloc(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": "origin_refused"})
        return
    refusal = error_answer(403, "origin_refused", "This web origin may not use the API: see allowed_origins.")
    await refusal(scope, receive, send)


def _is_preflight(scope: Scope, headers: Headers) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "OPTIONS"
        and "access-control-request-method" in headers
    )


def _cors_headers(origin: str) -> dict[str, str]:
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Retry-After",
        "Vary": "Origin",
    }


def _with_cors(scope: Scope, send: Send, origin: str) -> Send:
    if scope["type"] != "http":
        return send

    async def send_with_cors(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(_cors_headers(origin))
        await send(message)

    return send_with_cors


class BodyLimit:
    """Refuses bodies over ``MAX_BODY_BYTES``, photos over a limit of their own, announced or not."""

    def __init__(self, app: ASGIApp, *, photo_megabytes: int) -> None:
        self._app = app
        self._photo_bytes = photo_megabytes * MEGABYTE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most_bytes, code = self._limit_for(scope)
        too_large = BodyTooLargeError(most_bytes, code=code)
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > most_bytes:
            await error_answer(too_large.status_code, code, too_large.detail)(scope, receive, send)
            return
        await self._app(scope, _counting(receive, most_bytes, too_large), send)

    def _limit_for(self, scope: Scope) -> tuple[int, str]:
        if scope["method"] == "POST" and _PHOTOS_PATH.fullmatch(scope["path"]):
            return self._photo_bytes, "photo_too_large"
        if scope["path"] == "/api/v1/channels/webhook/events":
            return MAX_EVENT_WITH_PHOTO_BYTES, "body_too_large"
        if scope["path"].startswith(("/hooks/", "/api/v1/channels/telegram/")):
            return MAX_HOOK_BYTES, "body_too_large"
        return MAX_BODY_BYTES, "body_too_large"


def _counting(receive: Receive, most_bytes: int, too_large: BodyTooLargeError) -> Receive:
    received = 0

    async def receive_counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > most_bytes:
            raise too_large
        return message

    return receive_counted
