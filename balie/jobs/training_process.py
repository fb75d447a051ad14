"""Trains recommendations in a process of its own: the service keeps its memory, and its processor.

The process is :mod:`balie.jobs.recommending`; nothing here imports it. What it is to do goes in on its
standard input, because an argument, which everybody can list, is no place for a database's password.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from signal import Signals
from typing import Any, Final
from zoneinfo import ZoneInfo

from balie.kernel.clock import DEFAULT_TIMEZONE, Clock
from balie.kernel.errors import BalieError
from balie.recommendations.errors import ListTrainingFailedError, TrainingGoesOnError
from balie.recommendations.kinds import ListKind
from balie.recommendations.repository import MARK_OF_ERASED, RunWriter
from balie.recommendations.signal_repository import SignalRepository
from balie.recommendations.views import LiveRun
from balie.settings import PROJECT_ROOT
from balie.storage.unit_of_work import StoreConnection, UnitOfWork

RESTED: Final = timedelta(hours=20)
"""At least so long after the last training, whatever came of it."""

NIGHT: Final = range(2, 6)
"""The hours in which a training begins, by the clock of the shop: it takes a processor for minutes."""

LONGEST: Final = timedelta(hours=40)
"""So long after the last training it begins in the middle of the day, too."""

log = logging.getLogger(__name__)

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


Train = Callable[[], Awaitable[Sequence[ListVerdict]]]


def tell_nobody(_step: str, _done: int, _total: int) -> None:
    """For trainings that nobody watches."""


async def train_lists(order: TrainingOrder, tell: Tell = tell_nobody) -> tuple[ListVerdict, ...]:
    """Train, and answer what became of each list.

    Args:
        order: What is to be done.
        tell: Told which step goes on (``read``, ``judge``, ``learn``, ``keep``), what is done, of how much.

    Raises:
        ListTrainingFailedError: It broke off; what was served before still is.
        TrainingGoesOnError: Somebody else trains; nothing was begun.
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
        elif "left_over" in said:
            log.warning(
                "Old rows of the list %r are still there: the next training removes them.", said["left_over"]
            )
        else:
            raise _error(said["error"])
    status = await process.wait()
    if status != 0 or len(verdicts) != len(order.lists):
        raise ListTrainingFailedError(_how_it_ended(status))
    return tuple(verdicts)


def _error(said: Mapping[str, str]) -> BalieError:
    if said["code"] == TrainingGoesOnError.code:
        return TrainingGoesOnError()
    return ListTrainingFailedError(said["reason"])


def _how_it_ended(status: int) -> str:
    """A sentence for whoever looks after it."""
    if status == -Signals.SIGKILL:
        return "its process was killed, as the system does when memory runs out"
    if status < 0:
        return f"its process was ended by {Signals(-status).name}"
    return f"its process ended with {status}"


def _verdict(said: Mapping[str, Any]) -> ListVerdict:
    return ListVerdict(ListKind(said["list"]), said["figures"], said["reason"], said["rows"])


class NightlyTraining:
    """The chore: trains when there is something new, once a night."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        train: Train,
        clock: Clock,
        *,
        is_on: bool,
        timezone: ZoneInfo = DEFAULT_TIMEZONE,
    ) -> None:
        """Build it.

        Args:
            unit_of_work: The store.
            train: Trains, as :func:`train_lists` does.
            clock: The present moment.
            is_on: Whether anything is recommended at all.
            timezone: Where it is to be night.
        """
        self._is_on = is_on
        self._unit_of_work = unit_of_work
        self._train = train
        self._clock = clock
        self._timezone = timezone
        self._tried_at: datetime | None = None

    async def train_when_due(self) -> int:
        """Train if it is time; answers how many lists went live. Troubles are in the log, with the reason."""
        now = self._clock()
        if not self._is_on:
            return 0
        if self._tried_at is not None and now - self._tried_at < RESTED:
            return 0
        if not await self._unit_of_work.run_reading(lambda store: is_due(store, now, self._timezone)):
            return 0
        self._tried_at = now
        try:
            verdicts = await self._train()
        except TrainingGoesOnError:
            self._tried_at = None
            return 0
        except ListTrainingFailedError as error:
            log.error("%s What was served before still is.", error)  # noqa: TRY400 - the reason is all there is
            return 0
        for verdict in verdicts:
            if verdict.reason is not None:
                log.warning("The list %r is not served: %s", verdict.kind.value, verdict.reason)
        return sum(verdict.reason is None for verdict in verdicts)


def is_due(connection: StoreConnection, now: datetime, timezone: ZoneInfo = DEFAULT_TIMEZONE) -> bool:
    """Whether the served list does not know of something, the last training is long ago, and it is night.

    A shop whose last training was :data:`LONGEST` ago does not wait for the night: some machines sleep then.
    Nor does a shop without lists. The last one counts whatever came of it, also when it was killed; only one
    that found the database shut left no trace, and is tried again when the service starts anew.
    """
    runs = RunWriter(connection)
    live, begun = runs.find_live(ListKind.PERSONAL), runs.find_last_begun(ListKind.PERSONAL)
    if begun is not None and not _is_time(now, begun, timezone, is_first=live is None):
        return False
    signals = SignalRepository(connection)
    if live is None:
        return signals.find_newest_order() is not None
    return _knows_too_little(signals, live, now)


def _is_time(now: datetime, begun: datetime, timezone: ZoneInfo, *, is_first: bool) -> bool:
    waited = now - begun
    is_night = now.astimezone(timezone).hour in NIGHT
    return waited >= LONGEST or (waited >= RESTED and (is_night or is_first))


def _knows_too_little(signals: SignalRepository, live: LiveRun, now: datetime) -> bool:
    """Whether there are orders that it does not know, or somebody whose influence is to go."""
    newest = signals.find_newest_order(now)
    return (
        (newest is not None and newest > live.learned_until)
        or signals.find_mark_of_erased() != live.figures.get(MARK_OF_ERASED, 0)
        or signals.has_withdrawn(live.created_at, now)
    )
