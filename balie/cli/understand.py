"""``balie train``, ``balie parse`` and ``balie evaluate``."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from balie.assistant.evaluation import IntentReport, report_intents
from balie.assistant.model_files import find_current_model, model_path
from balie.assistant.port import Understanding
from balie.assistant.rasa_process import train_model
from balie.cli.labelled import read_labelled
from balie.cli.output import command, console, errors, progress_bar
from balie.cli.running_rasa import understanding
from balie.content.articles import OUT_OF_SCOPE
from balie.settings import PROJECT_ROOT, Settings

evaluate_app = typer.Typer(no_args_is_help=True, help="Measure the assistant on labelled messages.")


@command
async def train(
    force: Annotated[bool, typer.Option(help="Train even when the model is current.")] = False,
) -> None:
    """Train the assistant from the content that lies here now (at most 90 seconds on 2 cores)."""
    if not force and find_current_model(PROJECT_ROOT) is not None:
        console.print(f"{model_path(PROJECT_ROOT).name} is current; nothing to do (--force trains anyway).")
        return
    started = time.monotonic()
    with errors.status("Training the assistant …") as status:
        model = await train_model(
            PROJECT_ROOT, lambda line: status.update(f"Training the assistant … {line[-80:]}")
        )
    console.print(f"{model.relative_to(PROJECT_ROOT)} trained in {time.monotonic() - started:.0f} s.")


@command
async def parse(text: str, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Show what the assistant makes of TEXT: language, intent, emotion and the keywords that fired."""
    async with understanding(Settings()) as assistant:
        understood = await assistant.parse(text)
    if as_json:
        print(json.dumps(asdict(understood), ensure_ascii=False, indent=2))  # noqa: T201 (the output itself)
    else:
        _show_understanding(understood)


def _show_understanding(understood: Understanding) -> None:
    console.print(f"language    {understood.language} ({understood.language_confidence:.2f})")
    console.print(f"intent      {understood.intent or OUT_OF_SCOPE} ({understood.confidence:.2f})")
    if understood.emotion is not None:
        reading = understood.emotion
        console.print(f"emotion     {reading.label} ({reading.probabilities[reading.label]:.2f})")
    for fired in understood.keywords:
        what = f"{fired.intent}: {fired.pattern} → “{fired.text}”"
        console.print(f"keyword     {what}", highlight=False, markup=False)


@evaluate_app.command("intents")
@command
async def evaluate_intents(
    file: Annotated[Path, typer.Argument(help="CSV with the columns text and intent.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure intents on the labelled messages of FILE; `out_of_scope` is a label like any other."""
    rows = read_labelled(file)
    predictions: list[str] = []
    async with understanding(Settings()) as assistant:
        with progress_bar("Messages", len(rows)) as show:
            for text, _ in rows:
                predictions.append((await assistant.parse(text)).intent or OUT_OF_SCOPE)
                show(len(predictions))
    report = report_intents([label for _, label in rows], predictions)
    if as_json:
        print(json.dumps(report.as_json(), indent=2))  # noqa: T201 (this is the output)
    else:
        _show_report(report)


def _show_report(report: IntentReport) -> None:
    figures = Table(title=f"{report.messages} messages")
    figures.add_column("figure")
    figures.add_column("value", justify="right")
    for name in ("accuracy", "macro_f1", "in_scope_accuracy", "out_of_scope_recall", "mcc"):
        value = getattr(report, name)
        figures.add_row(name, "–" if value is None else f"{value:.3f}")
    console.print(figures)
    confusions = Table(title="Worst confusions")
    for column in ("label", "predicted", "times"):
        confusions.add_column(column)
    for label, predicted, count in report.confusions:
        confusions.add_row(label, predicted, str(count))
    console.print(confusions)
