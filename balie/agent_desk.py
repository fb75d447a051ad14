"""Puts together what the agents' desk needs (:mod:`balie.bootstrap` hands out the rest)."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from balie.agents.accounts import DeskRules
from balie.agents.demo import DEMO_EMAILS
from balie.agents.service import AgentService
from balie.content.library import Library
from balie.content.render import Renderer
from balie.conversations.bell import Bell
from balie.gateway.desk_hub import DeskHub
from balie.gateway.desk_services import ContentTeams, DeskServices
from balie.handoff.board import DeskBoard
from balie.handoff.in_hand import open_in_hand
from balie.handoff.numbers import NumbersService
from balie.handoff.service import HandoffService
from balie.kernel.clock import Clock, utc_now
from balie.outbox.letters import PostBell
from balie.recommendations.figures import FiguresService
from balie.settings import Settings
from balie.storage.unit_of_work import UnitOfWork


def open_agents(
    settings: Settings, unit_of_work: UnitOfWork, library: Library, clock: Clock = utc_now
) -> AgentService:
    """The accounts of the desk.

    Args:
        settings: With their secrets.
        unit_of_work: The store.
        library: What there is to choose from: languages, topics, teams.
        clock: The present moment.
    """
    rules = DeskRules(
        # People may write languages that the assistant does not.
        languages={*library.languages, *(code for team in library.teams for code in team.languages)},
        topics={*library.intents, *(topic.content.topic for topic in library.topics)},
        teams={team.id for team in library.teams},
        barred=frozenset() if settings.demo else DEMO_EMAILS,
    )
    return AgentService(unit_of_work, settings.secret.get_secret_value(), rules=rules, clock=clock)


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What the desk shows and works with.

    Attributes:
        bell: Rings when something was stored.
        post: Rung when a letter was written.
        figures: What recommendations bring.
    """

    handoffs: HandoffService
    board: DeskBoard
    bell: Bell
    post: PostBell
    figures: FiguresService


def open_desk(
    settings: Settings, unit_of_work: UnitOfWork, renderer: Renderer, parts: DeskParts, clock: Clock
) -> DeskServices:
    """What is behind the desk's addresses; other arguments as of :func:`open_agents`.

    Args:
        settings: With their secrets.
        unit_of_work: The store.
        renderer: The words, and the shop's facts.
        parts: What the desk shows and works with.
        clock: The present moment.
    """
    library = renderer.library
    timezone = ZoneInfo(library.shop["timezone"])
    agents = open_agents(settings, unit_of_work, library, clock)
    return DeskServices(
        agents=agents,
        teams=ContentTeams(library.teams, timezone, always_open=settings.resolved_desk_always_open),
        in_hand=open_in_hand(unit_of_work, renderer, post=parts.post, clock=clock),
        numbers=NumbersService(unit_of_work, clock=clock, timezone=timezone),
        figures=parts.figures,
        languages=library.languages,
        handoffs=parts.handoffs,
        board=parts.board,
        hub=DeskHub(parts.board, agents, parts.bell, clock=clock),
    )
