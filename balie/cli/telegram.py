"""``balie telegram``: brings menu, descriptions and webhook to Telegram, and looks whether all is well."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import typer
from rich.table import Table

from balie.bootstrap import with_secrets
from balie.channels.errors import OutsideRefusedError, OutsideUnavailableError
from balie.channels.telegram.client import TelegramClient
from balie.channels.telegram.opening import WEBHOOK, telegram_settings
from balie.channels.telegram.setup import Remark, Wanted, check, set_up, webhook_address
from balie.cli.output import console
from balie.content.library import load_library
from balie.content.render import Renderer
from balie.settings import PROJECT_ROOT, Settings

telegram_app = typer.Typer(no_args_is_help=True, help="Set our bot up in Telegram, and look at it.")

Look = Callable[[TelegramClient, Wanted], Awaitable[tuple[Remark, ...]]]

_MARKS: Final = {True: "[green]good[/green]", False: "[red]bad[/red]", None: "[yellow]poor[/yellow]"}


@telegram_app.callback()
def telegram() -> None:
    """Set our bot up in Telegram, and look at it."""


@telegram_app.command("setup")
def setup() -> None:
    """Bring webhook, menu and descriptions there, and check them. Status 1: something is bad."""
    _report(set_up)


@telegram_app.command("check")
def check_command() -> None:
    """Say whether everything is as it should be; changes nothing. Status 1: something is bad."""
    _report(check)


def _report(look: Look) -> None:
    settings = with_secrets(Settings())
    if telegram_settings(settings) is None:
        console.print("There is no bot: BALIE_TELEGRAM_TOKEN is not set.")
        raise typer.Exit(1)
    try:
        remarks = asyncio.run(look_at_telegram(settings, look))
    except (OutsideUnavailableError, OutsideRefusedError) as error:
        console.print(f"Telegram did not take it: {error.reason}.")
        raise typer.Exit(1) from error
    table = Table("", "found", "what to do", box=None, pad_edge=False)
    for remark in remarks:
        table.add_row(_MARKS[remark.is_good], remark.what, remark.advice)
    console.print(table)
    raise typer.Exit(1 if any(remark.is_good is False for remark in remarks) else 0)


async def look_at_telegram(settings: Settings, look: Look = check) -> tuple[Remark, ...]:
    """Everything that can be seen of the bot."""
    chosen = telegram_settings(settings)
    assert chosen is not None
    secret = settings.telegram_secret.get_secret_value()
    is_webhook = settings.telegram_mode == WEBHOOK
    wanted = Wanted(
        webhook=webhook_address(settings.resolved_public_url, secret) if is_webhook else "",
        secret=secret,
        words=Renderer(load_library(PROJECT_ROOT / "data")),
    )
    client = TelegramClient(chosen.access, longest=chosen.longest)
    try:
        return await look(client, wanted)
    finally:
        await client.aclose()


async def find_bot(settings: Settings) -> str | None:
    """What customers find in Telegram, in a few words; None where there is no bot."""
    chosen = telegram_settings(settings)
    if chosen is None:
        return None
    client = TelegramClient(chosen.access, longest=chosen.longest)
    try:
        return f"@{(await client.describe_me()).name}"
    except (OutsideUnavailableError, OutsideRefusedError) as error:
        return f"not reached ({error.reason}): balie telegram check"
    finally:
        await client.aclose()
