"""``balie privacy``: tell one person everything that is held about them, or erase them."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from balie.bootstrap import with_secrets
from balie.cli.output import command, console
from balie.content.library import load_library
from balie.errand_desk import open_privacy
from balie.errands.privacy import PrivacyService
from balie.kernel.clock import utc_now
from balie.settings import PROJECT_ROOT, Settings
from balie.storage.engine import open_async_engine
from balie.storage.unit_of_work import UnitOfWork

_FOR_THE_OPERATOR_ALONE: Final = 0o600

privacy_app = typer.Typer(no_args_is_help=True, help="What is held about one person.")

ExternalId = Annotated[str, typer.Argument(help="The shop's own customer number.")]


@privacy_app.callback()
def privacy() -> None:
    """What is held about one person."""


@privacy_app.command("export")
@command
async def export(
    external_id: ExternalId,
    out: Annotated[Path | None, typer.Option(help="File to write; none prints it.")] = None,
) -> None:
    """Print everything that is held about a customer, from every table, as JSON."""
    async with _open_privacy() as service:
        told = await service.export(external_id)
    text = json.dumps(told, ensure_ascii=False, indent=2)
    if out is None:
        typer.echo(text)
        return
    _write(out, text + "\n")
    console.print(f"Written to {out}, readable by you alone.", highlight=False)


@privacy_app.command("erase")
@command
async def erase(
    external_id: ExternalId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Erase a customer now; orders and invoices are kept as long as the law wants, without who it was."""
    if not yes:
        typer.confirm(f"Erase customer {external_id} for good?", abort=True)
    async with _open_privacy() as service:
        kept_until = await service.erase(external_id)
    console.print(
        f"Erased. Orders and invoices are kept until {kept_until}; the dialogue engine forgets what was "
        "said within 30 days of the last message.",
        highlight=False,
    )


def _write(path: Path, text: str) -> None:
    # Made for the operator alone from the first byte on, not only afterwards.
    made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FOR_THE_OPERATOR_ALONE)
    with os.fdopen(made, "w", encoding="utf-8") as file:
        file.write(text)


@asynccontextmanager
async def _open_privacy() -> AsyncIterator[PrivacyService]:
    settings = with_secrets(Settings())
    shop = load_library(PROJECT_ROOT / "data").shop
    engine = open_async_engine(settings.resolved_database_url)
    try:
        yield open_privacy(UnitOfWork(engine), shop, utc_now)
    finally:
        await engine.dispose()
