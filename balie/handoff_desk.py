"""Puts together what passes conversations to people (:mod:`balie.bootstrap` hands out the rest)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from balie.channels.opening import Channels, House, desk_of, open_channels
from balie.channels.port import Cards, TurnTaker
from balie.content.library import Library
from balie.content.render import Renderer
from balie.conversations.continuing import ContinuationService
from balie.conversations.service import ConversationService
from balie.handoff.board import DeskBoard
from balie.handoff.book import Tools
from balie.handoff.elsewhere import HandoffsElsewhere
from balie.handoff.hours import TeamClock
from balie.handoff.keeper import QueueKeeper
from balie.handoff.lining_up import Experience
from balie.handoff.planner import HandoffPlanner
from balie.handoff.sayings import Sayings
from balie.handoff.service import HandoffService
from balie.jobs.queue_rounds import QueueRounds
from balie.kernel.clock import Clock
from balie.kernel.measures import NO_MEASURES, Measures
from balie.settings import Settings
from balie.storage.unit_of_work import UnitOfWork
from balie.turns.persons import Persons


@dataclass(frozen=True, slots=True)
class HandoffDesk:
    """Everything about handoffs.

    Attributes:
        service: What agents do.
        board: What they see.
        persons: What turns ask; None where content has no teams.
        rounds: Whoever keeps the queue moving.
        continuations: Lets conversations go on in another channel.
        open_channels: Everything that is somebody else's, for whoever takes turns and makes cards.
    """

    service: HandoffService
    board: DeskBoard
    persons: Persons | None
    rounds: QueueRounds
    continuations: ContinuationService
    open_channels: Callable[[TurnTaker, Cards], Channels]


def team_clocks(settings: Settings, library: Library) -> dict[str, TeamClock]:
    """When each team is there."""
    timezone = ZoneInfo(library.shop["timezone"])
    return {
        team.id: TeamClock(team, timezone, always_open=settings.resolved_desk_always_open)
        for team in library.teams
    }


def _default_team(library: Library) -> str:
    return "" if library.team_file is None else library.team_file.content.default


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told: customers in words, whoever watches over the service in numbers."""

    renderer: Renderer
    measures: Measures = NO_MEASURES


def open_handoff_desk(
    settings: Settings,
    unit_of_work: UnitOfWork,
    conversations: ConversationService,
    told: Told,
    clock: Clock,
) -> HandoffDesk:
    """Everything about handoffs.

    Args:
        settings: With their secrets.
        unit_of_work: The store.
        conversations: Whose bell is rung.
        told: The words, and what is counted.
        clock: The present moment.
    """
    renderer, bell = told.renderer, conversations.bell
    library = renderer.library
    teams = team_clocks(settings, library)
    tools = Tools(Sayings(renderer), Experience(), told.measures, desk_of(settings))
    persons = None
    if teams:
        planner = HandoffPlanner(unit_of_work, library, tools, teams, clock=clock)
        persons = Persons(conversations, planner, tools, library, clock=clock)
    continuations = ContinuationService(unit_of_work, clock, bell=bell)
    elsewhere = HandoffsElsewhere(unit_of_work, bell, tools, _default_team(library), clock=clock)

    def open_them(turns: TurnTaker, cards: Cards) -> Channels:
        house = House(
            conversations=conversations,
            continuations=continuations,
            bell=bell,
            turns=turns,
            handoffs=elsewhere,
            cards=cards,
            words=renderer,
            clock=clock,
            public_url=settings.resolved_public_url,
        )
        return open_channels(settings, unit_of_work, house)

    keeper = QueueKeeper(unit_of_work, bell, tools, teams, clock=clock)
    return HandoffDesk(
        service=HandoffService(unit_of_work, bell, tools, teams, clock=clock),
        board=DeskBoard(unit_of_work, tools, teams, clock=clock),
        persons=persons,
        rounds=QueueRounds(keeper, bell),
        continuations=continuations,
        open_channels=open_them,
    )
