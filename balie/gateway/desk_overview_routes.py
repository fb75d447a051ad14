"""The figures of the desk, for those who lead: as JSON, as a table, and the conversations behind each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from starlette.responses import Response

from balie.agents.permissions import Permission
from balie.gateway.conversation_routes import described_errors
from balie.gateway.desk_access import DESK_PATH, Desk, permitted
from balie.gateway.desk_overview_schemas import BehindList, OverviewShape
from balie.gateway.desk_overview_wire import found_json, overview_csv, overview_json
from balie.gateway.desk_session_routes import DESK_ERRORS
from balie.handoff.kinds import Reason
from balie.handoff.numbers import NumbersService
from balie.handoff.numbers_behind import Figure, Wanted
from balie.handoff.numbers_repository import NumbersQuery

USUAL_DAYS: Final = 30

_ERRORS: Final = DESK_ERRORS | described_errors(
    http_403="`not_permitted`: figures are for leads",
    http_422="`request_invalid`; `period_invalid`: ends before it begins, or is longer than 366 days",
)

router = APIRouter(
    prefix=f"{DESK_PATH}/overview", tags=["desk"], dependencies=[permitted(Permission.SEE_FIGURES)]
)


async def _numbers_of(desk: Desk) -> NumbersService:
    assert desk.numbers is not None  # without them, none of these routes is there
    return desk.numbers


Numbers = Annotated[NumbersService, Depends(_numbers_of)]


class Asked:
    """Which days, and whose figures; the last thirty days of everybody when nothing is said."""

    def __init__(
        self,
        numbers: Numbers,
        first: Annotated[date | None, Query(alias="from", description="First day, of the shop.")] = None,
        last: Annotated[date | None, Query(alias="to", description="Last day; it counts.")] = None,
        team: Annotated[str | None, Query(max_length=40)] = None,
        language: Annotated[str | None, Query(max_length=8)] = None,
    ) -> None:
        last = last or numbers.today
        first = first or last - timedelta(days=USUAL_DAYS - 1)
        self.query = NumbersQuery(numbers.period(first, last), team, language or None)


WhatIsAsked = Annotated[Asked, Depends()]


@router.get("", response_model=OverviewShape, summary="Read the figures", responses=_ERRORS)
async def read_overview(asked: WhatIsAsked, numbers: Numbers) -> JSONResponse:
    """Of a period: all together, and by day, team and language. `docs/numbers.md` defines each figure."""
    return JSONResponse(overview_json(await numbers.overview(asked.query)))


@router.get(
    ".csv",
    response_class=Response,
    summary="Download the figures",
    responses=_ERRORS | {200: {"content": {"text/csv": {}}, "description": "UTF-8 with a byte order mark"}},
)
async def download_overview(asked: WhatIsAsked, numbers: Numbers) -> Response:
    """One row for each day, team and language that has any figure; counts, so that rows can be added up."""
    period = asked.query.period
    name = f"balie-{period.first}-{period.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    table = overview_csv(await numbers.list_slices(asked.query))
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)


@router.get(
    "/conversations",
    response_model=BehindList,
    summary="List the conversations behind a figure",
    responses=_ERRORS,
)
async def list_behind(
    asked: WhatIsAsked,
    numbers: Numbers,
    figure: Figure,
    reason: Reason | None = None,
    score: Annotated[int | None, Query(ge=1, le=5)] = None,
) -> JSONResponse:
    """Newest first, at most 200; `count` says how many there are."""
    wanted = Wanted(figure, None if reason is None else reason.value, score)
    return JSONResponse(found_json(await numbers.list_behind(asked.query, wanted)))
