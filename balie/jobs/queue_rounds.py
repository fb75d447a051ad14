"""Keeps the queue of waiting customers moving: at once when something has happened, and every few seconds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from balie.conversations.bell import Bell
from balie.handoff.keeper import QueueKeeper
from balie.kernel.rounds import Rounds
from balie.storage.errors import StoreUnavailableError

log = logging.getLogger(__name__)

EVERY: Final = timedelta(seconds=5)
"""For what becomes due by itself, and for what other processes have done."""
REST: Final = timedelta(milliseconds=250)
"""At least so long between two rounds: with many conversations something always happens."""
LEARN_EVERY: Final = timedelta(minutes=1)
"""What nobody waits for."""


class QueueRounds:
    """One loop, rung by the bell of the conversations."""

    def __init__(
        self, keeper: QueueKeeper, bell: Bell, *, every: timedelta = EVERY, rest: timedelta = REST
    ) -> None:
        self._keeper = keeper
        self._bell = bell
        self._rest_s = rest.total_seconds()
        self._rounds = Rounds("queue", self.make_round, every=every)
        self._lessons = Rounds("queue lessons", self.learn, every=LEARN_EVERY)
        self._listening: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, until :meth:`stop`."""
        self._listening = asyncio.create_task(self._listen(), name="queue bell")
        self._rounds.start()
        self._lessons.start()

    async def stop(self, grace: timedelta) -> None:
        """Begin no other round, and break off the one that is not done by then."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        await self._rounds.stop(grace)
        await self._lessons.stop(grace)

    async def make_round(self) -> int:
        """One round; answers how many steps were taken, 0 when the store could not be used."""
        return await _unharmed(self._keeper.keep)

    async def learn(self) -> int:
        """What is worth a look now and then; answers how many cases were promised."""
        await _unharmed(self._keeper.learn)
        return await _unharmed(self._keeper.promise_cases)

    async def _listen(self) -> None:
        with self._bell.watching() as watcher:
            while True:
                changes = await watcher.next_changes()
                if changes.rung:
                    self._rounds.ring()
                    await asyncio.sleep(self._rest_s)


async def _unharmed(work: Callable[[], Awaitable[int]]) -> int:
    """Outermost loop of the job: customers who wait must not be forgotten for one that is broken."""
    try:
        return await work()
    except StoreUnavailableError as error:
        log.warning("The queue waits for the database: %s", error)
    except Exception:
        log.exception("A round through the queue broke off.")
    return 0
