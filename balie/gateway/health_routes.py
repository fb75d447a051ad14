"""Is the process alive, and can customers be served?"""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from balie.gateway.schemas import Health, Readiness
from balie.gateway.services import Services

router = APIRouter(tags=["operation"])


@router.get("/health", response_model=Health, summary="Is the process alive?")
async def health() -> JSONResponse:
    """Always 200 while the process answers; touches nothing else."""
    return JSONResponse({"status": "ok"})


@router.get(
    "/ready",
    response_model=Readiness,
    summary="Can customers be served?",
    responses={503: {"model": Readiness, "description": "A part does not work"}},
)
async def ready(services: Services) -> JSONResponse:
    """Asks the database and the assistant; 503 when one of them does not answer."""
    names = list(services.ready_checks)
    found = await asyncio.gather(*(services.ready_checks[name]() for name in names))
    parts = dict(zip(names, found, strict=True))
    is_ready = all(parts.values())
    return JSONResponse({"ready": is_ready, "parts": parts}, 200 if is_ready else 503)
