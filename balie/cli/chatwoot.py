"""``balie chatwoot``: whether Chatwoot is set up the way the assistant needs it."""

from __future__ import annotations

import asyncio
from typing import Final

import typer
from rich.table import Table

from balie.channels.chatwoot.checking import Remark, check_chatwoot
from balie.channels.chatwoot.client import ChatwootAccess, ChatwootClient
from balie.channels.opening import chatwoot_access
from balie.cli.output import console
from balie.settings import Settings

chatwoot_app = typer.Typer(no_args_is_help=True, help="Look at how Chatwoot is set up.")

_MARKS: Final = {True: "[green]good[/green]", False: "[red]bad[/red]", None: "[dim]not seen[/dim]"}


@chatwoot_app.callback()
def chatwoot() -> None:
    """Look at how Chatwoot is set up."""


@chatwoot_app.command("check")
def check() -> None:
    """Say whether Chatwoot lets us in and is set up for an assistant. Ends with status 1 when it is not."""
    access = chatwoot_access(Settings())
    if access is None:
        console.print("There is no Chatwoot: BALIE_CHATWOOT_URL is not set.")
        raise typer.Exit(1)
    remarks = asyncio.run(look_at_chatwoot(access))
    table = Table("part", "", "what to do", box=None, pad_edge=False)
    for remark in remarks:
        table.add_row(remark.what, _MARKS[remark.is_good], remark.advice)
    console.print(table)
    raise typer.Exit(1 if any(remark.is_good is False for remark in remarks) else 0)


async def look_at_chatwoot(access: ChatwootAccess) -> tuple[Remark, ...]:
    """Everything that can be seen of it."""
    client = ChatwootClient.at(access)
    try:
        return await check_chatwoot(client)
    finally:
        await client.aclose()
