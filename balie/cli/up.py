"""``balie up``: sets up what is missing, starts both halves, and keeps them running until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from balie.agents.demo import DEMO_AGENTS, demo_password
from balie.assistant.rasa_process import RasaProcess, RasaSettings
from balie.bootstrap import with_secrets
from balie.cli.database import load_agents, load_demo_when_empty, upgrade_database
from balie.cli.logs import configure_logging
from balie.cli.output import command, console, errors
from balie.cli.running_rasa import current_model
from balie.cli.telegram import find_bot
from balie.kernel import memory
from balie.server import Server
from balie.settings import PROJECT_ROOT, Settings


@command
async def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="With the demo shop, where anybody may log in as its customers.")
    ] = False,
) -> None:
    """Start Balie: database and model are made when they are missing. Ctrl-C stops it."""
    settings = with_secrets(Settings(demo=True) if demo else Settings())
    configure_logging(settings)
    upgrade_database(settings)
    if settings.demo:
        load_demo_when_empty(settings)
        await load_agents(settings)
    model = await current_model()
    stop = _stop_signal()
    async with _running(settings, model, stop):
        _say_where(settings, await find_bot(settings))
        await stop.wait()
        console.print("Stopping …")
    console.print("Balie has stopped.")


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    return stop


@contextlib.asynccontextmanager
async def _running(settings: Settings, model: Path, stop: asyncio.Event) -> AsyncIterator[None]:
    """Both halves; Rasa is started again whenever it ends by itself, and stopped last."""
    workers = [RasaProcess(_rasa_settings(settings, model, port)) for port in settings.rasa_ports]
    server = Server(settings)
    serving = asyncio.create_task(server.run())
    serving.add_done_callback(lambda _: stop.set())
    try:
        with errors.status("Starting Rasa and the service …"):
            await _all_or_none(*(worker.start() for worker in workers), server.wait_until_started())
    except BaseException:
        server.stop()
        await asyncio.gather(serving, *(worker.stop() for worker in workers), return_exceptions=True)
        raise
    memory.settle()
    watching = asyncio.gather(*(worker.run(_report_restart) for worker in workers))
    try:
        yield
    finally:
        server.stop()
        await serving
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        await asyncio.gather(*(worker.stop() for worker in workers))


async def _all_or_none(*starts: Coroutine[Any, Any, None]) -> None:
    """Wait for all of them; when one fails, the others are given up, and it is what went wrong."""
    tasks = [asyncio.create_task(start) for start in starts]
    try:
        await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


def _rasa_settings(settings: Settings, model: Path, port: int) -> RasaSettings:
    return RasaSettings(
        project=PROJECT_ROOT,
        model=model,
        port=port,
        internal_port=settings.internal_port,
        token=settings.internal_token.get_secret_value(),
        log_file=settings.var_dir / "rasa.log",
        database=settings.var_dir / "rasa.db",
        timeout=settings.rasa_timeout,
        emotion=settings.emotion,
    )


def _report_restart(status: int) -> None:
    errors.print(f"Rasa ended by itself (status {status}); starting it again. See var/rasa.log.")


def _say_where(settings: Settings, telegram: str | None) -> None:
    address = f"http://{settings.public_host}:{settings.public_port}"
    console.print("\n[bold]Balie is ready.[/bold] Ctrl-C stops it.")
    console.print(f"  Demo shop with the chat   {address}/")
    console.print(f"  Agents' desk              {address}/desk")
    if settings.demo:
        password = demo_password(settings.secret.get_secret_value())
        console.print(f"    {DEMO_AGENTS[0].email} and colleagues, password {password}", highlight=False)
    if telegram is not None:
        console.print(f"  Telegram                  {telegram}", highlight=False)
    console.print(f"  API documentation         {address}/docs\n")
