"""``balie db``, ``balie demo`` and ``balie import``."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from balie.agent_desk import open_agents
from balie.agents.demo import demo_password, load_demo_agents
from balie.baskets.demo import lacks_demo_codes, load_demo_codes
from balie.bootstrap import with_secrets
from balie.cli.output import console, end_with, errors, steps
from balie.content.library import load_library
from balie.kernel.clock import local_day, utc_now
from balie.kernel.errors import BalieError
from balie.orders.demo import DEFAULT_SEED, find_last_day, is_store_empty, load_demo_shop
from balie.payments.demo import adopt_demo_payments
from balie.settings import PROJECT_ROOT, Settings
from balie.storage.engine import open_async_engine
from balie.storage.migrate import is_current, upgrade
from balie.storage.unit_of_work import UnitOfWork

database_app = typer.Typer(no_args_is_help=True, help="Look after the database.")
demo_app = typer.Typer(no_args_is_help=True, help="The made-up shop Duin & Dal.")

DEMO_KEEPS = timedelta(days=1)
WHAT_IS_DONE = {"orders": "Making orders", "write": "Writing rows"}


@database_app.callback()
def database() -> None:
    """Look after the database."""


@demo_app.callback()
def demo() -> None:
    """The made-up shop Duin & Dal."""


@database_app.command("upgrade")
def upgrade_command() -> None:
    """Bring the database to the tables this version expects; doing it again changes nothing."""
    settings = with_secrets(Settings())
    with _in_one_sentence():
        upgrade_database(settings)
    console.print("The database is up to date.")


@demo_app.command("load")
def load(
    seed: Annotated[int, typer.Option(help="The same seed and day give the same shop.")] = DEFAULT_SEED,
) -> None:
    """Load 400 products, 12 stores, 5,000 customers and two years of orders up to today.

    An older demo shop is replaced; a database with real customers is left alone.
    """
    settings = with_secrets(Settings())
    with _in_one_sentence():
        upgrade_database(settings)
        load_demo(settings, seed=seed)
        asyncio.run(load_agents(settings))


def upgrade_database(settings: Settings) -> None:
    """Make or upgrade the tables where that is needed.

    Raises:
        StoreUnavailableError: The database cannot be used.
    """
    url = settings.resolved_database_url
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    if not is_current(url):
        with errors.status("Preparing the database …"):
            upgrade(url)


def load_demo_when_empty(settings: Settings) -> None:
    """Load the demo shop into a database that holds no customers yet; say so when an older one has aged."""
    url = settings.resolved_database_url
    if is_store_empty(url):
        load_demo(settings, seed=DEFAULT_SEED)
        return
    if lacks_demo_codes(url):
        _load_codes(settings)
    last_day = find_last_day(url)
    if last_day is not None and local_day(utc_now()) - last_day > DEMO_KEEPS:
        console.print(
            f"The demo shop's last order is of {last_day}, so its parcels look late: "
            "`make demo` brings it up to today."
        )


def load_demo(settings: Settings, *, seed: int) -> None:
    """Load the demo shop and say what was loaded."""
    started = time.monotonic()
    today = _today(load_library(PROJECT_ROOT / "data").shop)
    with steps(WHAT_IS_DONE) as tell:
        report = load_demo_shop(settings.resolved_database_url, today=today, seed=seed, progress=tell)
    adopt_demo_payments(settings.resolved_database_url)
    _load_codes(settings)
    console.print(
        f"Demo shop: {report.products:,} products, {report.stores} stores, {report.customers:,} customers, "
        f"{report.orders:,} orders ({time.monotonic() - started:.1f} s)."
    )


async def load_agents(settings: Settings) -> None:
    """Add the demo shop's agents where they are missing, and say how they sign in.

    Raises:
        StoreUnavailableError: The database cannot be used.
    """
    engine = open_async_engine(settings.resolved_database_url)
    try:
        agents = open_agents(settings, UnitOfWork(engine), load_library(PROJECT_ROOT / "data"))
        added = await load_demo_agents(agents, demo_password(settings.secret.get_secret_value()))
    finally:
        await engine.dispose()
    if added:
        console.print(f"Demo desk: {added} agents; `balie up --demo` says how they sign in.")


def _load_codes(settings: Settings) -> None:
    """Load the demo shop's discount codes and gift cards."""
    shop = load_library(PROJECT_ROOT / "data").shop
    secret = settings.secret.get_secret_value()
    load_demo_codes(settings.resolved_database_url, shop=shop, today=_today(shop), secret=secret)


def _today(shop: Mapping[str, Any]) -> date:
    return local_day(utc_now(), ZoneInfo(shop["timezone"]))


@contextmanager
def _in_one_sentence() -> Iterator[None]:
    try:
        yield
    except BalieError as error:
        raise end_with(error) from error
