"""How long a customer will wait, as honestly as can be said. Pure.

Time per place: the median over the last ten minutes, else the last two hours, else the last three weeks
(as Zendesk does it); nothing is said with fewer than twenty observations, nor under one minute (Dynamics);
what is said is a range (Genesys).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

WINDOWS: Final = (timedelta(minutes=10), timedelta(hours=2), timedelta(weeks=3))
FEWEST: Final = 20
SHORTEST: Final = timedelta(minutes=1)
SPREAD: Final = 0.25


@dataclass(frozen=True, slots=True)
class Observation:
    """How long somebody waited for each place that they stood in the queue."""

    accepted_at: datetime
    per_place: timedelta


@dataclass(frozen=True, slots=True)
class WaitRange:
    """From how many to how many whole minutes."""

    from_minutes: int
    to_minutes: int


def estimate_wait(position: int, observed: Sequence[Observation], now: datetime) -> WaitRange | None:
    """How long whoever stands at this place will wait.

    Args:
        position: 1 is next.
        observed: What earlier customers of the same team experienced, in any order.
        now: The present moment.

    Returns:
        None when it is not known, and when it is under a minute.
    """
    for window in WINDOWS:
        recent_s = [seen.per_place.total_seconds() for seen in observed if now - seen.accepted_at <= window]
        if len(recent_s) >= FEWEST:
            return _range(timedelta(seconds=median(recent_s)) * position)
    return None


def _range(wait: timedelta) -> WaitRange | None:
    if wait < SHORTEST:
        return None
    minutes = wait / timedelta(minutes=1)
    least = max(1, math.floor(minutes * (1 - SPREAD)))
    return WaitRange(least, max(least + 1, math.ceil(minutes * (1 + SPREAD))))
