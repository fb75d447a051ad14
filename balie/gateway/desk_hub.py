"""One look at everything that waits, for all desks of this process; tells them, and customers who wait.

The bell rings for every conversation, also for the many that never need a person. So the hub looks at most
every 150 ms, and each line of the lists is put into words once, however many desks show it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from balie.agents.service import AgentService
from balie.agents.views import AgentView
from balie.conversations.bell import Bell, Watcher
from balie.gateway.desk_absences import BACK_WITHIN, Absences
from balie.gateway.desk_item_wire import (
    Names,
    colleagues_json,
    conversation_item_json,
    queue_item_json,
    waited_s,
)
from balie.handoff.board import DeskBoard, Snapshot
from balie.handoff.views import DeskItem, Place
from balie.kernel.clock import Clock, utc_now
from balie.kernel.ids import ConversationId
from balie.storage.errors import StoreUnavailableError

log = logging.getLogger(__name__)


RETRY: Final = timedelta(milliseconds=500)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the hub looks.

    Attributes:
        between: The shortest time between two looks while a desk is open.
        alone: The same while none is: only waiting customers hear of it then.
        refresh: The longest time: points and expected waits change with time alone.
        absence: After how long without a desk somebody is not online.
    """

    between: timedelta = timedelta(milliseconds=150)
    alone: timedelta = timedelta(seconds=2)
    refresh: timedelta = timedelta(minutes=1)
    absence: timedelta = BACK_WITHIN


@dataclass(frozen=True, slots=True)
class Line:
    """An open conversation, and how desks are told of it; both texts are JSON objects.

    Attributes:
        queued: As one who waits, without ``waited_s``.
        listed: As a conversation, without ``waited_s``.
    """

    item: DeskItem
    queued: str
    listed: str


@dataclass(frozen=True, slots=True)
class Sight:
    """What the hub saw.

    Attributes:
        lines: Every open conversation.
        colleagues: Everybody at the desk, as JSON.
    """

    snapshot: Snapshot
    lines: Mapping[ConversationId, Line]
    names: Names
    colleagues: str


@dataclass(eq=False, slots=True)
class Seat:
    """One open desk.

    Attributes:
        agent: Whose it is, as last looked up.
        watcher: Hears every conversation; woken when the hub has seen something.
    """

    agent: AgentView
    watcher: Watcher


class DeskHub:
    """Looks for everybody. Whoever is slow, or gone without a word, holds nobody else up."""

    def __init__(
        self,
        board: DeskBoard,
        agents: AgentService,
        bell: Bell,
        *,
        pace: Pace = Pace(),
        clock: Clock = utc_now,
    ) -> None:
        """Build it.

        Args:
            board: What there is to see.
            agents: Who is there.
            bell: Rings when something was stored.
            pace: How often it looks.
            clock: The present moment.
        """
        self._board = board
        self._agents = agents
        self._bell = bell
        self._clock = clock
        self._pace = pace
        self._absences = Absences(agents, self.look_again, pace.absence)
        self._seats: set[Seat] = set()
        self._again = asyncio.Event()
        self._opened = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._places: Mapping[ConversationId, Place] = {}
        self._refreshed_at = 0.0
        self.sight: Sight | None = None

    def start(self) -> None:
        """Begin to look; in the event loop of the bell."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="desk hub")

    async def stop(self) -> None:
        """Look no more. Who is online stays so: a restart is nobody's absence."""
        self._absences.stop()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    @contextlib.contextmanager
    def seated(self, agent: AgentView) -> Iterator[Seat]:
        """A place at the hub until the block ends."""
        with self._bell.watching() as watcher:
            seat = Seat(agent, watcher)
            if not self._seats:
                self._opened.set()
            self._seats.add(seat)
            self._absences.came(agent.id)
            self.look_again()
            watcher.wake()
            try:
                yield seat
            finally:
                self._seats.discard(seat)
                self._absences.left(agent.id)

    def look_again(self) -> None:
        """Something has changed that the bell does not ring for, such as who is there."""
        self._again.set()

    def timed(self, item: DeskItem, words: str) -> str:
        """A line's ``queued`` or ``listed`` text, with how long the customer has waited by now."""
        return f'{words[:-1]}, "waited_s": {waited_s(item, self._clock())}}}'

    async def _run(self) -> None:
        with self._bell.watching() as watcher:
            hearing = asyncio.create_task(self._hear(watcher), name="desk hub hears")
            try:
                await self._absences.begin()
                while True:
                    await self._look_or_try_later()
                    await _wait_for(self._opened, self._pace.between if self._seats else self._pace.alone)
                    self._opened.clear()
                    await _wait_for(self._again, self._pace.refresh)
            finally:
                hearing.cancel()
                await asyncio.gather(hearing, return_exceptions=True)

    async def _hear(self, watcher: Watcher) -> None:
        while True:
            if (await watcher.next_changes()).rung:
                self._again.set()

    async def _look_or_try_later(self) -> None:
        self._again.clear()
        try:
            await self._look()
        except StoreUnavailableError as error:
            log.warning("The desks wait for the database: %s", error)
        except Exception:
            # Outermost loop: desks go on with what they have until the next look.
            log.exception("Looking at what waits broke off.")
        else:
            return
        self._again.set()
        await asyncio.sleep(RETRY.total_seconds())

    async def _look(self) -> None:
        snapshot = await self._board.look()
        self._tell_customers(snapshot)
        if not self._seats:
            self.sight = None
            return
        people = await self._agents.list_agents()
        names = {agent.id: agent.display_name for agent in people}
        self.sight = Sight(snapshot, self._lines(snapshot, names), names, json.dumps(colleagues_json(people)))
        for seat in self._seats:
            seat.watcher.wake()

    def _lines(self, snapshot: Snapshot, names: Names) -> Mapping[ConversationId, Line]:
        before = self.sight.lines if self.sight is not None and self.sight.names == names else {}
        lines = {}
        for item in (*snapshot.waiting, *snapshot.accepted, *snapshot.promised):
            conversation_id = item.handoff.conversation_id
            known = before.get(conversation_id)
            lines[conversation_id] = (
                known if known is not None and known.item == item else line_of(item, names)
            )
        return lines

    def place_of(self, conversation_id: ConversationId) -> Place | None:
        """Where a customer stood at the last look; None when they did not wait then."""
        return self._places.get(conversation_id)

    def _tell_customers(self, snapshot: Snapshot) -> None:
        """Tell those whose place is another, and now and then all: a page may have come since."""
        now = asyncio.get_running_loop().time()
        told = self._places
        if now - self._refreshed_at >= self._pace.refresh.total_seconds():
            told, self._refreshed_at = {}, now
        self._places = self._board.places(snapshot)
        for conversation_id, place in self._places.items():
            if told.get(conversation_id) != place:
                wait = place.wait
                minutes = None if wait is None else (wait.from_minutes, wait.to_minutes)
                self._bell.tell_place(conversation_id, place.position, minutes)


def line_of(item: DeskItem, names: Names) -> Line:
    """How desks are told of a conversation."""
    return Line(item, json.dumps(queue_item_json(item)), json.dumps(conversation_item_json(item, names)))


async def _wait_for(event: asyncio.Event, most: timedelta) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(most.total_seconds()):
            await event.wait()
