"""When a team is there, and what that makes of "within five minutes". Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from balie.content.teams import Team

PROMISE_WITHIN: Final = timedelta(hours=4)
"""Of opening hours: within so much of them whoever does not wait has heard from us."""
_MOST_STRETCHES: Final = 100


@dataclass(frozen=True, slots=True)
class TeamClock:
    """One team's hours.

    Attributes:
        always_open: The hours do not matter: in the demo, somebody tries it at night.
    """

    team: Team
    timezone: ZoneInfo
    always_open: bool = False

    def is_open(self, now: datetime) -> bool:
        """Whether somebody should be there."""
        if self.always_open:
            return True
        opening = self.team.calendar.find_opening(now, self.timezone)
        return opening is not None and opening.open_now

    def next_opening(self, now: datetime) -> datetime | None:
        """When somebody is there again; None when the team is there now, and when nobody knows."""
        opening = self.team.calendar.find_opening(now, self.timezone)
        if self.always_open or opening is None or opening.open_now:
            return None
        return opening.opens_at

    def after_open_time(self, now: datetime, span: timedelta) -> datetime:
        """The moment by which the team has been there for so long."""
        if self.always_open:
            return now + span
        moment = now
        for _ in range(_MOST_STRETCHES):
            opening = self.team.calendar.find_opening(moment, self.timezone)
            if opening is None:
                break
            begin = max(moment, opening.opens_at)
            if opening.closes_at - begin >= span:
                return begin + span
            span -= opening.closes_at - begin
            moment = opening.closes_at
        return moment + span

    def first_reply_due(self, now: datetime) -> datetime:
        """By when an agent should have answered who is asked for now."""
        return self.after_open_time(now, timedelta(minutes=self.team.sla.first_reply_minutes))

    def next_reply_due(self, since: datetime) -> datetime:
        """By when an agent should have answered who has waited for an answer since then."""
        return self.after_open_time(since, timedelta(minutes=self.team.sla.next_reply_minutes))

    def resolution_due(self, since: datetime) -> datetime:
        """By when it should be over what began then."""
        return self.after_open_time(since, timedelta(minutes=self.team.sla.resolution_minutes))

    def promise(self, now: datetime) -> datetime:
        """By when a customer who does not wait hears from us; on a full quarter of an hour."""
        due = self.after_open_time(now, PROMISE_WITHIN)
        over = timedelta(minutes=due.minute % 15, seconds=due.second, microseconds=due.microsecond)
        return due if not over else due - over + timedelta(minutes=15)
