"""The figures of the desk over HTTP: who may see them, and in which forms they come."""

from __future__ import annotations

import csv
import io

import httpx
import pytest

from balie.agents.kinds import Role
from balie.gateway.desk_overview_schemas import BehindList, OverviewShape
from balie.gateway.desk_overview_wire import BYTE_ORDER_MARK
from tests.support.desk import sign_in
from tests.support.gateway import Balie
from tests.support.numbers import DeskBook, after

DESK = "/api/v1/desk"
WEEK = {"from": "2026-11-02", "to": "2026-11-08"}


@pytest.fixture
async def book(balie: Balie) -> DeskBook:
    return DeskBook(balie.unit_of_work)


PATHS = ["/overview", "/overview.csv", "/overview/conversations?figure=waiting"]


@pytest.mark.parametrize("path", PATHS)
async def test_figures_are_for_leads_only(balie: Balie, browser: httpx.AsyncClient, path: str) -> None:
    nobody = await browser.get(path)
    await sign_in(balie, browser, Role.AGENT)
    agent = await browser.get(path)

    assert (nobody.status_code, nobody.json()["error"]["code"]) == (401, "session_missing")
    assert (agent.status_code, agent.json()["error"]["code"]) == (403, "not_permitted")


async def test_the_overview_has_the_shape_it_is_described_with(
    lead: httpx.AsyncClient, book: DeskBook
) -> None:
    conversation = await book.add_conversation(("customer", after(0)), ("agent", after(3)))
    await book.add_handoff(
        conversation,
        after(1),
        accepted_at=after(2),
        first_reply_at=after(3),
        first_reply_due_at=after(2),
        ended_at=after(9),
        code="solved",
        desk="chatwoot",
    )

    answer = (await lead.get("/overview", params=WEEK)).json()

    OverviewShape.model_validate(answer)
    assert answer["asked"] == {
        "first": "2026-11-02",
        "last": "2026-11-08",
        "timezone": "Europe/Amsterdam",
        "team": None,
        "language": None,
    }
    assert answer["total"]["handoff_rate"] == {"count": 1, "of": 1, "share": 1.0}
    assert answer["total"]["first_reply"] == {"count": 1, "median_s": 120.0, "p90_s": 120.0}
    assert answer["total"]["in_time"] == {"count": 0, "of": 1, "share": 0.0}
    assert [day["name"] for day in answer["days"]][0::6] == ["2026-11-02", "2026-11-08"]
    assert [team["name"] for team in answer["teams"]] == ["service"]


async def test_without_a_word_it_is_the_last_thirty_days(lead: httpx.AsyncClient) -> None:
    answer = (await lead.get("/overview")).json()

    assert (answer["asked"]["first"], answer["asked"]["last"]) == ("2026-10-05", "2026-11-03")
    assert len(answer["days"]) == 30


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"from": "2026-11-08", "to": "2026-11-02"}, "period_invalid"),
        ({"from": "2020-01-01", "to": "2026-11-02"}, "period_invalid"),
        ({"from": "0001-01-01", "to": "0001-01-02"}, "period_invalid"),
        ({"from": "9999-12-31", "to": "9999-12-31"}, "period_invalid"),
        ({"from": "yesterday"}, "request_invalid"),
        ({"team": "x" * 41}, "request_invalid"),
    ],
)
async def test_days_that_cannot_be_counted_are_refused(
    lead: httpx.AsyncClient, params: dict[str, str], code: str
) -> None:
    answer = await lead.get("/overview", params=params)

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)


async def test_the_table_opens_in_a_spreadsheet_and_runs_nothing(
    lead: httpx.AsyncClient, book: DeskBook
) -> None:
    conversation = await book.add_conversation(("customer", after(0)))
    await book.add_handoff(conversation, after(1), state="queued", team='=HYPERLINK("x"),"y"')

    answer = await lead.get("/overview.csv", params=WEEK)
    text = answer.content.decode("utf-8")
    head, *rows = csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK)))

    assert text.startswith(BYTE_ORDER_MARK)
    assert "\r\n" in text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "balie-2026-11-02-2026-11-08.csv" in answer.headers["Content-Disposition"]
    assert head[:4] == ["day", "team", "language", "conversations"]
    assert [row[:4] for row in rows] == [["2026-11-02", '\'=HYPERLINK("x"),"y"', "nl", "1"]]
    assert all(len(row) == len(head) for row in rows)
    assert rows[0][head.index("reason_asked")] == "1"


async def test_an_empty_table_has_its_head(lead: httpx.AsyncClient) -> None:
    answer = await lead.get("/overview.csv", params=WEEK)

    assert answer.text.count("\r\n") == 1


async def test_a_figure_leads_to_its_conversations(lead: httpx.AsyncClient, book: DeskBook) -> None:
    conversation = await book.add_conversation(("customer", after(0)))
    await book.add_handoff(conversation, after(1), state="queued", reason="angry")

    answer = (
        await lead.get("/overview/conversations", params={**WEEK, "figure": "handoffs", "reason": "angry"})
    ).json()

    BehindList.model_validate(answer)
    assert answer == {
        "items": [
            {
                "conversation_id": str(conversation),
                "at": "2026-11-02T09:01:00Z",
                "language": "nl",
                "team": "service",
                "why": {"reason": "angry", "state": "queued"},
            }
        ],
        "count": 1,
    }


@pytest.mark.parametrize("params", [{"figure": "everything"}, {}, {"figure": "ratings", "score": "6"}])
async def test_an_unknown_figure_is_refused(lead: httpx.AsyncClient, params: dict[str, str]) -> None:
    assert (await lead.get("/overview/conversations", params=params)).status_code == 422


async def test_a_database_that_is_down_is_said(balie: Balie, lead: httpx.AsyncClient) -> None:
    balie.unit_of_work.is_down = True

    assert (await lead.get("/overview")).status_code == 503
