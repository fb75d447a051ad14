"""``balie privacy``: one person told or erased from the command line."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from balie.cli.main import app
from tests.support.store import add_customer, copy_database, opened

runner = CliRunner()


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BALIE_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    asyncio.run(_with_a_customer(copy_database(tmp_path)))
    return tmp_path


async def _with_a_customer(database_url: str) -> None:
    async with opened(database_url) as unit_of_work:
        await add_customer(unit_of_work)


@pytest.mark.parametrize("command", ["export", "erase"])
def test_the_commands_explain_themselves(command: str) -> None:
    assert runner.invoke(app, ["privacy", command, "--help"]).exit_code == 0


def test_a_person_is_told_on_the_terminal() -> None:
    result = runner.invoke(app, ["privacy", "export", "K-1001"])

    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["customer"]["email"] == "k-1001@voorbeeld.example"


def test_a_person_is_told_in_a_file_that_nobody_else_reads(own_folder: Path) -> None:
    file = own_folder / "sanne.json"

    result = runner.invoke(app, ["privacy", "export", "K-1001", "--out", str(file)])

    assert result.exit_code == 0, result.output
    assert "voorbeeld.example" not in result.output
    assert json.loads(file.read_text("utf-8"))["customer"]["first_name"] == "Sanne"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_person_is_erased_after_a_yes_and_then_unknown() -> None:
    no = runner.invoke(app, ["privacy", "erase", "K-1001"], input="n\n")
    assert no.exit_code == 1
    assert runner.invoke(app, ["privacy", "export", "K-1001"]).exit_code == 0

    yes = runner.invoke(app, ["privacy", "erase", "K-1001", "--yes"])

    assert yes.exit_code == 0, yes.output
    again = runner.invoke(app, ["privacy", "erase", "K-1001", "--yes"])
    assert again.exit_code == 1
    assert "customer_not_found" in again.stderr
