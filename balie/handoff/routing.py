"""Whom a waiting customer is offered to. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AgentLoad:
    """An agent of the team, and how busy they are.

    Attributes:
        topics: What they know about; empty: everything.
        is_online: Whether they take customers now.
        busy: How many conversations they have, those offered to them included.
        last_given_at: When they were given one last; None: never today.
    """

    agent_id: int
    languages: Collection[str]
    topics: Collection[str]
    teams: Collection[str]
    capacity: int
    is_online: bool
    busy: int
    last_given_at: datetime | None = None

    @property
    def has_room(self) -> bool:
        """Whether they take one more."""
        return self.is_online and self.busy < self.capacity


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is needed.

    Attributes:
        topic: What it is about; None: anything.
        not_agents: Those who declined, or had it and are gone.
    """

    team: str
    language: str
    topic: str | None = None
    not_agents: Collection[int] = ()


def choose_agent(wanted: Wanted, loads: Sequence[AgentLoad]) -> int | None:
    """Who gets the next customer.

    Whoever speaks the language, if anybody of the team does at all; then whoever knows the topic, if one of
    those has room; then the one with the largest share of their room left, and among equals the one who
    has waited longest for a customer.

    Returns:
        None when nobody suitable has room: then the customer waits.
    """
    team = [load for load in loads if wanted.team in load.teams]
    speakers = [load for load in team if wanted.language in load.languages] or team
    free = [load for load in speakers if load.has_room and load.agent_id not in wanted.not_agents]
    experts = [load for load in free if _knows(load, wanted.topic)] or free
    if not experts:
        return None
    return min(experts, key=_order).agent_id


def _knows(load: AgentLoad, topic: str | None) -> bool:
    return topic is not None and (topic in load.topics or not load.topics)


def _order(load: AgentLoad) -> tuple[float, float, int]:
    last = load.last_given_at.timestamp() if load.last_given_at is not None else 0.0
    return load.busy / load.capacity, last, load.agent_id
