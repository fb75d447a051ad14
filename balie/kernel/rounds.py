"""Something that is done again and again, for as long as the service runs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta


class Rounds:
    """One loop: a round, a rest, the next round. A bell ends the rest early."""

    def __init__(
        self,
        name: str,
        make_round: Callable[[], Awaitable[object]],
        *,
        every: timedelta,
        first_after: timedelta = timedelta(),
    ) -> None:
        """Build the loop.

        Args:
            name: Of its task.
            make_round: One round. It deals with its own troubles: one that raises ends the loop.
            every: How long it rests between two rounds.
            first_after: How long it rests before the first.
        """
        self._name = name
        self._make_round = make_round
        self._every = every
        self._first_after = first_after
        self._rung = asyncio.Event()
        self._stopping = False
        self._running: asyncio.Task[None] | None = None

    @property
    def is_stopping(self) -> bool:
        """Whether nothing else is to be begun."""
        return self._stopping

    def ring(self) -> None:
        """Say that there is something to do; returns at once. To be called in the service's event loop."""
        self._rung.set()

    def start(self) -> None:
        """Begin, until :meth:`stop`."""
        self._running = asyncio.create_task(self.run(), name=self._name)

    async def stop(self, grace: timedelta) -> None:
        """Begin no other round, and break off the one that is not done by then.

        Args:
            grace: How long to wait.
        """
        self._stopping = True
        self.ring()
        if self._running is None:
            return
        _, unfinished = await asyncio.wait([self._running], timeout=grace.total_seconds())
        for task in unfinished:
            task.cancel()
            await asyncio.wait([task])

    async def run(self) -> None:
        """Make rounds; only :meth:`stop` ends it."""
        await self._rest(self._first_after)
        while not self._stopping:
            self._rung.clear()
            await self._make_round()
            await self._rest(self._every)

    async def _rest(self, time: timedelta) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(time.total_seconds()):
                await self._rung.wait()
