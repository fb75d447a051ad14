"""What the desk forgets: sessions long over, tries to sign in that count no longer."""

from __future__ import annotations

from datetime import datetime

from balie.agents.attempt_repository import AttemptRepository
from balie.agents.limits import KNOWN_FOR, LOOK_BACK
from balie.agents.repository import SessionRepository
from balie.agents.sessions import KEPT
from balie.storage.unit_of_work import UnitOfWork


async def forget_old_sign_ins(unit_of_work: UnitOfWork, now: datetime) -> int:
    """Delete them; answers how many rows that were. Doing it again does nothing."""
    async with unit_of_work.write() as session:
        attempts = await AttemptRepository(session).forget(
            failures_before=now - LOOK_BACK, successes_before=now - KNOWN_FOR
        )
        return attempts + await SessionRepository(session).forget_before(now - KEPT)
