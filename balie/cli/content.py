"""``balie content check``."""

from __future__ import annotations

from typing import Annotated

import typer

from balie.cli.output import console, end_with
from balie.content.check import check_content
from balie.content.errors import ContentBrokenError
from balie.content.findings import Severity
from balie.content.library import load_library
from balie.settings import PROJECT_ROOT

content_app = typer.Typer(no_args_is_help=True, help="Look after the texts in data/.")


@content_app.callback()
def content() -> None:
    """Look after the texts in data/."""


@content_app.command("check")
def check(
    quiet: Annotated[bool, typer.Option("--quiet", help="Only errors, no warnings.")] = False,
) -> None:
    """Report gaps, duplicates, keyword collisions and missing translations, with file and line."""
    try:
        findings = check_content(load_library(PROJECT_ROOT / "data"))
    except ContentBrokenError as error:
        raise end_with(error) from error
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    for finding in errors if quiet else findings:
        console.print(str(finding), highlight=False, markup=False, soft_wrap=True)
    warnings = len(findings) - len(errors)
    console.print(f"{len(errors)} errors, {warnings} warnings")
    raise typer.Exit(1 if errors else 0)
