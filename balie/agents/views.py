"""What services tell of the people at the desk, and what they are told. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from balie.agents.kinds import Presence, Role

USUAL_CAPACITY: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentView:
    """Somebody who answers customers.

    Attributes:
        email: What they sign in with, in lower case.
        name: For colleagues.
        display_name: What customers read.
        languages: That they write, such as ``nl``.
        topics: Of the taxonomy; empty: all.
        teams: Ids of ``data/desk/teams.yml``.
        capacity: How many conversations at once.
        presence_at: Since when ``presence`` is so.
        active: False: cannot sign in any more.
    """

    id: int
    email: str
    name: str
    display_name: str
    role: Role
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    teams: tuple[str, ...]
    capacity: int
    presence: Presence
    presence_at: datetime
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAgent:
    """An account that is to be made; fields as in :class:`AgentView`.

    Attributes:
        password: None: cannot sign in before one is set.
    """

    email: str
    name: str
    display_name: str
    role: Role = Role.AGENT
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    capacity: int = USUAL_CAPACITY
    password: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentChanges:
    """What is to be different about an account; None leaves it."""

    email: str | None = None
    name: str | None = None
    display_name: str | None = None
    role: Role | None = None
    languages: tuple[str, ...] | None = None
    topics: tuple[str, ...] | None = None
    teams: tuple[str, ...] | None = None
    capacity: int | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has begun.

    Attributes:
        token: For the browser alone; nobody can tell it a second time.
        expires_at: Whatever happens; without a visit it is over sooner.
    """

    token: str
    agent: AgentView
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """One browser in which somebody is signed in.

    Attributes:
        device: What the browser calls itself, cut short.
        is_current: Whether it is the one that asks.
    """

    id: int
    device: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    is_current: bool
