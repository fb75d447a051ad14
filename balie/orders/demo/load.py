"""Fills an empty database with the demo shop."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from balie.catalogue.models import ProductRow, StoreRow
from balie.customers.models import CustomerRow
from balie.orders.demo.baskets import BasketMaker
from balie.orders.demo.everyday import EverydaySales, draw_moments
from balie.orders.demo.ledger import Ledger
from balie.orders.demo.moments import LOADED_AT, at
from balie.orders.demo.people import EXTERNAL_ID_PREFIX, make_people
from balie.orders.demo.personas import make_personas
from balie.orders.demo.products import make_products
from balie.orders.demo.rows import TABLES, DemoRows, Progress
from balie.orders.demo.sales import SalesCalendar
from balie.orders.demo.stores import make_stock, make_stores
from balie.orders.demo.stories import write_stories
from balie.orders.errors import StoreNotEmptyError
from balie.orders.models import OrderRow
from balie.storage.bulk import count_rows, delete_everything
from balie.storage.engine import open_sync_engine
from balie.storage.unit_of_work import bulk_write

DAYS: Final = 730
DEFAULT_SEED: Final = 1987
LAST_EVERYDAY_NUMBER: Final = 1_047_000
"""Orders with a story have higher numbers."""

_TELL_EVERY: Final = 1_000


@dataclass(frozen=True, slots=True)
class DemoSize:
    """How large the demo shop is made; orders over 24 months."""

    customers: int = 5_000
    orders: int = 40_500


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What was written."""

    customers: int
    products: int
    stores: int
    orders: int
    rows: int


def load_demo_shop(
    database_url: str,
    *,
    today: date,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
    size: DemoSize | None = None,
) -> DemoReport:
    """Fill a database with the demo shop, all or nothing. An older demo shop is replaced.

    Args:
        database_url: A database with the current tables (``storage.migrate.upgrade``).
        today: The shop's last day, seen at half past seven in the morning.
        seed: The same seed and day give the same rows.
        progress: Told what is going on (``orders``, ``write``), how much is done, out of how much.
        size: How large; None is the full shop.

    Raises:
        StoreNotEmptyError: There are customers of a real shop in it.
        StoreUnavailableError: The database cannot be used.
    """
    tell = progress or _tell_nobody
    engine = open_sync_engine(database_url)
    try:
        with bulk_write(engine) as connection:
            strangers = count_rows(connection, CustomerRow, unlike=("external_id", EXTERNAL_ID_PREFIX))
        if strangers:
            raise StoreNotEmptyError(strangers)
        with _without_garbage_collection():
            rows = make_demo_shop(today=today, seed=seed, progress=tell, size=size or DemoSize())
            with bulk_write(engine) as connection:
                delete_everything(connection, TABLES[::-1])
                rows.write(connection, tell)
    finally:
        engine.dispose()
    return _report(rows)


def is_store_empty(database_url: str) -> bool:
    """Whether there is not one customer yet, so that loading the demo shop takes nothing away.

    Raises:
        StoreUnavailableError: The database cannot be used.
    """
    engine = open_sync_engine(database_url)
    try:
        with bulk_write(engine) as connection:
            return count_rows(connection, CustomerRow) == 0
    finally:
        engine.dispose()


def find_last_day(database_url: str) -> date | None:
    """The day (UTC) of the newest order; None when there is none. A demo shop lives until then.

    Raises:
        StoreUnavailableError: The database cannot be used.
    """
    engine = open_sync_engine(database_url)
    try:
        with bulk_write(engine) as connection:
            newest: datetime | None = connection.execute(select(func.max(OrderRow.placed_at))).scalar_one()
    finally:
        engine.dispose()
    return None if newest is None else newest.date()


def make_demo_shop(*, today: date, seed: int, progress: Progress, size: DemoSize) -> DemoRows:
    """Make every row of the demo shop, in memory; see :func:`load_demo_shop`."""
    rng = random.Random(seed)  # noqa: S311 - dice, not secrets
    first_day, now = today - timedelta(days=DAYS), at(today, LOADED_AT)
    rows = DemoRows()
    stores = make_stores(rows, today=today)
    products = make_products(rows, rng, updated_at=now)
    make_stock(rows, rng, products, stores, today=today)
    personas = make_personas(rows, first_day=first_day, today=today)
    strangers = make_people(rows, rng, size.customers - len(personas), first_day=first_day, today=today)
    ledger, baskets = Ledger(rows, now), BasketMaker(products)
    sales = EverydaySales(rng, ledger, baskets, stores)
    calendar = SalesCalendar(first_day, today)
    moments = draw_moments(rng, [*personas, *strangers], calendar, count=size.orders, now=now)
    for index, (placed_at, person) in enumerate(moments, start=1):
        sales.sell(person, placed_at, LAST_EVERYDAY_NUMBER - len(moments) + index)
        if index % _TELL_EVERY == 0:
            progress("orders", index, len(moments))
    write_stories(ledger, baskets, personas, today=today)
    return rows


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Nothing made here is garbage: looking for some again and again takes a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _report(rows: DemoRows) -> DemoReport:
    return DemoReport(
        customers=len(rows.of(CustomerRow)),
        products=len(rows.of(ProductRow)),
        stores=len(rows.of(StoreRow)),
        orders=len(rows.of(OrderRow)),
        rows=rows.count(),
    )


def _tell_nobody(_doing: str, _done: int, _total: int) -> None:
    """For callers that do not want to know."""
