"""The shapes of the desk's sessions and accounts, as they come in and go out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from balie.agents.kinds import Presence, Role
from balie.agents.views import USUAL_CAPACITY, AgentChanges, NewAgent

LONGEST_PASSWORD: Final = 1000

Password = Annotated[str, StringConstraints(max_length=LONGEST_PASSWORD)]
Line = Annotated[str, StringConstraints(max_length=300)]
Words = Annotated[tuple[Annotated[str, StringConstraints(max_length=60)], ...], Field(max_length=50)]


class _Incoming(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SignIn(_Incoming):
    """What somebody typed."""

    email: Line
    password: Password


class PresenceChange(_Incoming):
    """Whether somebody takes customers now."""

    presence: Presence


class PasswordChange(_Incoming):
    """One's own password, and the one that is to be it."""

    old: Password
    new: Password


class PasswordChoice(_Incoming):
    """Somebody's password from now on."""

    password: Password


class AgentCreation(_Incoming):
    """An account that is to be made."""

    email: Line
    name: Line
    display_name: Line
    role: Role = Role.AGENT
    languages: Words = ()
    topics: Words = ()
    teams: Words = ()
    capacity: int = USUAL_CAPACITY
    password: Password | None = Field(None, description="Null: cannot sign in before one is set.")

    def as_asked(self) -> NewAgent:
        """For the service."""
        return NewAgent(**self.model_dump())


class AgentPatch(_Incoming):
    """What is to be different about an account; what is null or left out stays."""

    email: Line | None = None
    name: Line | None = None
    display_name: Line | None = None
    role: Role | None = None
    languages: Words | None = None
    topics: Words | None = None
    teams: Words | None = None
    capacity: int | None = None
    active: bool | None = Field(None, description="False closes it, and ends every session.")

    def as_asked(self) -> AgentChanges:
        """For the service."""
        return AgentChanges(**self.model_dump())


class TeamShape(BaseModel):
    """A team, and whether it is there now."""

    model_config = ConfigDict(title="Team")

    id: str
    name: dict[str, str]
    open_now: bool
    next_opening: datetime | None


class ColleagueShape(BaseModel):
    """Somebody a conversation can be handed to."""

    model_config = ConfigDict(title="Colleague")

    id: int
    display_name: str
    presence: Presence
    teams: list[str]


class _Person(BaseModel):
    id: int
    email: str
    name: str
    display_name: str
    role: Role
    languages: list[str]
    topics: list[str] = Field(description="Empty: all.")
    capacity: int = Field(description="How many conversations at once.")
    presence: Presence


class DeskAgentShape(_Person):
    """An account."""

    model_config = ConfigDict(title="DeskAgent")

    teams: list[str]
    active: bool


class DeskAgentList(BaseModel):
    """Everybody, also who left."""

    agents: list[DeskAgentShape]


class MeShape(_Person):
    """Who is signed in, and what their desk needs to know."""

    model_config = ConfigDict(title="Me")

    permissions: list[str] = Field(
        description="What the role allows; also `lead` and `admin` for whoever may do what those may."
    )
    teams: list[TeamShape] = Field(description="All teams; one's own are with one's entry in `agents`.")
    codes: list[str] = Field(description="How a conversation can end.")
    languages: list[str] = Field(description="That this agent writes.")
    customer_languages: list[str] = Field(description="In which customers are answered.")
    agents: list[ColleagueShape]


class DeviceShape(BaseModel):
    """A browser in which one is signed in."""

    model_config = ConfigDict(title="Device")

    id: str
    device: str
    created_at: datetime
    last_seen_at: datetime
    current: bool
