from pathlib import Path

import pytest
from typer.testing import CliRunner

from balie.assistant.emotion_evaluation import report_emotions
from balie.assistant.errors import EvaluationFileError, PictureNotWrittenError
from balie.cli.confusion_picture import draw_confusions
from balie.cli.emotions import read_messages
from balie.cli.main import app
from balie.kernel.emotion import EMOTIONS, Emotion

runner = CliRunner()
PNG = b"\x89PNG\r\n\x1a\n"


def csv_file(folder: Path, content: str | bytes) -> Path:
    file = folder / "labelled.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


@pytest.mark.parametrize("command", [["emotion"], ["evaluate", "emotions"]])
def test_every_command_explains_itself(command: list[str]) -> None:
    result = runner.invoke(app, [*command, "--help"])

    assert result.exit_code == 0
    assert "Usage" in result.output


def test_labelled_messages_are_read_with_extra_columns_and_capitals(tmp_path: Path) -> None:
    file = csv_file(tmp_path, '\ufeffwriter,emotion,text\nan, Anger ,"nee, hè"\nbo,joy,\n')

    assert list(read_messages(file)) == [("nee, hè", "anger"), ("", "joy")]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("text,label\nhoi,joy\n", "column emotion is missing"),
        ("emotion\njoy\n", "column text is missing"),
        ("", "column emotion and text is missing"),
        ("text,emotion\n", "no messages"),
        ("text,emotion\nhoi,joy\nhee,rage\n", "message 2: 'rage' is none of joy, gratitude"),
        ("text,emotion\nhoi\n", "message 1: '' is none of"),
        ("text,emotion\nhé,joy\n".encode("latin-1"), "cannot be evaluated"),
    ],
)
def test_a_file_that_cannot_be_evaluated_is_refused_in_one_sentence(
    tmp_path: Path, content: str | bytes, problem: str
) -> None:
    file = csv_file(tmp_path, content)

    with pytest.raises(EvaluationFileError, match=problem):
        list(read_messages(file))


def test_the_command_refuses_a_bad_file_before_anything_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    file = csv_file(tmp_path, "text,emotion\nhoi,rage\n")

    result = runner.invoke(app, ["evaluate", "emotions", str(file), "--json"])

    assert result.exit_code == 1
    assert "evaluation_file_unusable" in result.output


def _reading(label: str) -> Emotion:
    shares = {emotion: 0.93 if emotion == label else 0.01 for emotion in EMOTIONS}
    return Emotion.from_document({"label": label, "probabilities": shares, "model": "0123456789ab"})


def test_the_confusions_are_drawn_as_png(tmp_path: Path) -> None:
    picture = tmp_path / "confusions.png"
    report = report_emotions(EMOTIONS, [_reading(label) for label in (*EMOTIONS[1:], "joy")])

    draw_confusions(report, picture)

    assert picture.read_bytes().startswith(PNG)


def test_a_picture_that_cannot_be_written_is_an_error_of_ours(tmp_path: Path) -> None:
    report = report_emotions(["joy"], [_reading("joy")])

    with pytest.raises(PictureNotWrittenError):
        draw_confusions(report, tmp_path / "nowhere" / "confusions.png")
