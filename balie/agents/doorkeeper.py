"""Counts tries to sign in before any password is looked at."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from balie.agents.attempt_repository import AttemptRepository, Tried
from balie.agents.errors import TooManyAttemptsError
from balie.agents.limits import KNOWN_FOR, LOOK_BACK, PER_ADDRESS, PER_EMAIL
from balie.kernel.clock import Clock
from balie.storage.unit_of_work import Session, UnitOfWork


class Doorkeeper:
    """Lets tries through, and keeps count of those that failed.

    Somebody who has signed in from an address before is counted there apart: nobody can shut them out by
    failing in their name elsewhere.
    """

    def __init__(self, unit_of_work: UnitOfWork, secret: str, clock: Clock) -> None:
        """Build it; who tried and from where is stored sealed with the service's ``secret``."""
        self._unit_of_work = unit_of_work
        self._key = secret.encode()
        self._clock = clock

    async def admit(self, email: str, address: str) -> int:
        """Count a try as one that failed, until :meth:`note_success` says otherwise.

        That is committed before anything is compared, and then all are counted: of a hundred at once, no
        more are let through than of a hundred in a row.

        Returns:
            The number of the try.

        Raises:
            TooManyAttemptsError: Too many have failed; this one is not counted.
        """
        tried = Tried(self._digest(b"agent e-mail", email), self._digest(b"agent address", address))
        await self._check(tried, but=None)
        async with self._unit_of_work.write() as session:
            attempt_id = await AttemptRepository(session).add(tried, self._clock())
        try:
            await self._check(tried, but=attempt_id)
        except TooManyAttemptsError:
            async with self._unit_of_work.write() as session:
                await AttemptRepository(session).take_back(attempt_id)
            raise
        return attempt_id

    async def note_success(self, session: Session, attempt_id: int) -> None:
        """Say, in the caller's transaction, that a try did not fail."""
        await AttemptRepository(session).mark_succeeded(attempt_id)

    async def _check(self, tried: Tried, *, but: int | None) -> None:
        now = self._clock()
        wait = await self._unit_of_work.run_asking(lambda session: _wait(session, tried, now, but))
        if wait > timedelta():
            raise TooManyAttemptsError(wait.total_seconds())

    def _digest(self, purpose: bytes, text: str) -> str:
        message = purpose + b"\0" + text.encode("utf-8", "surrogatepass")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


async def _wait(session: Session, tried: Tried, now: datetime, but: int | None) -> timedelta:
    repository, since = AttemptRepository(session), now - LOOK_BACK
    known = await repository.find_last_success(tried, since=now - KNOWN_FOR)
    most = PER_EMAIL.most_counted
    if known is None:
        of_email = await repository.list_failures_of_email(tried, since=since, but=but, most=most)
    else:
        of_email = await repository.list_failures_here(tried, after=known, but=but, most=most)
    at_address = await repository.list_failures_at_address(
        tried, since=since, but=but, most=PER_ADDRESS.most_counted
    )
    return max(PER_EMAIL.wait(of_email, now), PER_ADDRESS.wait(at_address, now))
