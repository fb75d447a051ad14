from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from balie.jobs.outgoing import OutgoingRunner
from balie.storage.errors import StoreUnavailableError

SOON = timedelta(milliseconds=1)
NEVER = timedelta(hours=1)


class Promises:
    """Something with promises to keep, which does what a test says."""

    def __init__(self, work: Callable[[], Awaitable[int]] | None = None) -> None:
        self.rounds = 0
        self.seen = asyncio.Event()
        self._work = work

    async def send_due(self) -> int:
        self.rounds += 1
        self.seen.set()
        return 0 if self._work is None else await self._work()

    async def wait_for_a_round(self) -> None:
        self.seen.clear()
        await asyncio.wait_for(self.seen.wait(), 10)


async def fail_with(error: Exception) -> int:
    raise error


async def test_it_looks_at_the_start_and_whenever_it_is_rung() -> None:
    promises = Promises()
    runner = OutgoingRunner({"refunds": promises}, wake_every=NEVER)
    runner.start()
    await promises.wait_for_a_round()

    runner.ring()
    await promises.wait_for_a_round()
    await runner.stop(timedelta(seconds=1))

    assert promises.rounds == 2


async def test_it_looks_by_itself_now_and_then() -> None:
    promises = Promises()
    runner = OutgoingRunner({"refunds": promises}, wake_every=SOON)
    runner.start()

    for _ in range(3):
        await promises.wait_for_a_round()
    await runner.stop(timedelta(seconds=1))

    assert promises.rounds >= 3


@pytest.mark.parametrize(
    "error", [ValueError("sanne@voorbeeld.example"), StoreUnavailableError("locked")], ids=["bug", "store"]
)
async def test_nothing_that_goes_wrong_ends_the_loop_or_stops_the_others(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = Promises(lambda: fail_with(error)), Promises()
    runner = OutgoingRunner({"links": broken, "refunds": sound}, wake_every=SOON)
    with caplog.at_level(logging.WARNING):
        runner.start()
        for _ in range(2):
            await sound.wait_for_a_round()
        await runner.stop(timedelta(seconds=1))

    assert broken.rounds >= 2
    assert "links" in caplog.text
    assert "voorbeeld" not in caplog.text


async def test_work_that_was_done_is_told_of() -> None:
    told = []

    async def one() -> int:
        return 1

    await OutgoingRunner({"links": Promises(one)}, after_work=lambda: told.append("rung")).send_due()
    await OutgoingRunner({"links": Promises()}, after_work=lambda: told.append("rung")).send_due()

    assert told == ["rung"]


async def test_a_stop_breaks_off_what_does_not_end() -> None:
    async def forever() -> int:
        await asyncio.Event().wait()
        return 1

    promises = Promises(forever)
    runner = OutgoingRunner({"refunds": promises, "links": Promises()}, wake_every=NEVER)
    runner.start()
    await promises.wait_for_a_round()

    await asyncio.wait_for(runner.stop(timedelta(milliseconds=1)), 10)


async def test_a_runner_that_never_started_stops_at_once() -> None:
    await OutgoingRunner({}).stop(timedelta(seconds=1))
