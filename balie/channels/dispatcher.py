"""Takes up what came in, plans what has to go out, and sends it, for as long as the service runs.

Both ways keep the order of each conversation, and side by side go only different ones. No transaction is open
while the other side thinks. What a crash breaks off is taken up again when its claim has run out.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, cast

from balie.channels.express import Express
from balie.channels.port import CustomerChannel, OutsideChannel
from balie.channels.steps import Steps
from balie.channels.store import ChannelStore
from balie.conversations.bell import Bell
from balie.kernel.clock import Clock, utc_now
from balie.kernel.errors import place_of
from balie.kernel.ids import ConversationId
from balie.kernel.rounds import Rounds
from balie.storage.errors import StoreUnavailableError

log = logging.getLogger(__name__)

WAKE_EVERY: Final = timedelta(seconds=1)
"""It looks by itself so often: for what became due, and what other processes left."""

SETTLE_IN: Final = timedelta(seconds=0.5)
"""What customers did while nobody was there comes in first, so that it can be taken up in its order."""

SIDE_BY_SIDE: Final = 4
TIDY_EVERY: Final = timedelta(days=1)


class Dispatcher:
    """The one loop behind every channel that is somebody else's."""

    def __init__(
        self,
        store: ChannelStore,
        channels: Sequence[OutsideChannel],
        bell: Bell,
        *,
        clock: Clock = utc_now,
        wake_every: timedelta = WAKE_EVERY,
    ) -> None:
        """Build it.

        Args:
            store: Where it all stands.
            channels: In which order they are served does not matter.
            bell: Rings when something was said here that others may have to hear.
            clock: The present moment.
            wake_every: How long it rests when nobody rings.
        """
        self._store = store
        self._channels = tuple(channels)
        self._bell = bell
        self._clock = clock
        self._steps = Steps(store)
        self._listening: asyncio.Task[None] | None = None
        self.express = Express(store, {channel.name: channel for channel in _of_customers(channels)})
        # One loop each: whoever is slow over there holds up nobody else.
        self._rounds = {
            channel.name: Rounds(
                f"channel {channel.name}",
                partial(self._guarded, channel),
                every=wake_every,
                first_after=SETTLE_IN if self.express.serves(channel.name) else timedelta(),
            )
            for channel in self._channels
        }
        self._tidied_at: datetime | None = None

    def ring(self) -> None:
        """Say that something came in or has to go out; returns at once. To be called in the event loop."""
        for rounds in self._rounds.values():
            rounds.ring()

    def start(self) -> None:
        """Begin, until :meth:`stop`."""
        if self._channels:
            self._listening = asyncio.create_task(self._listen(), name="channels' ear")
        for rounds in self._rounds.values():
            rounds.start()

    async def stop(self, grace: timedelta) -> None:
        """Begin nothing else, break off what is not done by then, and let go of connections.

        Args:
            grace: How long to wait.
        """
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait([self._listening])
        stopping = (rounds.stop(grace) for rounds in self._rounds.values())
        await asyncio.gather(self.express.stop(grace), *stopping)
        for channel in self._channels:
            await channel.aclose()

    async def make_round(self) -> int:
        """Everything that is there to do, in every channel; never raises. Answers how much was done."""
        begun = await self.express.wait_until_idle()
        done = await asyncio.gather(*(self._guarded(channel) for channel in self._channels))
        return begun + sum(done)

    async def settle(self) -> None:
        """Make rounds until there is nothing left that is due."""
        while await self.make_round():
            pass

    def hear(self, conversations: Iterable[ConversationId]) -> None:
        """Say that something was stored in conversations; returns at once."""
        for conversation_id in conversations:
            self.express.ring(conversation_id)
        for name, rounds in self._rounds.items():
            if not self.express.serves(name):
                rounds.ring()

    async def _listen(self) -> None:
        with self._bell.watching() as watcher:
            while True:
                changes = await watcher.next_changes()
                self.hear(changes.rung)

    async def _guarded(self, channel: OutsideChannel) -> int:
        try:
            return await self._serve(channel)
        except StoreUnavailableError as error:
            log.warning("Channel %s waits for the database: %s", channel.name, error)
        except Exception as error:
            # Outermost loop. Without the error's text: it may quote a message.
            log.error("A round of channel %s broke off: %s", channel.name, place_of(error))  # noqa: TRY400
        return 0

    async def _serve(self, channel: OutsideChannel) -> int:
        is_over = lambda: self._rounds[channel.name].is_stopping  # noqa: E731
        done = await self._side_by_side(lambda: self._take_one(channel), is_over)
        done += await self._plan(channel)
        done += await self._side_by_side(lambda: self._send_one(channel), is_over)
        await self._tidy()
        return done

    async def _side_by_side(self, step: Callable[[], Awaitable[bool]], is_over: Callable[[], bool]) -> int:
        async def work() -> int:
            count = 0
            while not is_over() and await step():
                count += 1
            return count

        if not await step():
            return 0
        return 1 + sum(await asyncio.gather(*(work() for _ in range(SIDE_BY_SIDE))))

    async def _take_one(self, channel: OutsideChannel) -> bool:
        event = await self._store.claim_event(channel.name)
        if event is None:
            return False
        await self._steps.take(channel, event)
        return True

    async def _plan(self, channel: OutsideChannel) -> int:
        if channel.links_by_handoff:
            await self._store.link_handed_over(channel.name)
        planned = 0
        for conversation_id in await self._store.list_to_plan(channel.name):
            planned += await self._store.plan(conversation_id, channel.name, channel.plan)
        return planned

    async def _send_one(self, channel: OutsideChannel) -> bool:
        call = await self._store.claim_call(channel.name)
        if call is None:
            return False
        await self._steps.send(channel, call)
        return True

    async def _tidy(self) -> None:
        now = self._clock()
        if self._tidied_at is None or now >= self._tidied_at + TIDY_EVERY:
            self._tidied_at = now
            await self._store.forget_old()


def _of_customers(channels: Sequence[OutsideChannel]) -> list[CustomerChannel]:
    """Channels that customers talk in; the others are desks."""
    return [cast("CustomerChannel", channel) for channel in channels if hasattr(channel, "limits")]
