"""Trains recommendations in a process of its own: the service keeps its memory, and its processor.

The process is :mod:`balie.jobs.recommending`; nothing here imports it. What it is to do goes in on its
standard input, because an argument, which everybody can list, is no place for a database's password.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from balie.kernel.clock import Clock
from balie.recommendations.errors import ListTrainingFailedError
from balie.recommendations.kinds import ListKind
from balie.recommendations.repository import RunWriter
from balie.recommendations.signal_repository import SignalRepository
from balie.settings import PROJECT_ROOT
from balie.storage.unit_of_work import StoreConnection, UnitOfWork

NIGHTLY: Final = timedelta(hours=20)
"""At least so long after the last training, whatever came of it."""

SEED: Final = 1
THREADS: Final = 2
LONGEST_LINE: Final = 1 << 20

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOrder:
    """What is to be trained.

    Attributes:
        database_url: Of the store, password and all.
        currency: Of the prices that are compared with each other (ISO 4217).
    """

    database_url: str
    currency: str
    lists: Sequence[ListKind] = tuple(ListKind)
    seed: int = SEED
    threads: int = THREADS

    def as_line(self) -> bytes:
        """As the process reads it."""
        document = {
            "database_url": self.database_url,
            "currency": self.currency,
            "lists": [kind.value for kind in self.lists],
            "seed": self.seed,
            "threads": self.threads,
        }
        return json.dumps(document).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class ListVerdict:
    """What became of one list.

    Attributes:
        figures: What it was judged on, as stored with its run.
        reason: Why it is not served; None when it is.
        rows: How many were stored.
    """

    kind: ListKind
    figures: Mapping[str, Any]
    reason: str | None
    rows: int


async def train_lists(order: TrainingOrder, tell: Tell) -> tuple[ListVerdict, ...]:
    """Train, and answer what became of each list.

    Args:
        order: What is to be done.
        tell: Told which step goes on (``read``, ``judge``, ``learn``, ``keep``), what is done, of how much.

    Raises:
        ListTrainingFailedError: It broke off; what was served before still is.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "balie.jobs.recommending",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=PROJECT_ROOT,
        limit=LONGEST_LINE,
    )
    try:
        return await _follow(process, order, tell)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _follow(
    process: asyncio.subprocess.Process, order: TrainingOrder, tell: Tell
) -> tuple[ListVerdict, ...]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(order.as_line())
    process.stdin.close()
    verdicts = []
    async for line in process.stdout:
        said = json.loads(line)
        if "step" in said:
            tell(said["step"], said["done"], said["total"])
        elif "verdict" in said:
            verdicts.append(_verdict(said["verdict"]))
        else:
            raise ListTrainingFailedError(said["error"]["message"])
    if await process.wait() != 0 or len(verdicts) != len(order.lists):
        raise ListTrainingFailedError(f"its process ended with {process.returncode}")
    return tuple(verdicts)


def _verdict(said: Mapping[str, Any]) -> ListVerdict:
    return ListVerdict(ListKind(said["list"]), said["figures"], said["reason"], said["rows"])


class NightlyTraining:
    """The chore: trains when there is something new, at most once a day."""

    def __init__(self, unit_of_work: UnitOfWork, order: TrainingOrder, clock: Clock, *, is_on: bool) -> None:
        self._is_on = is_on
        self._unit_of_work = unit_of_work
        self._order = order
        self._clock = clock
        self._tried_at: datetime | None = None

    async def train_when_due(self) -> int:
        """Train if it is time; answers how many lists went live."""
        now = self._clock()
        if not self._is_on:
            return 0
        if self._tried_at is not None and now - self._tried_at < NIGHTLY:
            return 0
        if not await self._unit_of_work.run_reading(lambda connection: is_due(connection, now)):
            return 0
        self._tried_at = now
        verdicts = await train_lists(self._order, _tell_nobody)
        return sum(verdict.reason is None for verdict in verdicts)


def is_due(connection: StoreConnection, now: datetime) -> bool:
    """Whether there are orders that the served list does not know, and it is old enough."""
    newest = SignalRepository(connection).find_newest_order()
    if newest is None:
        return False
    live = RunWriter(connection).find_live(ListKind.PERSONAL)
    return live is None or (newest > live.learned_until and now - live.created_at >= NIGHTLY)


def _tell_nobody(_step: str, _done: int, _total: int) -> None:
    """Nobody watches at night."""
