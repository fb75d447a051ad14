"""Takes up what came in, plans what has to go out, and sends it, for as long as the service runs.

Both ways keep the order of each conversation, and side by side go only different ones. No transaction is open
while the other side thinks. What a crash breaks off is taken up again when its claim has run out.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from balie.channels.errors import NotWantedAnyMoreError, OutsideRefusedError, OutsideUnavailableError
from balie.channels.kinds import CallState
from balie.channels.patience import EVENT_ATTEMPTS, wait_after
from balie.channels.port import OutsideChannel
from balie.channels.store import ChannelStore
from balie.channels.views import ClaimedCall, StoredEvent
from balie.conversations.bell import Bell
from balie.kernel.clock import Clock, utc_now
from balie.kernel.errors import BalieError, ErrorKind
from balie.kernel.rounds import Rounds
from balie.storage.errors import StoreUnavailableError

log = logging.getLogger(__name__)

WAKE_EVERY: Final = timedelta(seconds=1)
"""It looks by itself so often: for what became due, and what other processes left."""

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
        self._listening: asyncio.Task[None] | None = None
        self._rounds = Rounds("channels", self.make_round, every=wake_every)
        self._tidied_at: datetime | None = None

    def ring(self) -> None:
        """Say that something came in or has to go out; returns at once. To be called in the event loop."""
        self._rounds.ring()

    def start(self) -> None:
        """Begin, until :meth:`stop`."""
        if self._channels:
            self._listening = asyncio.create_task(self._listen(), name="channels' ear")
            self._rounds.start()

    async def stop(self, grace: timedelta) -> None:
        """Begin nothing else, break off what is not done by then, and let go of connections.

        Args:
            grace: How long to wait.
        """
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait([self._listening])
        await self._rounds.stop(grace)
        for channel in self._channels:
            await channel.aclose()

    async def make_round(self) -> int:
        """Everything that is there to do, in every channel; never raises. Answers how much was done."""
        done = await asyncio.gather(*(self._guarded(channel) for channel in self._channels))
        return sum(done)

    async def settle(self) -> None:
        """Make rounds until there is nothing left that is due."""
        while await self.make_round():
            pass

    async def _listen(self) -> None:
        with self._bell.watching() as watcher:
            while True:
                await watcher.next_changes()
                self.ring()

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
        done = await self._side_by_side(lambda: self._take_one(channel))
        done += await self._plan(channel)
        done += await self._side_by_side(lambda: self._send_one(channel))
        await self._tidy()
        return done

    async def _side_by_side(self, step: Callable[[], Awaitable[bool]]) -> int:
        async def work() -> int:
            count = 0
            while not self._rounds.is_stopping and await step():
                count += 1
            return count

        if not await step():
            return 0
        return 1 + sum(await asyncio.gather(*(work() for _ in range(SIDE_BY_SIDE))))

    async def _take_one(self, channel: OutsideChannel) -> bool:
        event = await self._store.claim_event(channel.name)
        if event is None:
            return False
        try:
            await channel.take(event)
        except BalieError as error:
            await self._give_back(event, error.code, again=error.kind is ErrorKind.UNAVAILABLE)
        except Exception as error:
            # Whatever broke: one event must not stop the others.
            log.error("Event %d of %s broke off: %s", event.id, channel.name, place_of(error))  # noqa: TRY400
            await self._give_back(event, "broke_off", again=True)
        else:
            await self._store.finish_event(event)
        return True

    async def _give_back(self, event: StoredEvent, trouble: str, *, again: bool) -> None:
        if not again:
            log.info("Event %d (%s) changed nothing: %s", event.id, event.kind, trouble)
            await self._store.finish_event(event, trouble=trouble)
        elif event.attempts >= EVENT_ATTEMPTS:
            log.error("Event %d (%s) was given up: %s", event.id, event.kind, trouble)
            await self._store.finish_event(event, trouble=trouble, given_up=True)
        else:
            log.warning("Event %d (%s) is taken up again: %s", event.id, event.kind, trouble)
            await self._store.postpone_event(event, trouble, wait_after(event.attempts))

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
        try:
            await channel.send(call)
        except OutsideUnavailableError as error:
            wait = wait_after(call.attempts, error.retry_after)
            maybe_sent = error.maybe_done or call.maybe_sent
            log.warning("Call %d (%s) is tried again: %s", call.id, call.kind, error.reason)
            await self._store.postpone_call(call, error.reason, wait, maybe_sent=maybe_sent)
        except OutsideRefusedError as error:
            log.error("Call %d (%s) was given up: %s", call.id, call.kind, error.reason)  # noqa: TRY400
            await self._store.end_call(call, CallState.GIVEN_UP, error.reason)
        except NotWantedAnyMoreError as error:
            await self._store.end_call(call, CallState.DROPPED, error.code)
        except StoreUnavailableError as error:
            await self._store.postpone_call(call, error.code, wait_after(call.attempts), maybe_sent=True)
        except Exception as error:
            log.error("Call %d (%s) broke off: %s", call.id, call.kind, place_of(error))  # noqa: TRY400
            await self._break_off(call)
        else:
            await self._store.note_sent(call)
        return True

    async def _break_off(self, call: ClaimedCall) -> None:
        await self._store.postpone_call(call, "broke_off", wait_after(call.attempts), maybe_sent=True)

    async def _tidy(self) -> None:
        now = self._clock()
        if self._tidied_at is None or now >= self._tidied_at + TIDY_EVERY:
            self._tidied_at = now
            await self._store.forget_old()


def place_of(error: Exception) -> str:
    """What kind of error it was, and where; not what it says."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name}, line {last.lineno} of {Path(last.filename).name}"
