"""What recommendations bring, over HTTP: who may see it, and in which forms it comes."""

from __future__ import annotations

import csv
import io

import httpx
import pytest
from sqlalchemy import insert

from balie.agents.kinds import Role
from balie.gateway.desk_overview_wire import BYTE_ORDER_MARK
from balie.gateway.desk_recommendation_schemas import RecommendationFigures
from balie.recommendations.models import ExposureRow, OutcomeRow
from tests.support.desk import sign_in
from tests.support.gateway import Balie
from tests.support.store import add_customer

DESK = "/api/v1/desk"
PATHS = ["/recommendations", "/recommendations.csv"]
WEEK = {"from": "2026-11-02", "to": "2026-11-08"}


async def show(balie: Balie, customer_id: int, **details: object) -> int:
    usual = {
        "key": f"{customer_id}:{details.get('sku', 'HELMET')}",
        "list": "complementary",
        "sku": "HELMET",
        "anchor": "BIKE",
        "position": 1,
        "propensity": 1.0,
        "explored": False,
        "reason": "bought_with",
        "customer_id": customer_id,
        "mood": "joy",
        "segment": "=bikes",
        "is_unasked": True,
        "withheld": False,
        "via": "widget",
        "at": balie.clock(),
    }
    async with balie.unit_of_work.write() as session:
        added = insert(ExposureRow).values(**{**usual, **details}).returning(ExposureRow.id)
        return int((await session.execute(added)).scalar_one())


async def buy(balie: Balie, exposure_id: int, revenue_minor: int) -> None:
    row = {
        "exposure_id": exposure_id,
        "kind": "purchase",
        "ref": f"DD{exposure_id}:1",
        "revenue_minor": revenue_minor,
        "returned_minor": 0,
        "currency": "EUR",
        "at": balie.clock(),
    }
    async with balie.unit_of_work.write() as session:
        await session.execute(insert(OutcomeRow).values(**row))


@pytest.mark.parametrize("path", PATHS)
async def test_figures_are_for_leads_only(balie: Balie, browser: httpx.AsyncClient, path: str) -> None:
    nobody = await browser.get(path)
    await sign_in(balie, browser, Role.AGENT)
    agent = await browser.get(path)

    assert (nobody.status_code, nobody.json()["error"]["code"]) == (401, "session_missing")
    assert (agent.status_code, agent.json()["error"]["code"]) == (403, "not_permitted")


async def test_the_figures_have_the_shape_they_are_described_with(
    balie: Balie, lead: httpx.AsyncClient
) -> None:
    shown, withheld = await add_customer(balie.unit_of_work, "K-1"), await add_customer(balie.unit_of_work)
    await buy(balie, await show(balie, shown), 6_000)
    await show(balie, withheld, withheld=True)

    answer = (await lead.get("/recommendations", params=WEEK)).json()

    RecommendationFigures.model_validate(answer)
    assert answer["asked"] == {"first": "2026-11-02", "last": "2026-11-08", "timezone": "Europe/Amsterdam"}
    assert (answer["currency"], answer["settled"]) == ("EUR", False)
    total = answer["total"]
    assert (total["shown"], total["purchases"]["count"], total["revenue_minor"]) == (1, 1, 6_000)
    assert total["purchases"]["share"] == {"value": 1.0, "low": 0.2065, "high": 1.0}
    assert total["lift"]["held_out"]["bought"]["of"] == 1
    assert total["lift"]["difference"]["value"] == 1.0
    assert total["lift"]["ratio"] == {"value": None, "low": None, "high": None}
    names = {by: [part["name"] for part in answer[by]] for by in ("lists", "segments", "moods")}
    assert names == {"lists": ["complementary"], "segments": ["=bikes"], "moods": ["joy"]}


async def test_without_a_word_it_is_the_last_thirty_days(lead: httpx.AsyncClient) -> None:
    answer = (await lead.get("/recommendations")).json()

    assert (answer["asked"]["first"], answer["asked"]["last"]) == ("2026-10-05", "2026-11-03")
    assert (answer["total"]["shown"], answer["lists"]) == (0, [])


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"from": "2026-11-08", "to": "2026-11-02"}, "figures_period_invalid"),
        ({"from": "2020-01-01", "to": "2026-11-02"}, "figures_period_invalid"),
        ({"to": "0001-01-02"}, "figures_period_invalid"),
        ({"from": "9999-12-31", "to": "9999-12-31"}, "figures_period_invalid"),
        ({"from": "yesterday"}, "request_invalid"),
    ],
)
async def test_days_that_cannot_be_counted_are_refused(
    lead: httpx.AsyncClient, params: dict[str, str], code: str
) -> None:
    answer = await lead.get("/recommendations", params=params)

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)


async def test_the_table_has_a_row_for_each_part_and_no_formulas(
    balie: Balie, lead: httpx.AsyncClient
) -> None:
    await buy(balie, await show(balie, await add_customer(balie.unit_of_work)), 6_000)

    answer = await lead.get("/recommendations.csv", params=WEEK)

    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix(BYTE_ORDER_MARK))))
    assert answer.text.startswith(BYTE_ORDER_MARK)
    assert (
        'filename="balie-recommendations-2026-11-02-2026-11-08.csv"' in answer.headers["Content-Disposition"]
    )
    assert [(row["by"], row["name"]) for row in rows] == [
        ("total", ""),
        ("list", "complementary"),
        ("segment", "'=bikes"),
        ("mood", "joy"),
    ]
    assert {(row["shown"], row["purchases"], row["revenue_minor"]) for row in rows} == {("1", "1", "6000")}
