"""``balie agent``: the people at the desk, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from balie.cli.main import app
from tests.support.store import copy_database

runner = CliRunner()
PASSWORD = "zeven gele regenjassen"
ADD = ("add", "Sanne@voorbeeld.example", "--name", "Sanne Kuipers", "--team", "service", "--language", "nl")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BALIE_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    copy_database(tmp_path)
    return tmp_path


def agent(*arguments: str, typed: str | None = None) -> Result:
    return runner.invoke(app, ["agent", *arguments], input=typed)


def add_sanne(*more: str) -> Result:
    return agent(*ADD, "--password-stdin", *more, typed=f"{PASSWORD}\n")


@pytest.mark.parametrize(
    "command", ["token", "add", "list", "change", "password", "deactivate", "sessions", "sign-out"]
)
def test_the_commands_explain_themselves(command: str) -> None:
    assert agent(command, "--help").exit_code == 0


@pytest.mark.parametrize("command", ["add", "password"])
def test_no_password_is_taken_from_the_command_line(command: str) -> None:
    arguments = ADD if command == "add" else ("password", "sanne@voorbeeld.example")

    assert agent(*arguments, "--password", PASSWORD).exit_code == 2
    assert agent(*arguments, PASSWORD).exit_code == 2


def test_somebody_is_added_and_listed() -> None:
    assert "Nobody works" in agent("list").output

    added = add_sanne("--role", "lead", "--topic", "warranty")

    assert added.exit_code == 0, added.output
    listed = agent("list").output
    for shown in (
        "sanne@voorbeeld.example",
        "Sanne Kuipers (Sanne)",
        "lead",
        "service",
        "warranty",
        "offline",
    ):
        assert shown in listed


def test_the_password_is_asked_for_twice_and_not_shown() -> None:
    differing = agent(*ADD, typed=f"{PASSWORD}\nanother one, mistyped\n")
    assert differing.exit_code == 1

    added = agent(*ADD, typed=f"{PASSWORD}\n{PASSWORD}\n")

    assert added.exit_code == 0, added.output
    assert PASSWORD not in added.output


def test_a_password_that_is_too_short_is_one_sentence() -> None:
    refused = agent(*ADD, "--password-stdin", typed="short\n")

    assert refused.exit_code == 1
    assert "password_too_short" in refused.stderr
    assert "Nobody works" in agent("list").output


def test_a_team_that_is_none_is_refused() -> None:
    refused = add_sanne("--team", "nobodys")

    assert refused.exit_code == 1
    assert "service, workshop" in refused.stderr


def test_an_account_is_changed_by_its_address() -> None:
    add_sanne()

    changed = agent("change", "sanne@voorbeeld.example", "--capacity", "7", "--team", "workshop")

    assert changed.exit_code == 0, changed.output
    listed = agent("list").output
    assert "7" in listed
    assert "workshop" in listed


def test_somebody_gets_another_password_is_signed_out_and_leaves() -> None:
    add_sanne()
    who = "sanne@voorbeeld.example"

    assert agent("password", who, "--password-stdin", typed="acht groene laarzen\n").exit_code == 0
    assert "Not signed in anywhere" in agent("sessions", who).output
    assert "0 sessions have ended" in agent("sign-out", who).output
    assert agent("deactivate", who).exit_code == 0
    assert "closed" in agent("list").output
    assert agent("change", who, "--active").exit_code == 0
    assert "offline" in agent("list").output


def test_an_address_that_nobody_has_is_named_by_no_sentence() -> None:
    for command in ("change", "deactivate", "sessions", "sign-out"):
        refused = agent(command, "nobody@voorbeeld.example")
        assert refused.exit_code == 1
        assert "agent_not_found" in refused.stderr
