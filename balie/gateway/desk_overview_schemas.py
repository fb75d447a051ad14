"""The shapes of the desk's figures, as they go out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel


class ShareShape(BaseModel):
    """A part of a whole; `share` is null of nothing."""

    count: int
    of: int
    share: float | None


class SpreadShape(BaseModel):
    """How long something took, in seconds (nearest rank); null when it never happened."""

    count: int
    median_s: float | None
    p90_s: float | None


class RatingsShape(BaseModel):
    """How customers said it went, from 1 to 5."""

    answered: ShareShape
    average: float | None
    distribution: dict[str, int]


class MoodShape(BaseModel):
    """How customers felt before and after, from -1 to 1."""

    count: int
    before: float | None
    after: float | None
    better: int
    same: int
    worse: int


class FiguresShape(BaseModel):
    """Every figure of one slice, or of several together."""

    conversations: int
    handoff_rate: ShareShape
    by_assistant: ShareShape
    by_person: ShareShape
    unsolved: ShareShape
    repeats: dict[str, ShareShape]
    handoffs: int
    reasons: dict[str, int]
    first_reply: SpreadShape
    in_time: ShareShape
    resolution: SpreadShape
    ratings: RatingsShape
    mood: MoodShape


class NowShape(BaseModel):
    """How it stands at this moment."""

    waiting: int
    longest_s: int | None
    with_agents: int
    promised: int


class NamedFigures(BaseModel):
    """The figures of one day, team or language; the empty name is that of no team."""

    name: str
    figures: FiguresShape


class Labels(BaseModel):
    """What was asked for."""

    first: date
    last: date
    timezone: str
    team: str | None
    language: str | None


class OverviewShape(BaseModel):
    """Every figure of a period."""

    asked: Labels
    now: NowShape
    total: FiguresShape
    days: list[NamedFigures]
    teams: list[NamedFigures]
    languages: list[NamedFigures]


class BehindShape(BaseModel):
    """A conversation that a figure counts, and why."""

    conversation_id: UUID
    at: datetime
    language: str
    team: str
    why: dict[str, Any]


class BehindList(BaseModel):
    """The newest conversations behind a figure."""

    items: list[BehindShape]
    count: int
