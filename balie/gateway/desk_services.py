"""What the desk's addresses work with; bootstrap fills it, tests fill what they need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from balie.advice.for_agents import AgentAdviser
from balie.agents.service import AgentService
from balie.content.teams import Team
from balie.gateway.agent_names import AgentNames
from balie.gateway.desk_hub import DeskHub
from balie.gateway.limits import RateLimit
from balie.handoff.board import DeskBoard
from balie.handoff.in_hand import InHand
from balie.handoff.numbers import NumbersService
from balie.handoff.service import HandoffService
from balie.recommendations.figures import FiguresService

SIGN_INS_PER_MINUTE: Final = 30
"""Per client address, failed or not: hashing a password is dear, and an office has one address."""


@dataclass(frozen=True, slots=True)
class TeamNow:
    """A team of agents, as the desk shows it.

    Attributes:
        names: By language.
        next_opening: When it opens, where it is closed now; None when it is open, or nobody knows.
    """

    id: str
    names: Mapping[str, str]
    open_now: bool
    next_opening: datetime | None


class TeamBoard(Protocol):
    """Says which teams there are, and which of them are there now."""

    def list_teams(self, now: datetime) -> Sequence[TeamNow]:
        """Every team, in the order of the content."""
        ...


@dataclass(frozen=True, slots=True)
class ContentTeams:
    """The teams as content has them (``data/desk/teams.yml``).

    Attributes:
        always_open: Whether their hours do not matter: in the demo, somebody tries it at night.
    """

    teams: Sequence[Team]
    timezone: ZoneInfo
    always_open: bool

    def list_teams(self, now: datetime) -> tuple[TeamNow, ...]:
        """Every team, in the order of the content."""
        return tuple(self._team(team, now) for team in self.teams)

    def _team(self, team: Team, now: datetime) -> TeamNow:
        opening = team.calendar.find_opening(now, self.timezone)
        is_open = self.always_open or (opening is not None and opening.open_now)
        opens_at = None if is_open or opening is None else opening.opens_at
        return TeamNow(team.id, dict(team.name), is_open, opens_at)


@dataclass(frozen=True, slots=True)
class DeskServices:
    """Everything behind the desk's addresses.

    Attributes:
        teams: None where content has no teams.
        in_hand: The card and what belongs to it; None where there is none.
        numbers: Counts the figures; None where there are none.
        figures: Counts what recommendations bring; None where there are none.
        advice: What agents might suggest; None where nothing is recommended.
        languages: In which customers are answered.
        handoffs: What agents do with conversations; None where there are none to be had.
        board: What lists of them show; as ``handoffs``.
        hub: Tells open desks what changes; as ``handoffs``.
        names: What agents are called.
    """

    agents: AgentService
    teams: TeamBoard | None = None
    in_hand: InHand | None = None
    advice: AgentAdviser | None = None
    numbers: NumbersService | None = None
    figures: FiguresService | None = None
    languages: tuple[str, ...] = ()
    sign_in_limit: RateLimit = field(default_factory=lambda: RateLimit(SIGN_INS_PER_MINUTE))
    handoffs: HandoffService | None = None
    board: DeskBoard | None = None
    hub: DeskHub | None = None
    names: AgentNames = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", AgentNames(self.agents))

    def start(self) -> None:
        """Begin to tell open desks what changes; in the event loop that serves them."""
        if self.hub is not None:
            self.hub.start()

    async def stop(self) -> None:
        """Tell them no more."""
        if self.hub is not None:
            await self.hub.stop()
