"""A store that dies where it is told to, and looks at every step before it is committed."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, event

from tests.support.store import BreakableUnitOfWork
from tests.support.walk_checks import everything, newest_event, over_capacity, steps_since
from tests.support.walk_moves import AFTER_COMMIT

Result = TypeVar("Result")


class DiedError(Exception):
    """The process died here."""


class WatchedUnitOfWork(BreakableUnitOfWork):
    """The real thing, that dies where it is told to and looks at every step before it is committed."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.crashes: list[int] = []
        self.interlude: Callable[[], Awaitable[None]] | None = None
        self.taken: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.crashed = 0
        self.compares = True
        """Whether the store is compared before and after a crash; not while several things happen."""

    async def run_writing(self, work: Callable[[Connection], Result]) -> Result:
        interlude, self.interlude = self.interlude, None
        if interlude is not None:
            await interlude()
        if not self.crashes:
            return await super().run_writing(partial(self._watched, work))
        place = self.crashes.pop()
        self.crashed += 1
        if place == AFTER_COMMIT:
            await super().run_writing(partial(self._watched, work))
            raise DiedError
        before = await self.run_reading(everything) if self.compares else ()
        try:
            return await super().run_writing(partial(self._dying, work, place))
        except DiedError:
            if self.compares and await self.run_reading(everything) != before:
                self.wrong.append(f"something is left of a transaction that died at statement {place}")
            raise

    def _watched(self, work: Callable[[Connection], Result], connection: Connection) -> Result:
        newest = newest_event(connection)
        result = work(connection)
        for step, agent_id in steps_since(connection, newest):
            self.taken[step] += 1
            if step == "accept" and agent_id is not None:
                wrong = over_capacity(connection, agent_id)
                self.wrong += [] if wrong is None else [wrong]
        return result

    def _dying(self, work: Callable[[Connection], Result], place: int, connection: Connection) -> Result:
        left = [place]

        def count(*_arguments: Any) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise DiedError

        event.listen(connection, "after_cursor_execute", count)
        work(connection)
        # Everything was written, and nothing was committed.
        raise DiedError


class Complaints(logging.Handler):
    """Collects what was logged as broken although no process died."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, DiedError):
            self.heard.append(f"{record.getMessage()} {error!r}")
