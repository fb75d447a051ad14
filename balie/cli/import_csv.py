"""``balie import customers|products|orders|discount-codes|gift-cards FILE.csv``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from balie.baskets.csv_import import CodeFileKind, code_importer
from balie.bootstrap import with_secrets
from balie.cli.database import upgrade_database
from balie.cli.output import Tell, console, end_with, errors, steps
from balie.kernel.errors import BalieError
from balie.orders.csv_import import ImportKind, import_csv
from balie.settings import Settings
from balie.storage.csv_import import BadLine, ImportReport, load_file

WHAT_IS_DONE = {"read": "Reading (bytes)", "write": "Writing (lines)"}


class FileKind(StrEnum):
    """What a file holds."""

    CUSTOMERS = "customers"
    PRODUCTS = "products"
    ORDERS = "orders"
    DISCOUNT_CODES = "discount-codes"
    GIFT_CARDS = "gift-cards"


def import_command(
    kind: Annotated[FileKind, typer.Argument(help="What the file holds.")],
    file: Annotated[Path, typer.Argument(help="The CSV file; docs/data-model.md lists the columns.")],
) -> None:
    """Load customers, products, orders, discount codes or gift cards from a CSV file.

    Doing it again changes nothing. Lines that cannot be used are named with their number and the
    reason; the rest is loaded, and never half an order.
    """
    settings = with_secrets(Settings())
    try:
        upgrade_database(settings)
        with steps(WHAT_IS_DONE) as tell:
            report = _load(kind, file, settings, tell)
    except BalieError as error:
        raise end_with(error) from error
    _say_report(report)
    raise typer.Exit(1 if report.bad_line_count else 0)


def _load(kind: FileKind, file: Path, settings: Settings, tell: Tell) -> ImportReport:
    url = settings.resolved_database_url

    def say(bad: BadLine) -> None:
        _say_bad_line(file, bad)

    if kind in (FileKind.DISCOUNT_CODES, FileKind.GIFT_CARDS):
        importer = code_importer(CodeFileKind(kind.value), secret=settings.secret.get_secret_value())
        return load_file(importer, file, url, progress=tell, on_bad_line=say)
    return import_csv(ImportKind(kind.value), file, url, progress=tell, on_bad_line=say)


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
