"""``balie cases``: what customers were promised, and that it was kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from balie.cases.service import CaseService
from balie.cli.output import command, console
from balie.content.library import load_library
from balie.settings import PROJECT_ROOT, Settings
from balie.storage.engine import open_async_engine
from balie.storage.unit_of_work import UnitOfWork

LONGEST_STORY: Final = 60

cases_app = typer.Typer(no_args_is_help=True, help="Reports and complaints, and what was promised with them.")


@cases_app.callback()
def cases() -> None:
    """Reports and complaints, and what was promised with them."""


@cases_app.command("list")
@command
async def list_open() -> None:
    """List open cases, the oldest promise first; what is late is marked."""
    async with open_cases(Settings()) as service:
        found = await service.list_open()
    if not found:
        console.print("No case is open.")
        return
    table = Table("Case", "About", "Promised by", "Person", "Wanted", "In their words")
    for case in found:
        late = " [bold red]late[/]" if case.is_overdue else ""
        table.add_row(
            case.number,
            case.kind,
            f"{case.promised_by}{late}",
            "yes" if case.wants_person else "",
            case.remedy or "",
            (case.story or "").replace("\n", " ")[:LONGEST_STORY],
        )
    console.print(table)


@cases_app.command("answered")
@command
async def answered(number: Annotated[str, typer.Argument(help="Of the case, such as CS100001.")]) -> None:
    """Note that the customer of a case has heard from us."""
    async with open_cases(Settings()) as service:
        case = await service.mark_answered(number)
    console.print(f"{case.number} is {case.state}.", highlight=False)


@asynccontextmanager
async def open_cases(settings: Settings) -> AsyncIterator[CaseService]:
    """The cases of the store that the settings name."""
    shop = load_library(PROJECT_ROOT / "data").shop
    engine = open_async_engine(settings.resolved_database_url)
    try:
        yield CaseService(UnitOfWork(engine), timezone=ZoneInfo(shop["timezone"]))
    finally:
        await engine.dispose()
