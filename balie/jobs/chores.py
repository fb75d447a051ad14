"""Which chores there are (:class:`balie.jobs.housekeeping.Housekeeping` does them)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from balie.agents.forgetting import forget_old_sign_ins
from balie.baskets.forgetting import forget_old_baskets
from balie.errands.collecting import release_lapsed_collections
from balie.errands.links import LinkService
from balie.errands.privacy import PrivacyService
from balie.errands.stock_alerts import tell_alerts
from balie.jobs.housekeeping import Chore
from balie.kernel.clock import DEFAULT_TIMEZONE, Clock
from balie.orders.changes import ChangeService
from balie.storage.unit_of_work import UnitOfWork

LINKS_KEPT: Final = timedelta(days=7)
"""How long the page of a link that has expired can still say so."""


def list_chores(
    unit_of_work: UnitOfWork,
    changes: ChangeService,
    privacy: PrivacyService,
    *,
    clock: Clock,
    timezone: ZoneInfo = DEFAULT_TIMEZONE,
) -> Mapping[str, Chore]:
    """Every chore, by what it did.

    Args:
        unit_of_work: The store.
        changes: What was kept aside for exchanges, and the keys of changes.
        privacy: Who is to be erased.
        clock: The present moment.
        timezone: Where the shop's days begin and end.
    """

    async def tell() -> int:
        return await tell_alerts(unit_of_work, clock(), timezone=timezone)

    async def release() -> int:
        return await release_lapsed_collections(unit_of_work, clock(), timezone=timezone)

    async def forget_links() -> int:
        return await LinkService(unit_of_work, clock=clock).forget_expired(clock() - LINKS_KEPT)

    async def forget_baskets() -> int:
        return await forget_old_baskets(unit_of_work, clock())

    async def forget_sign_ins() -> int:
        return await forget_old_sign_ins(unit_of_work, clock())

    return {
        "old baskets forgotten": forget_baskets,
        "alerts told": tell,
        "collections put back": release,
        "reservations put back": changes.release_lapsed_reservations,
        "customers erased": privacy.erase_due,
        "old links forgotten": forget_links,
        "old keys forgotten": changes.forget_old_keys,
        "old sign-ins forgotten": forget_sign_ins,
    }
