from pathlib import Path

import pytest
from typer.testing import CliRunner

from balie.assistant.errors import EvaluationFileError
from balie.bootstrap import with_secrets
from balie.cli.main import app
from balie.cli.understand import read_labelled
from balie.gateway.tokens import AgentTokens
from balie.settings import PROJECT_ROOT, Settings

EXAMPLES = PROJECT_ROOT / "docs" / "examples"
runner = CliRunner()


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BALIE_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        ["up"],
        ["train"],
        ["parse"],
        ["evaluate", "intents"],
        ["content", "check"],
        ["demo", "load"],
        ["import"],
        ["db", "upgrade"],
        ["doctor"],
        ["agent", "token"],
    ],
)
def test_every_command_explains_itself(command: list[str]) -> None:
    result = runner.invoke(app, [*command, "--help"])

    assert result.exit_code == 0
    assert "Usage" in result.output


def test_the_shipped_content_passes_its_check() -> None:
    result = runner.invoke(app, ["content", "check"])

    assert result.exit_code == 0, result.output
    assert "0 errors" in result.output


def test_a_database_is_upgraded_once_and_then_left_alone(own_folder: Path) -> None:
    first = runner.invoke(app, ["db", "upgrade"])
    second = runner.invoke(app, ["db", "upgrade"])

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert (own_folder / "balie.db").exists()


def test_importing_twice_adds_nothing_the_second_time() -> None:
    first = runner.invoke(app, ["import", "customers", str(EXAMPLES / "customers.csv")])
    second = runner.invoke(app, ["import", "customers", str(EXAMPLES / "customers.csv")])

    assert first.exit_code == 0, first.output
    assert "0 customers added" not in first.output
    assert "0 customers added" in second.output


def test_importing_names_the_bad_line_and_loads_the_rest(tmp_path: Path) -> None:
    lines = (EXAMPLES / "customers.csv").read_text("utf-8").splitlines()
    file = tmp_path / "customers.csv"
    file.write_text("\n".join([lines[0], lines[1], lines[0].replace("external_id", "")]), encoding="utf-8")

    result = runner.invoke(app, ["import", "customers", str(file)])

    assert result.exit_code == 1
    assert f"{file}:3:" in result.output
    assert "1 customers added" in result.output


def test_importing_a_file_with_wrong_columns_says_which_are_missing(tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("name;city\nAn;Gent\n", encoding="utf-8")

    result = runner.invoke(app, ["import", "customers", str(file)])

    assert result.exit_code == 1
    assert "external_id" in result.output


def test_the_doctor_reports_every_part_without_a_service_running() -> None:
    result = runner.invoke(app, ["doctor"])

    for part in ("service packages", "content", "database", "secrets", "mail", "service", "Rasa server"):
        assert part in result.output


def test_labelled_messages_are_read_with_a_byte_order_mark_and_extra_columns(tmp_path: Path) -> None:
    file = tmp_path / "labelled.csv"
    file.write_text('\ufeffwriter,intent,text\nan, greet ,"hoi, jij"\n', encoding="utf-8")

    assert read_labelled(file) == [("hoi, jij", "greet")]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"text,label\nhoi,greet\n", "column intent is missing"),
        (b"", "column intent and text is missing"),
        (b"text,intent\n", "no messages"),
        ("text,intent\nhé,greet\n".encode("latin-1"), "cannot be evaluated"),
    ],
)
def test_a_file_that_cannot_be_evaluated_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    file = tmp_path / "labelled.csv"
    file.write_bytes(content)

    with pytest.raises(EvaluationFileError, match=problem):
        read_labelled(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationFileError):
        read_labelled(tmp_path / "nothing.csv")


def test_an_agents_token_opens_the_agents_addresses() -> None:
    result = runner.invoke(app, ["agent", "token", "--name", "ana", "--hours", "2"])

    secret = with_secrets(Settings()).secret.get_secret_value()
    assert result.exit_code == 0
    assert AgentTokens(secret).read(result.output.strip()) == "ana"
