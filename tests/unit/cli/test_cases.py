"""``balie cases``: promises seen and kept from the command line."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from balie.cases.kinds import CaseKind
from balie.cases.repository import CaseRepository
from balie.cases.service import CaseService
from balie.cases.views import NewCase
from balie.cli.doctor import Health, examine_promises
from balie.cli.main import app
from balie.settings import Settings
from tests.support.store import copy_database, opened

runner = CliRunner()
OPENED = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def database_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("BALIE_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return copy_database(tmp_path)


def open_case(database_url: str, promised_by: date) -> None:
    async def write() -> None:
        async with opened(database_url) as unit_of_work, unit_of_work.write() as session:
            case = NewCase(
                kind=CaseKind.COMPLAINT,
                customer_id=None,
                conversation_id=uuid4(),
                message_id=uuid4(),
                promised_by=promised_by,
                story="the parcel\nwas thrown over the fence",
            )
            await CaseRepository(session).open(case, at=OPENED)

    asyncio.run(write())


def test_without_cases_the_list_says_so() -> None:
    assert "No case is open" in runner.invoke(app, ["cases", "list"]).output


def test_the_oldest_promise_stands_first_and_a_broken_one_is_marked(database_url: str) -> None:
    open_case(database_url, date(2999, 1, 1))
    open_case(database_url, date(2026, 11, 5))

    listed = runner.invoke(app, ["cases", "list"]).output

    assert listed.index("CS100002") < listed.index("CS100001")
    assert listed.count("late") == 1
    assert "the parcel" in listed


def test_an_answered_case_is_no_promise_any_more(database_url: str) -> None:
    open_case(database_url, date(2026, 11, 5))
    before = examine_promises(Settings())

    answered = runner.invoke(app, ["cases", "answered", "cs100001"])

    assert answered.exit_code == 0, answered.output
    assert (before.health, before.detail) == (Health.POOR, "1 cases are late")
    assert examine_promises(Settings()).health is Health.GOOD
    assert "No case is open" in runner.invoke(app, ["cases", "list"]).output


def test_a_case_that_is_not_there_is_one_sentence(database_url: str) -> None:
    result = runner.invoke(app, ["cases", "answered", "CS999999"])

    assert result.exit_code == 1
    assert "There is no case CS999999" in result.output


async def test_the_first_answer_counts(database_url: str) -> None:
    async with opened(database_url) as unit_of_work:
        async with unit_of_work.write() as session:
            case = NewCase(
                kind=CaseKind.DAMAGED,
                customer_id=None,
                conversation_id=uuid4(),
                message_id=uuid4(),
                promised_by=date(2026, 11, 5),
            )
            row = await CaseRepository(session).open(case, at=OPENED)
        first = await CaseService(unit_of_work, clock=lambda: OPENED).mark_answered(row.number)
        second = await CaseService(unit_of_work).mark_answered(row.number)

    assert first == second
