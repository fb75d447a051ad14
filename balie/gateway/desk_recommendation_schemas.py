"""The shapes of what recommendations bring, as it goes out. Amounts are minor units of `currency`."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field


class IntervalShape(BaseModel):
    """An estimate, and within what it lies in 95 of 100 cases; null where nothing can be said."""

    value: float | None
    low: float | None
    high: float | None


class RateShape(BaseModel):
    """How many of how many."""

    count: int
    of: int
    share: IntervalShape


class GroupShape(BaseModel):
    """People who were shown something unasked, or from whom it was withheld."""

    bought: RateShape
    revenue: IntervalShape = Field(description="What one of them brought on average.")


class LiftShape(BaseModel):
    """Those who were shown something unasked against the hold-out; one person counts once."""

    shown: GroupShape
    held_out: GroupShape
    difference: IntervalShape = Field(description="Of the shares that bought.")
    ratio: IntervalShape = Field(description="The first share divided by the second.")
    revenue: IntervalShape = Field(description="How much more one of those who were shown something brought.")


class PartShape(BaseModel):
    """The figures of a list, a segment or a mood; the empty name is that of none."""

    name: str
    shown: int
    clicks: RateShape
    baskets: RateShape
    dismissed: RateShape
    purchases: RateShape
    revenue_minor: int
    per_shown: IntervalShape
    lift: LiftShape


class AskedDays(BaseModel):
    """What was asked for; both days count."""

    first: date
    last: date
    timezone: str


class RecommendationFigures(BaseModel):
    """What came of everything shown in a period, until now."""

    asked: AskedDays
    currency: str
    settled: bool = Field(description="Whether every purchase that counts can have been made by now.")
    total: PartShape
    lists: list[PartShape]
    segments: list[PartShape]
    moods: list[PartShape]
    segment_names: dict[str, dict[str, str]] = Field(description="By segment, per language.")
