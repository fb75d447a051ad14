"""Pieces that are put aside in a store, to be fetched and paid there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from balie.catalogue.assemble import store_calendar
from balie.catalogue.kinds import StoreService
from balie.catalogue.models import StoreRow
from balie.catalogue.repository import StoreRepository
from balie.errands.asked import PutAside
from balie.errands.askers import get_asker
from balie.errands.collecting_rules import nearest, ready_at
from balie.errands.kinds import Obstacle
from balie.errands.letters import write_to_customer
from balie.errands.outcomes import ErrandRefused, Facts
from balie.errands.preparing import Prepared, Visit
from balie.errands.shelf_repository import ShelfRepository, Variant
from balie.kernel.clock import DEFAULT_TIMEZONE, local_day
from balie.storage.unit_of_work import UnitOfWork

MOST_OPEN: Final = 5
"""Of one customer: a shelf is for more than one."""

MOST_ELSEWHERE: Final = 3


async def prepare_collection(visit: Visit, errand: PutAside) -> Prepared | ErrandRefused:
    """Put one piece aside; it has left the store's stock then."""
    shelf, customer = ShelfRepository(visit.session), await get_asker(visit)
    variant = await shelf.find_variant(errand.sku)
    if variant is None:
        return ErrandRefused(obstacle=Obstacle.NOT_SOLD)
    store = await StoreRepository(visit.session).find_by_code(errand.store_code)
    if store is None or not _hands_out(store):
        return ErrandRefused(obstacle=Obstacle.NOT_COLLECTABLE)
    facts: Facts = {**variant.thing.facts, **_store_facts(store)}
    if await shelf.count_open_collections(customer.id) >= MOST_OPEN:
        return ErrandRefused(obstacle=Obstacle.TOO_MANY, facts={**facts, "most": MOST_OPEN})
    stock = await shelf.find_stock(variant.row.id, store.id, lock=visit.is_confirmed)
    if stock is None or stock.quantity < 1:
        elsewhere = await _elsewhere(shelf, variant, store)
        return ErrandRefused(
            obstacle=Obstacle.NOT_IN_STORE,
            instead=None if elsewhere else "back_in_stock_alert",
            facts={**facts, "elsewhere": elsewhere},
        )
    kept_until = visit.today + timedelta(days=visit.terms.collect_days)
    facts = {**facts, **await _ready(visit, store), "kept_until": kept_until.isoformat()}

    async def write() -> Facts:
        assert visit.turn is not None, "only what is confirmed is written"
        row = await shelf.put_aside(stock, customer.id, at=visit.now, kept_until=kept_until)
        letter_facts = {**facts, **variant.thing.facts_in(visit.asker.language), "number": row.number}
        key = f"collection:{visit.turn.message_id}:{visit.turn.part}"
        await write_to_customer(visit, "letter_collection", letter_facts, key=key)
        return {"number": row.number}

    return Prepared(facts=facts, write=write, after={"put_aside": errand.sku, "store": store.code})


async def release_lapsed_collections(
    unit_of_work: UnitOfWork, now: datetime, *, timezone: ZoneInfo = DEFAULT_TIMEZONE
) -> int:
    """Put back what nobody fetched in time; answers how many pieces there were.

    Raises:
        StoreUnavailableError: The database cannot be used.
    """
    async with unit_of_work.write() as session:
        shelf = ShelfRepository(session)
        lapsed = await shelf.list_lapsed_collections(local_day(now, timezone))
        await shelf.put_back(lapsed, at=now)
    return sum(collection.quantity for collection in lapsed)


async def _ready(visit: Visit, store: StoreRow) -> Facts:
    """By when it lies ready: a moment, and its hour for a sentence; both None when the store stays closed."""
    stores = StoreRepository(visit.session)
    hours = await stores.list_hours(store.id)
    calendar = store_calendar(store, hours, await stores.list_special_hours(store.id))
    ready = ready_at(visit.now, visit.terms.collect_ready_hours, calendar, visit.timezone)
    if ready is None:
        return {"ready_by": None, "ready_time": None}
    return {"ready_by": ready.isoformat(timespec="minutes"), "ready_time": f"{ready:%H:%M}"}


async def _elsewhere(shelf: ShelfRepository, variant: Variant, store: StoreRow) -> list[Facts]:
    others = {one.code: one for one in await shelf.list_stores_with(variant.row.id) if _hands_out(one)}
    places = [(code, (one.latitude, one.longitude)) for code, one in others.items()]
    codes = nearest((store.latitude, store.longitude), places, most=MOST_ELSEWHERE)
    return [_store_facts(others[code]) for code in codes]


def _hands_out(store: StoreRow) -> bool:
    return StoreService.CLICK_AND_COLLECT.value in store.services


def _store_facts(store: StoreRow) -> dict[str, str]:
    return {"store_code": store.code, "store": store.name, "city": store.city}
