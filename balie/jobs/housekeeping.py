"""What has to be done now and then, whether anybody asks or not: alerts, what lapses, who is to be forgotten.

Every chore may be done again at any time, by any number of processes: doing it twice changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final, TypeAlias

from balie.kernel.rounds import Rounds
from balie.storage.errors import StoreUnavailableError

log = logging.getLogger(__name__)

EVERY: Final = timedelta(minutes=10)
FIRST_AFTER: Final = timedelta(minutes=1)
"""After a start, customers come first."""

Chore: TypeAlias = Callable[[], Awaitable[int]]
"""Does what there is to do; answers how much that was."""


class Housekeeping:
    """Does every chore in turn; the trouble of one is no trouble of the others."""

    def __init__(
        self,
        chores: Mapping[str, Chore],
        *,
        name: str = "housekeeping",
        after_work: Callable[[], None] = lambda: None,
        every: timedelta = EVERY,
        first_after: timedelta = FIRST_AFTER,
    ) -> None:
        """Build it.

        Args:
            chores: By what they did, for the log (``alerts told``); done in this order.
            name: What the rounds are called in the log.
            after_work: Called when something was done, which may have left letters to send.
            every: How long it rests between two rounds.
            first_after: How long it rests before the first.
        """
        self._chores = dict(chores)
        self._after_work = after_work
        self._rounds = Rounds(name, self.do_all, every=every, first_after=first_after)

    def start(self) -> None:
        """Begin, until :meth:`stop`."""
        self._rounds.start()

    async def stop(self, grace: timedelta) -> None:
        """Begin no other chore, and break off the one that is not done by then: its transaction is undone."""
        await self._rounds.stop(grace)

    async def run(self) -> None:
        """Do it all now and then; only :meth:`stop` ends it."""
        await self._rounds.run()

    async def do_all(self) -> Mapping[str, int]:
        """One round; answers how much each chore did, 0 where it broke off."""
        done: dict[str, int] = {}
        for name, chore in self._chores.items():
            if self._rounds.is_stopping:
                break
            done[name] = await _do(name, chore)
        if any(done.values()):
            self._after_work()
        return done


async def _do(name: str, chore: Chore) -> int:
    try:
        count = await chore()
    except StoreUnavailableError as error:
        log.warning("Housekeeping (%s) waits for the database: %s", name, error)
        return 0
    except Exception as error:
        # Outermost loop. Without the error's text: what a database says may quote somebody's address.
        log.error("Housekeeping (%s) broke off: %s", name, type(error).__name__)  # noqa: TRY400
        return 0
    if count:
        log.info("Housekeeping: %d %s.", count, name)
    return count
