"""``balie emotion`` and ``balie evaluate emotions``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, get_args

import typer
from rich.table import Table

from balie.assistant.emotion_evaluation import EmotionReport, report_emotions
from balie.assistant.errors import EmotionsNotReadError, EvaluationFileError
from balie.assistant.port import Assistant, Understanding
from balie.cli.confusion_picture import draw_confusions
from balie.cli.labelled import read_labelled
from balie.cli.output import command, console, errors, progress_bar
from balie.cli.running_rasa import understanding
from balie.cli.understand import evaluate_app
from balie.kernel.emotion import EMOTIONS, Emotion, EmotionLabel
from balie.settings import Settings

BAR_WIDTH = 40


@command
async def emotion(text: str, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Show what TEXT feels like: every emotion with its probability, and the language it was read in."""
    async with understanding(Settings()) as assistant:
        understood = await assistant.parse(text)
    reading = _reading_in(understood)
    if as_json:
        document = {"language": understood.language, **reading.as_document()}
        print(json.dumps(document, ensure_ascii=False, indent=2))  # noqa: T201 (the output itself)
    else:
        _show_reading(understood, reading)


@evaluate_app.command("emotions")
@command
async def evaluate_emotions(
    file: Annotated[Path, typer.Argument(help="CSV with the columns text and emotion.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    picture: Annotated[
        Path | None, typer.Option(help="PNG to write, of which emotion was read as which.")
    ] = None,
) -> None:
    """Measure emotions on the labelled messages of FILE."""
    rows = list(read_messages(file))
    async with understanding(Settings()) as assistant:
        with progress_bar("Messages", len(rows)) as show:
            readings = []
            for text, _ in rows:
                readings.append(await _read(assistant, text))
                show(len(readings))
    report = report_emotions([label for _, label in rows], readings)
    if as_json:
        print(json.dumps(report.as_json(), indent=2))  # noqa: T201 (the output itself)
    else:
        _show_report(report)
    if picture is not None:
        draw_confusions(report, picture)
        errors.print(f"The confusion picture is in {picture}.")


def read_messages(file: Path) -> Iterator[tuple[str, EmotionLabel]]:
    """The messages of a CSV with the columns text and emotion.

    Raises:
        EvaluationFileError: It cannot be read, or names an emotion that is none of the eight.
    """
    labels = {str(label): label for label in get_args(EmotionLabel)}
    for number, (text, label) in enumerate(read_labelled(file, "emotion"), start=1):
        known = labels.get(label.lower())
        if known is None:
            raise EvaluationFileError(file, f"message {number}: {label!r} is none of {', '.join(EMOTIONS)}")
        yield text, known


async def _read(assistant: Assistant, text: str) -> Emotion:
    return _reading_in(await assistant.parse(text))


def _reading_in(understood: Understanding) -> Emotion:
    if understood.emotion is None:
        raise EmotionsNotReadError
    return understood.emotion


def _show_reading(understood: Understanding, reading: Emotion) -> None:
    console.print(f"language    {understood.language} ({understood.language_confidence:.2f})")
    console.print(f"emotion     {reading.label} ({reading.probabilities[reading.label]:.2f})")
    known = "yes" if reading.known else "no: another language, or neither words nor emoji it has learned"
    console.print(f"known       {known}")
    console.print(f"model       {reading.model}", highlight=False)
    for label in sorted(EMOTIONS, key=lambda each: -reading.probabilities[each]):
        share = reading.probabilities[label]
        bar = f"[cyan]{'█' * round(share * BAR_WIDTH)}[/cyan]"
        console.print(f"  {label:<10}{share:6.3f}  {bar}", highlight=False)


def _show_report(report: EmotionReport) -> None:
    figures = Table(title=f"{report.messages} messages, model {report.model}")
    for column in ("emotion", "precision", "recall", "f1", "messages"):
        figures.add_column(column, justify="left" if column == "emotion" else "right")
    for label, each in report.per_class.items():
        figures.add_row(
            label, f"{each.precision:.3f}", f"{each.recall:.3f}", f"{each.f1:.3f}", str(each.support)
        )
    console.print(figures)
    for name in ("accuracy", "macro_f1", "ece"):
        console.print(f"{name:<10}{getattr(report, name):.3f}")
    console.print(f"{'unread':<10}{report.unread}")
