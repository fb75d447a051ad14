"""Sends what waits in the outbox, letter by letter, for as long as the service runs.

No transaction is open while the mail server thinks: claim, commit, write and send, write down, commit.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from balie.kernel.clock import Clock, utc_now
from balie.kernel.errors import BalieError, place_of
from balie.kernel.rounds import Rounds
from balie.outbox.letters import ClaimedLetter, LetterState
from balie.outbox.repository import OutboxRepository
from balie.post.errors import MailNotSentError
from balie.post.letter_writer import LetterWriter
from balie.post.port import MailCarrier
from balie.storage.errors import StoreUnavailableError
from balie.storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

KEPT: Final = timedelta(days=30)
"""How long a letter that was sent, or given up, can still be read in the store."""

HOUSEKEEPING_EVERY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a post room spends its time.

    Attributes:
        wake_every: It looks by itself so often: for letters of other processes, and those that became due.
        lease: How long a claimed letter is nobody else's.
        longest: How long a letter may take to be written and sent; with ``store_delays`` less than the lease.
        store_delays: Seconds between tries to write down what came of a letter while the database is locked.
    """

    wake_every: timedelta = timedelta(seconds=30)
    lease: timedelta = timedelta(minutes=2)
    longest: timedelta = timedelta(seconds=80)
    store_delays: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0, 15.0)


USUAL: Final = Rhythm()


@dataclass(frozen=True, slots=True)
class _Trouble:
    code: str
    permanent: bool = False
    stops_all: bool = False


class PostRoom:
    """Delivers the letters of the outbox, each at least once and hardly ever twice (``OutboxRepository``)."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        writer: LetterWriter,
        carrier: MailCarrier,
        *,
        clock: Clock = utc_now,
        rhythm: Rhythm = USUAL,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._writer = writer
        self._carrier = carrier
        self._clock = clock
        self._rhythm = rhythm
        self._rounds = Rounds("post room", self._make_round, every=rhythm.wake_every)
        self._tidied_at: datetime | None = None

    def ring(self) -> None:
        """Say that a letter was committed; returns at once. To be called in the service's event loop."""
        self._rounds.ring()

    def start(self) -> None:
        """Begin to deliver, until :meth:`stop`."""
        self._rounds.start()

    async def stop(self, grace: timedelta) -> None:
        """Take up no other letter, and break off the one that is not done by then.

        Args:
            grace: How long to wait. A letter broken off is sent when its claim has run out.
        """
        await self._rounds.stop(grace)

    async def run(self) -> None:
        """Deliver what is due, whenever the bell rings and now and then; only :meth:`stop` ends it."""
        await self._rounds.run()

    async def _make_round(self) -> None:
        try:
            await self.deliver_due()
            await self._tidy()
        except StoreUnavailableError as error:
            log.warning("The post room waits for the database: %s", error)
        except Exception as error:
            # Outermost loop. Without the error's text: it may quote a letter.
            log.error("The post room's round broke off: %s", place_of(error))  # noqa: TRY400

    async def deliver_due(self) -> int:
        """Send every letter that is due; ends early when the mail server can take none.

        Returns:
            How many were sent.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        sent = 0
        while not self._rounds.is_stopping:
            async with self._unit_of_work.write() as session:
                outbox = OutboxRepository(session)
                claimed = await outbox.claim_due(self._clock(), lease=self._rhythm.lease)
            if claimed is None:
                break
            trouble = await self._try(claimed)
            await self._patiently_record(claimed, trouble)
            sent += trouble is None
            if trouble is not None and trouble.stops_all:
                break
        return sent

    async def _try(self, claimed: ClaimedLetter) -> _Trouble | None:
        try:
            async with asyncio.timeout(self._rhythm.longest.total_seconds()):
                await self._carrier.send(await self._writer.write(claimed, at=self._clock()))
        except MailNotSentError as error:
            return _Trouble(error.reason, permanent=error.permanent, stops_all=error.stops_all)
        except TimeoutError:
            return _Trouble("timed_out", stops_all=True)
        except StoreUnavailableError as error:
            return _Trouble(error.code, stops_all=True)
        except BalieError as error:
            return _Trouble(error.code, permanent=True)
        except Exception as error:
            # Whatever broke: one letter must not hold up those behind it.
            log.error("Letter %d broke off: %s", claimed.id, place_of(error))  # noqa: TRY400
            return _Trouble("broke_off")
        return None

    async def _patiently_record(self, claimed: ClaimedLetter, trouble: _Trouble | None) -> None:
        """Once a letter was sent, it is worth some patience to write that down: else it is sent again."""
        for delay in self._rhythm.store_delays:
            try:
                return await self._record(claimed, trouble)
            except StoreUnavailableError as error:
                log.warning("What came of letter %d waits for the database: %s", claimed.id, error)
            await asyncio.sleep(delay)
        return await self._record(claimed, trouble)

    async def _record(self, claimed: ClaimedLetter, trouble: _Trouble | None) -> None:
        name, now = claimed.letter.name, self._clock()
        async with self._unit_of_work.write() as session:
            outbox = OutboxRepository(session)
            if trouble is None:
                await outbox.mark_sent(claimed, at=now)
                state = LetterState.SENT
            else:
                state = await outbox.mark_failed(claimed, trouble.code, at=now, permanent=trouble.permanent)
        if trouble is None:
            log.info("Letter %d (%s) was sent.", claimed.id, name)
        elif state is LetterState.GIVEN_UP:
            log.error("Letter %d (%s) was given up: %s", claimed.id, name, trouble.code)
        else:
            log.warning(
                "Letter %d (%s) was not sent, try %d: %s", claimed.id, name, claimed.attempts, trouble.code
            )

    async def _tidy(self) -> None:
        now = self._clock()
        if self._tidied_at is not None and now < self._tidied_at + HOUSEKEEPING_EVERY:
            return
        async with self._unit_of_work.write() as session:
            emptied = await OutboxRepository(session).forget_old(now - KEPT)
        self._tidied_at = now
        if emptied:
            log.info("Forgot what stood in %d old letters.", emptied)
