"""Chores are done now and then, each on its own, and nothing ends them but the service's end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from balie.conversations.holdings import HOLDINGS as CONVERSATIONS
from balie.errands.holdings import HOLDINGS
from balie.errands.privacy import PrivacyService
from balie.errands.terms import ErrandTerms
from balie.jobs.chores import list_chores
from balie.jobs.housekeeping import Housekeeping
from balie.orders.changes import ChangeService
from balie.orders.terms import Terms
from balie.recommendations.holdings import HOLDINGS as RECOMMENDATIONS
from balie.storage.errors import StoreUnavailableError
from tests.support.clock import StillClock
from tests.support.content import real_renderer
from tests.support.store import copy_database, opened

AT_ONCE, NEVER = timedelta(), timedelta(days=1)


def counting(done: list[str], name: str, count: int = 0) -> Callable[[], Awaitable[int]]:
    async def chore() -> int:
        done.append(name)
        return count

    return chore


async def broken() -> int:
    raise RuntimeError("sanne@voorbeeld.example")


async def without_database() -> int:
    raise StoreUnavailableError("locked")


async def test_the_trouble_of_one_chore_is_no_trouble_of_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[str] = []
    chores = {"first": broken, "second": without_database, "third": counting(done, "third", 2)}

    with caplog.at_level(logging.INFO):
        counts = await Housekeeping(chores).do_all()

    assert counts == {"first": 0, "second": 0, "third": 2}
    assert "Housekeeping: 2 third." in caplog.messages
    assert "sanne" not in caplog.text


async def test_the_post_room_is_rung_when_something_was_done() -> None:
    rung: list[str] = []

    for count in (0, 1):
        house = Housekeeping({"chores": counting([], "", count)}, after_work=lambda: rung.append("rung"))
        await house.do_all()

    assert rung == ["rung"]


async def test_chores_are_done_again_and_again_until_the_service_stops() -> None:
    done: list[str] = []
    three_times = asyncio.Event()

    async def chore() -> int:
        done.append("done")
        if len(done) == 3:
            three_times.set()
        raise RuntimeError

    house = Housekeeping({"chores": chore}, every=AT_ONCE, first_after=AT_ONCE)
    house.start()
    async with asyncio.timeout(5):
        await three_times.wait()
    await house.stop(timedelta(seconds=1))
    count = len(done)
    await asyncio.sleep(0)

    assert len(done) == count


async def test_customers_come_before_chores_after_a_start() -> None:
    done: list[str] = []
    house = Housekeeping({"chores": counting(done, "done")}, first_after=NEVER)

    house.start()
    await asyncio.sleep(0)
    await house.stop(timedelta(seconds=1))

    assert done == []


async def test_a_chore_that_does_not_end_is_broken_off() -> None:
    began = asyncio.Event()

    async def endless() -> int:
        began.set()
        await asyncio.Event().wait()
        return 0

    house = Housekeeping({"chores": endless}, first_after=AT_ONCE)
    house.start()
    await began.wait()

    await house.stop(timedelta())


async def test_a_house_that_never_began_can_be_stopped() -> None:
    await Housekeeping({}).stop(timedelta())


async def test_every_real_chore_runs_on_an_empty_store_and_finds_nothing(tmp_path: Path) -> None:
    shop, clock = real_renderer().library.shop, StillClock()
    async with opened(copy_database(tmp_path)) as unit_of_work:
        chores = list_chores(
            unit_of_work,
            ChangeService(unit_of_work, Terms.from_shop(shop), clock=clock),
            PrivacyService(
                unit_of_work,
                ErrandTerms.from_shop(shop),
                (*HOLDINGS, *RECOMMENDATIONS, *CONVERSATIONS),
                clock=clock,
            ),
            clock=clock,
        )
        counts = await Housekeeping(chores).do_all()

    assert len(counts) >= 6
    assert set(counts.values()) == {0}
