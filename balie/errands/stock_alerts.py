"""Wishes to hear when something can be bought again, and the letters that say so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from balie.customers.masking import mask_email
from balie.errands.asked import AlertWhenInStock
from balie.errands.askers import get_asker
from balie.errands.kinds import Obstacle
from balie.errands.models import StockAlertRow
from balie.errands.outcomes import ErrandRefused, Facts
from balie.errands.preparing import Prepared, Visit
from balie.errands.shelf_repository import ShelfRepository, Waiting
from balie.kernel.clock import DEFAULT_TIMEZONE, local_day
from balie.outbox.letters import Letter
from balie.outbox.repository import OutboxRepository
from balie.storage.unit_of_work import Session, UnitOfWork

AT_ONCE: Final = 100
"""So long nobody else writes to a database that has one writer."""


async def prepare_alert(visit: Visit, errand: AlertWhenInStock) -> Prepared | ErrandRefused:
    """Keep the wish until the variant is back, or for the days that the shop promises."""
    shelf, customer = ShelfRepository(visit.session), await get_asker(visit)
    variant = await shelf.find_variant(errand.sku)
    if variant is None:
        return ErrandRefused(obstacle=Obstacle.NOT_SOLD)
    facts: Facts = {**variant.thing.facts, "email": mask_email(customer.email)}
    stock = await shelf.find_stock(variant.row.id, None)
    if stock is not None and stock.quantity > 0:
        return ErrandRefused(obstacle=Obstacle.IN_STOCK, instead="place_order", facts=facts)
    alert = await shelf.find_alert(variant.row.id, customer.id)
    if alert is not None and alert.told_at is None and alert.kept_until >= visit.today:
        return ErrandRefused(
            obstacle=Obstacle.ALREADY_SO, facts={**facts, "kept_until": alert.kept_until.isoformat()}
        )
    kept_until = visit.today + timedelta(days=visit.terms.alert_days)

    async def write() -> Facts:
        row = alert or StockAlertRow(variant_id=variant.row.id, customer_id=customer.id)
        row.asked_at, row.kept_until, row.told_at = visit.now, kept_until, None
        visit.session.add(row)
        await visit.session.flush()
        return {}

    return Prepared(
        facts={**facts, "kept_until": kept_until.isoformat()},
        write=write,
        after={"alert": errand.sku, "kept_until": kept_until.isoformat()},
    )


async def tell_alerts(
    unit_of_work: UnitOfWork,
    now: datetime,
    *,
    timezone: ZoneInfo = DEFAULT_TIMEZONE,
    at_once: int = AT_ONCE,
) -> int:
    """Write to everybody whose variant is back, once, and forget wishes that were kept long enough.

    Args:
        unit_of_work: The store.
        now: The present moment.
        timezone: Where the shop's days begin and end.
        at_once: Letters of one transaction.

    Returns:
        How many letters were promised; the post room wants to be rung then.

    Raises:
        StoreUnavailableError: The database cannot be used; what was promised before stays so.
    """
    told, today = 0, local_day(now, timezone)
    async with unit_of_work.write() as session:
        await ShelfRepository(session).drop_lapsed_alerts(today)
    while True:
        async with unit_of_work.write() as session:
            waiting = await ShelfRepository(session).claim_waiting(today, limit=at_once)
            for one in waiting:
                await _tell(session, one, now)
        told += len(waiting)
        if len(waiting) < at_once:
            return told


async def _tell(session: Session, waiting: Waiting, now: datetime) -> None:
    alert, customer = waiting.alert, waiting.customer
    alert.told_at = now
    letter = Letter(
        name="letter_back_in_stock",
        recipient=customer.email,
        language=customer.language,
        facts=waiting.variant.thing.facts_in(customer.language),
        customer_id=customer.id,
    )
    # A row's number may be given again once it is gone; the moment is not.
    key = f"alert:{alert.id}:{alert.asked_at.timestamp():.6f}"
    await OutboxRepository(session).put(letter, key=key, at=now)
