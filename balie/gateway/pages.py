"""Pages and files: the widget, the desk, the demo shop, and the API documentation, all from this host."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import PathLike, StaticFiles

STATIC_DIR: Final = Path(__file__).parent / "static"
"""Built by ``web/``; ``docs/`` holds Swagger UI, everything else is our own."""

DOCS_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Balie API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="swagger-ui"><p>This API is described in <a href="/openapi.json">/openapi.json</a>.</p></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""

DOCS_START: Final = """SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true});
"""


class _Assets(StaticFiles):
    """Files whose name holds a hash never change; of the others a browser asks each time."""

    def file_response(self, full_path: PathLike, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(full_path, *args, **kwargs)
        is_hashed = _HASHED.search(str(full_path)) is not None
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_hashed else "no-cache"
        return response


_HASHED: Final = re.compile(r"-[0-9a-f]{10}\.(js|css)$")

DESK_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
"""Stricter than other pages: what customers write is shown here to people who may do more than they."""


def add_pages(app: FastAPI, *, static_dir: Path = STATIC_DIR) -> None:
    """Add the pages and files that were built; the API works without them."""
    app.add_api_route("/docs", _docs_page, include_in_schema=False)
    app.add_api_route("/docs/start.js", _docs_start, include_in_schema=False)
    for name in ("docs", "pages", "widget"):
        if (static_dir / name).is_dir():
            app.mount(f"/{name}", _Assets(directory=static_dir / name), name=name)
    if (static_dir / "desk").is_dir():
        _add_desk(app, static_dir / "desk")
    if (static_dir / "demo").is_dir():
        _add_product_page(app, static_dir / "demo")
        app.frontend("/", directory=static_dir / "demo", fallback=None)


def _add_desk(app: FastAPI, folder: Path) -> None:
    headers = {"Content-Security-Policy": DESK_POLICY, "Cache-Control": "no-cache"}

    async def show_desk() -> FileResponse:
        return FileResponse(folder / "index.html", headers=headers)

    for path in ("/desk", "/desk/overview", "/desk/recommendations"):
        app.add_api_route(path, show_desk, include_in_schema=False)
    app.mount("/desk/assets", _Assets(directory=folder / "assets"), name="desk")


def _add_product_page(app: FastAPI, folder: Path) -> None:
    """One page for every product of the demo shop: it reads its address itself."""

    async def show_product(sku: str) -> FileResponse:
        return FileResponse(folder / "product.html", headers={"Cache-Control": "no-cache"})

    app.add_api_route("/products/{sku}", show_product, include_in_schema=False)


async def _docs_page() -> HTMLResponse:
    return HTMLResponse(DOCS_PAGE)


async def _docs_start() -> Response:
    return Response(DOCS_START, media_type="text/javascript")
