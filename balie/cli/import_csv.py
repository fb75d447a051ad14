"""``balie import customers|products|orders FILE.csv``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from balie.bootstrap import with_secrets
from balie.cli.database import upgrade_database
from balie.cli.output import console, end_with, errors, steps
from balie.kernel.errors import BalieError
from balie.orders.csv_import import ImportKind, import_csv
from balie.settings import Settings
from balie.storage.csv_import import BadLine, ImportReport

WHAT_IS_DONE = {"read": "Reading (bytes)", "write": "Writing (lines)"}


def import_command(
    kind: Annotated[ImportKind, typer.Argument(help="What the file holds.")],
    file: Annotated[Path, typer.Argument(help="The CSV file; docs/data-model.md lists the columns.")],
) -> None:
    """Load customers, products or orders from a CSV file.

    Doing it again changes nothing. Lines that cannot be used are named with their number and the
    reason; the rest is loaded, and never half an order.
    """
    settings = with_secrets(Settings())
    try:
        upgrade_database(settings)
        with steps(WHAT_IS_DONE) as tell:
            report = import_csv(
                kind,
                file,
                settings.resolved_database_url,
                progress=tell,
                on_bad_line=lambda bad: _say_bad_line(file, bad),
            )
    except BalieError as error:
        raise end_with(error) from error
    _say_report(report)
    raise typer.Exit(1 if report.bad_line_count else 0)


def _say_bad_line(file: Path, bad: BadLine) -> None:
    errors.print(f"{file}:{bad.line}: {bad.reason}", highlight=False, markup=False, soft_wrap=True)


def _say_report(report: ImportReport) -> None:
    console.print(
        f"{report.lines:,} lines ({report.encoding}, separated by {report.separator!r}): "
        f"{report.added:,} {report.kind} added, {report.changed:,} already there, "
        f"{report.bad_line_count:,} lines not loaded."
    )
    if report.ignored_columns:
        console.print(f"Columns not known and ignored: {', '.join(report.ignored_columns)}.")
