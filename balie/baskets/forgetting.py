"""What is forgotten of baskets by itself."""

from __future__ import annotations

from datetime import datetime

from balie.baskets.code_repository import CodeRepository
from balie.baskets.limits import ATTEMPTS_KEPT, STRANGERS_BASKETS_KEPT
from balie.baskets.repository import BasketRepository
from balie.storage.unit_of_work import UnitOfWork


async def forget_old_baskets(unit_of_work: UnitOfWork, now: datetime) -> int:
    """Remove what strangers left behind a month ago, and counts of wrong codes; answers how many."""
    async with unit_of_work.write() as session:
        baskets = await BasketRepository(session).forget_strangers(now - STRANGERS_BASKETS_KEPT)
        return baskets + await CodeRepository(session).forget_attempts(now - ATTEMPTS_KEPT)
