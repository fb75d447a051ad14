"""Teams of agents: what they know, when they are there, how soon they answer (``data/desk/teams.yml``).

Who belongs to a team stands in the store of agents; who of them gets a customer is decided by the handoff.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, time
from functools import cached_property
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from balie.catalogue.hours import Period, SpecialDay, StoreCalendar
from balie.content.articles import Language, Sentence, Title

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TeamId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


def _as_written(value: Any) -> Any:
    """YAML reads 8:30 without quotes as a number of seconds; nobody means that."""
    if isinstance(value, int):
        # pydantic tells a writer of a ValueError only
        raise ValueError('write a time in quotes: "08:30"')  # noqa: TRY004
    return value


TimeOfDay = Annotated[time, BeforeValidator(_as_written)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TeamHours(_Part):
    """A stretch in which the team is there, on each of some weekdays."""

    days: Annotated[list[str], Field(min_length=1)]
    opens_at: TimeOfDay
    closes_at: TimeOfDay

    @model_validator(mode="after")
    def _makes_sense(self) -> TeamHours:
        unknown = [day for day in self.days if day not in WEEKDAYS]
        if unknown:
            raise ValueError(f"{unknown[0]} is no weekday: write one of {', '.join(WEEKDAYS)}")
        _check_order(self.opens_at, self.closes_at)
        return self


class TeamSpecialDay(_Part):
    """A day on which the usual hours do not hold; without times the team is not there."""

    day: date
    opens_at: TimeOfDay | None = None
    closes_at: TimeOfDay | None = None
    reason: dict[Language, Sentence] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _makes_sense(self) -> TeamSpecialDay:
        if (self.opens_at is None) != (self.closes_at is None):
            raise ValueError("a special day has both times, or none")
        if self.opens_at is not None and self.closes_at is not None:
            _check_order(self.opens_at, self.closes_at)
        return self

    @property
    def period(self) -> Period | None:
        """When the team is there all the same."""
        if self.opens_at is None or self.closes_at is None:
            return None
        return Period(self.opens_at, self.closes_at)


class ServiceLevel(_Part):
    """How soon the team means to answer, in minutes in which it is there."""

    first_reply_minutes: Annotated[int, Field(ge=1)]
    next_reply_minutes: Annotated[int, Field(ge=1)]
    resolution_minutes: Annotated[int, Field(ge=1)]


class Team(_Part):
    """Agents who answer the same customers.

    Attributes:
        languages: Those its agents can be expected to speak.
        topics: Intents, or topics of articles, that this team knows about; empty: everything.
        country: ISO 3166 code; its public holidays close the team.
    """

    id: TeamId
    name: dict[Language, Title]
    languages: Annotated[list[Language], Field(min_length=1)]
    topics: list[str] = Field(default_factory=list)
    country: str
    hours: Annotated[list[TeamHours], Field(min_length=1)]
    special_days: list[TeamSpecialDay] = Field(default_factory=list)
    sla: ServiceLevel

    @cached_property
    def week(self) -> Mapping[int, Sequence[Period]]:
        """Periods per weekday, 0 is Monday, in order; a missing weekday is closed."""
        week: dict[int, list[Period]] = defaultdict(list)
        for hours in self.hours:
            for day in hours.days:
                week[WEEKDAYS.index(day)].append(Period(hours.opens_at, hours.closes_at))
        return {
            day: sorted(periods, key=lambda period: period.opens_at) for day, periods in sorted(week.items())
        }

    @cached_property
    def calendar(self) -> StoreCalendar:
        """When the team is there, by the rules that stores open by."""
        special_days = {each.day: SpecialDay(each.period, each.reason) for each in self.special_days}
        return StoreCalendar(self.week, special_days, self.country)


class TeamFile(_Part):
    """``data/desk/teams.yml``.

    Attributes:
        default: The team that gets what no other team knows about.
    """

    default: TeamId
    teams: Annotated[list[Team], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_are_told_apart(self) -> TeamFile:
        ids = [team.id for team in self.teams]
        twice = [name for name in ids if ids.count(name) > 1]
        if twice:
            raise ValueError(f"two teams are called {twice[0]}")
        if self.default not in ids:
            raise ValueError(f"the default team {self.default} is not among the teams")
        return self

    @property
    def default_team(self) -> Team:
        """The team that gets what no other team knows about."""
        return next(team for team in self.teams if team.id == self.default)

    def find(self, team_id: str) -> Team | None:
        """The team called so."""
        return next((team for team in self.teams if team.id == team_id), None)

    def team_for(self, topics: Sequence[str], language: str) -> Team:
        """The team that should answer.

        Args:
            topics: What it is about: the intent and its topic; empty when that is not known.
            language: The customer's; a team that knows about it and does not speak it is passed over.

        Returns:
            The first team that knows about one of these in particular, else the default.
        """
        for team in self.teams:
            if language in team.languages and any(topic in team.topics for topic in topics):
                return team
        return self.default_team


def _check_order(opens_at: time, closes_at: time) -> None:
    if opens_at >= closes_at:
        raise ValueError("it closes before it opens")
