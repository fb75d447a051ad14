"""A list is served from one step to the next, or refused with the reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from balie.recommendations.asked import Who
from balie.recommendations.errors import RunNotFoundError
from balie.recommendations.kinds import ListKind
from balie.recommendations.models import RecommendationRunRow, RecommendedPairRow
from balie.recommendations.repository import BROKEN_OFF, RunWriter
from balie.recommendations.views import LearnedPair
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.recommending_shop import NOW, RecommendingShop, an_occasion, skus
from tests.support.clock import StillClock

PAIRS = ListKind.COMPLEMENTARY


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> RecommendingShop:
    return await RecommendingShop(unit_of_work).open()


async def write(unit_of_work: UnitOfWork, work: Callable[[RunWriter], Any], clock: StillClock) -> Any:
    def in_transaction(connection: Connection) -> Any:
        return work(RunWriter(connection, clock=clock))

    return await unit_of_work.run_writing(in_transaction)


async def shown(shop: RecommendingShop) -> list[str]:
    return skus(await shop.service.complementary(Who(), ["BIKE"], an_occasion()))


async def test_a_candidate_is_not_served(shop: RecommendingShop) -> None:
    def begin(writer: RunWriter) -> None:
        writer.add_pairs(writer.begin(PAIRS, 7, NOW), [LearnedPair("BIKE", 1, "HELMET", 1.0)])

    await write(shop.unit_of_work, begin, shop.clock)

    assert await shown(shop) == []


async def test_the_next_run_takes_the_place_of_the_one_before(shop: RecommendingShop) -> None:
    await shop.pairs(PAIRS, "BIKE", "HELMET")
    await shop.pairs(PAIRS, "BIKE", "LIGHT")

    assert await shown(shop) == ["LIGHT"]
    assert await shop.rows(RecommendationRunRow, "state") == ["retired", "live"]


async def test_a_list_of_one_kind_says_nothing_of_another(shop: RecommendingShop) -> None:
    await shop.pairs(ListKind.ALTERNATIVES, "BIKE", "BIKE-2")

    assert await shown(shop) == []


async def test_the_live_run_is_found_with_its_figures(shop: RecommendingShop) -> None:
    run_id = await shop.pairs(PAIRS, "BIKE", "HELMET")

    live = await write(shop.unit_of_work, lambda writer: writer.find_live(PAIRS), shop.clock)
    none = await write(shop.unit_of_work, lambda writer: writer.find_live(ListKind.PERSONAL), shop.clock)

    assert (live.id, live.figures, live.learned_until) == (run_id, {"recall_at_10": 0.2}, NOW)
    assert none is None


async def test_a_refused_run_keeps_its_reason_and_no_list(shop: RecommendingShop) -> None:
    live = await shop.pairs(PAIRS, "BIKE", "HELMET")

    def refuse(writer: RunWriter) -> None:
        run_id = writer.begin(PAIRS, 7, NOW)
        writer.add_pairs(run_id, [LearnedPair("BIKE", 1, "LIGHT", 1.0)])
        writer.refuse(run_id, {"recall_at_10": 0.1}, "Worse than what is live: 0.1 < 0.2.")
        writer.drop_some(PAIRS)

    await write(shop.unit_of_work, refuse, shop.clock)

    assert await shown(shop) == ["HELMET"]
    assert await shop.rows(RecommendationRunRow, "state", "reason") == [
        ("live", None),
        ("refused", "Worse than what is live: 0.1 < 0.2."),
    ]
    assert await shop.rows(RecommendedPairRow, "run_id") == [live]


async def test_only_the_last_three_lists_are_kept(shop: RecommendingShop) -> None:
    runs = []
    for _ in range(5):
        runs.append(await shop.pairs(PAIRS, "BIKE", "HELMET"))
        shop.clock.advance(timedelta(days=1))

    dropped = [
        await write(shop.unit_of_work, lambda writer: writer.drop_some(PAIRS), shop.clock) for _ in range(3)
    ]

    assert dropped == [1, 1, 0]
    assert await shop.rows(RecommendedPairRow, "run_id") == runs[-3:]
    assert len(await shop.rows(RecommendationRunRow, "id")) == 5


async def test_a_training_that_broke_off_is_refused_by_the_next_one(shop: RecommendingShop) -> None:
    def begin(writer: RunWriter) -> None:
        writer.add_pairs(writer.begin(PAIRS, 7, NOW), [LearnedPair("BIKE", 1, "LIGHT", 1.0)])

    await write(shop.unit_of_work, begin, shop.clock)

    await write(shop.unit_of_work, lambda writer: writer.begin(PAIRS, 8, NOW), shop.clock)

    assert await shop.rows(RecommendationRunRow, "state", "reason") == [
        ("refused", BROKEN_OFF),
        ("candidate", None),
    ]
    assert await write(shop.unit_of_work, lambda writer: writer.drop_some(PAIRS), shop.clock) == 1


async def test_a_long_list_goes_in_parts_so_that_others_can_write_meanwhile(shop: RecommendingShop) -> None:
    anchors = ["BIKE", "HELMET", "LIGHT", "TENT"]

    def learn_and_refuse(writer: RunWriter) -> None:
        run_id = writer.begin(PAIRS, 7, NOW)
        rows = [LearnedPair(anchor, rank, "LOCK", 1.0) for anchor in anchors for rank in (1, 2)]
        writer.add_pairs(run_id, rows)
        writer.refuse(run_id, {}, "Worse.")

    await write(shop.unit_of_work, learn_and_refuse, shop.clock)
    parts = [
        await write(shop.unit_of_work, lambda writer: writer.drop_some(PAIRS, 3), shop.clock)
        for _ in range(3)
    ]

    assert parts == [4, 4, 0]


@pytest.mark.parametrize("kind", list(ListKind))
async def test_what_is_still_needed_is_not_dropped(shop: RecommendingShop, kind: ListKind) -> None:
    await shop.pairs(PAIRS, "BIKE", "HELMET")
    await shop.pairs(PAIRS, "BIKE", "LIGHT")
    await shop.pairs(ListKind.ALTERNATIVES, "BIKE", "BIKE-2")
    await shop.personal(await shop.customer(), "TENT")
    await shop.popular(all=["TENT"])

    def begin_and_drop(writer: RunWriter) -> int:
        writer.add_pairs(writer.begin(PAIRS, 7, NOW), [LearnedPair("BIKE", 1, "PUMP", 1.0)])
        return writer.drop_some(kind)

    assert await write(shop.unit_of_work, begin_and_drop, shop.clock) == 0


async def test_a_run_that_is_not_there_cannot_go_live(shop: RecommendingShop) -> None:
    with pytest.raises(RunNotFoundError):
        await write(shop.unit_of_work, lambda writer: writer.put_live(99, {}), shop.clock)


async def test_a_run_that_cannot_be_finished_leaves_the_live_one_as_it_was(shop: RecommendingShop) -> None:
    await shop.pairs(PAIRS, "BIKE", "HELMET")

    def break_off(writer: RunWriter) -> None:
        writer.put_live(writer.begin(PAIRS, 7, NOW), {})
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        await write(shop.unit_of_work, break_off, shop.clock)

    assert await shown(shop) == ["HELMET"]
