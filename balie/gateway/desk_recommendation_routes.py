"""What recommendations bring, for those who lead: as JSON and as a table."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from starlette.responses import Response

from balie.agents.permissions import Permission
from balie.gateway.conversation_routes import described_errors
from balie.gateway.desk_access import DESK_PATH, Desk, permitted
from balie.gateway.desk_recommendation_schemas import RecommendationFigures
from balie.gateway.desk_recommendation_wire import outcomes_csv, outcomes_json
from balie.gateway.desk_session_routes import DESK_ERRORS
from balie.recommendations.figures import Days, FiguresService

USUAL_DAYS: Final = 30

_ERRORS: Final = DESK_ERRORS | described_errors(
    http_403="`not_permitted`: figures are for leads",
    http_422="`request_invalid`; `figures_period_invalid`: ends before it begins, or is longer than 366 days",
)

router = APIRouter(
    prefix=f"{DESK_PATH}/recommendations", tags=["desk"], dependencies=[permitted(Permission.SEE_FIGURES)]
)


async def _figures_of(desk: Desk) -> FiguresService:
    assert desk.figures is not None  # without them, none of these routes is there
    return desk.figures


Figures = Annotated[FiguresService, Depends(_figures_of)]


async def _days(
    figures: Figures,
    first: Annotated[date | None, Query(alias="from", description="First day, of the shop.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Last day; it counts.")] = None,
) -> Days:
    """The days that are asked for; the last thirty when nothing is said.

    Raises:
        FiguresPeriodError: They cannot be counted.
    """
    last = last or figures.today
    usual = date.fromordinal(max(1, last.toordinal() - USUAL_DAYS + 1))
    return figures.days(first or usual, last)


AskedFor = Annotated[Days, Depends(_days)]


@router.get(
    "",
    response_model=RecommendationFigures,
    summary="Read what recommendations bring",
    responses=_ERRORS,
)
async def read_recommendations(days: AskedFor, figures: Figures) -> JSONResponse:
    """By list, segment and mood, and against the hold-out. `docs/recommendations.md` defines each figure."""
    return JSONResponse(outcomes_json(await figures.read(days)))


@router.get(
    ".csv",
    response_class=Response,
    summary="Download what recommendations bring",
    responses=_ERRORS | {200: {"content": {"text/csv": {}}, "description": "UTF-8 with a byte order mark"}},
)
async def download_recommendations(days: AskedFor, figures: Figures) -> Response:
    """One row for all together, and for each list, segment and mood; shares with their intervals."""
    name = f"balie-recommendations-{days.first}-{days.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    table = outcomes_csv(await figures.read(days))
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)
