"""What the desk shows of all conversations, and what each customer is shown of the queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from balie.handoff.board_repository import BoardRepository, matches
from balie.handoff.book import Tools
from balie.handoff.errors import HandoffNotFoundError
from balie.handoff.hours import TeamClock
from balie.handoff.kinds import HandoffState
from balie.handoff.lining_up import find_place, rank, why_of
from balie.handoff.priority import points_of
from balie.handoff.repository import HandoffRepository
from balie.handoff.states import WAITING
from balie.handoff.views import DeskItem, Place, Standing
from balie.kernel.clock import Clock, utc_now
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import StoreConnection, UnitOfWork

Result = TypeVar("Result")


class View(StrEnum):
    """Which conversations an agent wants to see."""

    QUEUE = "queue"
    MINE = "mine"
    SNOOZED = "snoozed"
    PROMISED = "promised"
    TEAM = "team"
    ALL = "all"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """Who looks.

    Attributes:
        teams: Those whose queues they see; None: all.
        sees_all: Whether they see what others have.
    """

    agent_id: int
    teams: Sequence[str] | None
    sees_all: bool = False

    def sees_queue_of(self, team: str) -> bool:
        """Whether a team's queue is theirs to look at."""
        return self.teams is None or team in self.teams


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that is open, in order of urgency where it waits.

    Attributes:
        waiting: Queued and offered; the most urgent first.
        accepted: With agents.
        promised: Those who were promised to hear from us, soonest first.
    """

    waiting: tuple[DeskItem, ...]
    accepted: tuple[DeskItem, ...]
    promised: tuple[DeskItem, ...]


class DeskBoard:
    """Reads only."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        tools: Tools,
        teams: Mapping[str, TeamClock],
        *,
        clock: Clock = utc_now,
    ) -> None:
        self._teams = teams
        self._unit_of_work = unit_of_work
        self._tools = tools
        self._clock = clock

    async def look(self) -> Snapshot:
        """Everything that is open now."""
        now = self._clock()
        open_items = await self._read(lambda records: records.list_open(*_OPEN_STATES))
        return arrange([self._with_clocks(item) for item in open_items], now)

    def places(self, snapshot: Snapshot) -> Mapping[ConversationId, Place]:
        """Where everybody stands who waits."""
        now, experience = self._clock(), self._tools.experience
        return {
            item.handoff.conversation_id: experience.place(item.handoff.team, item.position or 1, now)
            for item in snapshot.waiting
        }

    async def list_view(
        self,
        view: View,
        looker: Looker,
        *,
        team: str | None = None,
        words: Sequence[str] = (),
        before: datetime | None = None,
    ) -> tuple[DeskItem, ...]:
        """The conversations of a view; a lead sees everybody's where an agent sees their own.

        Args:
            view: Which.
            looker: Who looks.
            team: Only this team's.
            words: Only those in which all of these stand.
            before: Of ended ones: only those that ended earlier.
        """
        if view is View.RESOLVED:
            whose = None if looker.sees_all else looker.agent_id
            found = await self._read(
                lambda records: records.list_ended(agent_id=whose, team=team, before=before)
            )
        else:
            found = choose(await self.look(), view, looker)
        kept = (item for item in found if team is None or item.handoff.team == team)
        return tuple(item for item in kept if matches(item, words))

    async def get_item(self, conversation_id: ConversationId) -> DeskItem:
        """One conversation as the desk lists it.

        Raises:
            HandoffNotFoundError: No person was ever wanted in it, or it does not exist.
        """
        now = self._clock()

        def look(connection: StoreConnection) -> DeskItem | None:
            item = BoardRepository(connection).find_item(conversation_id)
            if item is None or item.handoff.state not in WAITING:
                return item
            waiting = HandoffRepository(connection).list_in(*WAITING)
            places = {each.handoff.id: each for each in rank(waiting, now)}
            placed = places.get(item.handoff.id)
            if placed is None:
                return item
            return replace(item, why=placed.why, points=placed.points, position=placed.position)

        item = await self._unit_of_work.run_reading(look)
        if item is None:
            raise HandoffNotFoundError
        item = self._with_clocks(item)
        return item if item.why else _weighed(item, now)

    def _with_clocks(self, item: DeskItem) -> DeskItem:
        """The item with what its team promises, counted in hours in which it is there."""
        handoff, there = item.handoff, self._teams.get(item.handoff.team)
        if there is None or handoff.ended_at is not None:
            return item
        is_asked = handoff.state is HandoffState.ACCEPTED and item.last_author == "customer"
        return replace(
            item,
            next_reply_due_at=there.next_reply_due(item.last_at) if is_asked else None,
            resolution_due_at=there.resolution_due(handoff.requested_at),
        )

    async def find_standing(self, conversation_id: ConversationId) -> Standing:
        """What the customer is shown beside their conversation."""
        now = self._clock()

        def look(connection: StoreConnection) -> Standing:
            handoffs = HandoffRepository(connection)
            open_one = handoffs.find_open(conversation_id)
            if open_one is None:
                return Standing()
            if open_one.state in WAITING:
                ranked = rank(handoffs.list_in(*WAITING), now)
                place = find_place(conversation_id, ranked, self._tools.experience, now)
                return Standing(place=place)
            if open_one.state is HandoffState.ACCEPTED and open_one.agent_id is not None:
                return Standing(agent_name=handoffs.find_display_name(open_one.agent_id))
            return Standing()

        return await self._unit_of_work.run_reading(look)

    async def _read(self, work: Callable[[BoardRepository], Result]) -> Result:
        return await self._unit_of_work.run_reading(lambda connection: work(BoardRepository(connection)))


_OPEN_STATES = (*WAITING, HandoffState.ACCEPTED, HandoffState.PROMISED)


def arrange(items: Sequence[DeskItem], now: datetime) -> Snapshot:
    """What is open, sorted into what it is and how urgent it is."""
    of = {item.handoff.id: item for item in items}
    ranked = rank((item.handoff for item in items if item.handoff.state in WAITING), now)
    waiting = tuple(
        replace(of[each.handoff.id], why=each.why, points=each.points, position=each.position)
        for each in ranked
    )
    others = [_weighed(item, now) for item in items if item.handoff.state not in WAITING]
    accepted = [item for item in others if item.handoff.state is HandoffState.ACCEPTED]
    promised = [item for item in others if item.handoff.state is HandoffState.PROMISED]
    promised.sort(key=lambda item: item.handoff.promised_at or item.handoff.requested_at)
    return Snapshot(waiting, tuple(accepted), tuple(promised))


def choose(snapshot: Snapshot, view: View, looker: Looker) -> tuple[DeskItem, ...]:
    """What somebody sees of it in a view."""
    own = [item for item in snapshot.accepted if item.handoff.agent_id == looker.agent_id]
    match view:
        case View.QUEUE:
            return tuple(item for item in snapshot.waiting if _may_see(item, looker))
        case View.PROMISED:
            return tuple(item for item in snapshot.promised if looker.sees_queue_of(item.handoff.team))
        case View.MINE:
            return tuple(item for item in own if item.handoff.snoozed_until is None)
        case View.SNOOZED:
            return tuple(item for item in own if item.handoff.snoozed_until is not None)
        case View.TEAM | View.ALL if looker.sees_all:
            return (*snapshot.waiting, *snapshot.accepted, *snapshot.promised)
        case _:
            return tuple(own)


def _may_see(item: DeskItem, looker: Looker) -> bool:
    return item.handoff.offered_to == looker.agent_id or looker.sees_queue_of(item.handoff.team)


def _weighed(item: DeskItem, now: datetime) -> DeskItem:
    why = why_of(item.handoff, now)
    return replace(item, why=why, points=points_of(why))
