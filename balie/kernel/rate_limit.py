"""How often somebody may do something: in memory, one number per somebody."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Final

WINDOW_S: Final = 60.0
TIDY_ABOVE: Final = 10_000


class RateLimit:
    """So many in each window for each key, all at once or spread (the generic cell rate algorithm)."""

    def __init__(
        self,
        per_window: int,
        *,
        seconds: Callable[[], float] = time.monotonic,
        window_s: float = WINDOW_S,
    ) -> None:
        """Build a limit.

        Args:
            per_window: How many.
            seconds: Tells the time in seconds from any beginning.
            window_s: The window; a minute.
        """
        self._window_s = window_s
        self._interval_s = window_s / per_window
        self._seconds = seconds
        self._paid_until: dict[Hashable, float] = {}

    def take(self, key: Hashable) -> float:
        """Count one for this key, if it is allowed.

        Returns:
            0 when it is; else in how many seconds it will be (nothing is counted then).
        """
        now = self._seconds()
        paid_until = max(self._paid_until.get(key, now), now) + self._interval_s
        wait_s = paid_until - now - self._window_s
        # Sums of fractions are never exact: a millisecond is no reason to refuse.
        if wait_s > 0.001:
            return wait_s
        self._paid_until[key] = paid_until
        if len(self._paid_until) > TIDY_ABOVE:
            self._forget_the_idle(now)
        return 0.0

    def _forget_the_idle(self, now: float) -> None:
        self._paid_until = {key: until for key, until in self._paid_until.items() if until > now}
