"""Does what was promised towards outside worlds: refunds, links to pay, returns the carrier has to know of.

One loop for all of them: each is asked in turn to send what is due. What went wrong is written down with the
promise by whoever made it, and is tried again when its time has come.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final, Protocol

from balie.kernel.rounds import Rounds
from balie.storage.errors import StoreUnavailableError

log = logging.getLogger(__name__)

WAKE_EVERY: Final = timedelta(seconds=30)


class Outgoing(Protocol):
    """Something that has promises to keep (``MoneyBack``, ``PaymentLinks``, ``ReturnAnnouncer``)."""

    async def send_due(self) -> int:
        """Keep what is due; answers how much of it was done."""
        ...


class OutgoingRunner:
    """Wakes everything that has promises to keep."""

    def __init__(
        self,
        outgoing: Mapping[str, Outgoing],
        *,
        wake_every: timedelta = WAKE_EVERY,
        after_work: Callable[[], None] = lambda: None,
    ) -> None:
        """Build the runner.

        Args:
            outgoing: By name, for the log; asked in this order.
            wake_every: It looks by itself so often: for promises of other processes, and for what became due.
            after_work: Called when something was done, which may have left letters to send.
        """
        self._outgoing = dict(outgoing)
        self._after_work = after_work
        self._rounds = Rounds("outgoing", self.send_due, every=wake_every)

    def ring(self) -> None:
        """Say that there is something to do; returns at once. To be called in the service's event loop."""
        self._rounds.ring()

    def start(self) -> None:
        """Begin, until :meth:`stop`."""
        self._rounds.start()

    async def stop(self, grace: timedelta) -> None:
        """Begin nothing else, and break off what is not done by then.

        Args:
            grace: How long to wait. What is broken off is taken up again when its claim has run out.
        """
        await self._rounds.stop(grace)

    async def run(self) -> None:
        """Keep promises whenever the bell rings and now and then; only :meth:`stop` ends it."""
        await self._rounds.run()

    async def send_due(self) -> int:
        """One round; the trouble of one is no trouble of the others. Answers how much was done."""
        done = 0
        for name, outgoing in self._outgoing.items():
            if self._rounds.is_stopping:
                break
            done += await self._send(name, outgoing)
        if done:
            self._after_work()
        return done

    async def _send(self, name: str, outgoing: Outgoing) -> int:
        try:
            return await outgoing.send_due()
        except StoreUnavailableError as error:
            log.warning("The %s wait for the database: %s", name, error)
        except Exception as error:
            # Outermost loop. Without the error's text: what a database says may quote somebody's address.
            log.error("The %s broke off: %s", name, type(error).__name__)  # noqa: TRY400
        return 0
