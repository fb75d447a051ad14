"""A whole training: orders in the store, lists in the store."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Select, delete, exists, func, insert, select, update

from balie.catalogue.models import ProductRow, ProductVariantRow
from balie.customers.models import ConsentRow, CustomerRow
from balie.jobs.recommending import store
from balie.jobs.recommending.options import Options
from balie.jobs.recommending.store import ROWS_AT_ONCE, Verdict
from balie.jobs.recommending.training import Learned, train
from balie.jobs.recommending.workspace import open_workspace
from balie.jobs.training_process import ListVerdict, NightlyTraining, TrainingOrder, is_due, train_lists
from balie.kernel.clock import utc_now
from balie.orders.demo import DemoSize, load_demo_shop
from balie.orders.models import OrderLineRow, OrderRow
from balie.recommendations.acceptance import Figures
from balie.recommendations.errors import ListTrainingFailedError, TrainingGoesOnError
from balie.recommendations.kinds import ListKind, RunState
from balie.recommendations.models import (
    RecommendationRunRow,
    RecommendedPairRow,
    RecommendedPersonallyRow,
    RecommendedPopularRow,
)
from balie.recommendations.repository import RunWriter
from balie.recommendations.views import LearnedForCustomer, LearnedPair, LearnedPopular
from balie.storage.engine import open_sync_engine
from balie.storage.errors import StoreUnavailableError
from balie.storage.unit_of_work import BulkConnection, BulkEngine, UnitOfWork, bulk_read, bulk_write

TODAY = date(2026, 10, 14)
NOW = datetime(2026, 10, 14, 12, tzinfo=UTC)
OPTIONS = Options(seed=3, threads=1)


@pytest.fixture
def shop(database_url: str) -> Iterator[BulkEngine]:
    load_demo_shop(database_url, today=TODAY, size=DemoSize(customers=120, orders=1_500))
    engine = open_sync_engine(database_url)
    yield engine
    engine.dispose()


def learn(engine: BulkEngine, *kinds: ListKind, now: datetime = NOW) -> dict[ListKind, Verdict]:
    kinds = kinds or tuple(ListKind)
    with begun(engine, *kinds, now=now) as runs, open_workspace(threads=1) as workspace:
        known, agreed = store.read_known(engine, workspace, "EUR", now)
        found = train(known, kinds, OPTIONS, agreed, lambda *_: None)
        return {each.kind: store.keep(engine, each, known, runs[each.kind], lambda: now) for each in found}


def begun(
    engine: BulkEngine, *kinds: ListKind, now: datetime = NOW
) -> AbstractContextManager[Mapping[ListKind, int]]:
    return store.begun(engine, kinds, OPTIONS.seed, lambda: now)


def erased(connection: BulkConnection, customers: set[int]) -> None:
    for customer in customers:
        left = update(CustomerRow).where(CustomerRow.id == customer)
        connection.execute(left.values(external_id=f"erased-{customer}"))


def removed(connection: BulkConnection, customers: set[int]) -> None:
    connection.execute(delete(CustomerRow).where(CustomerRow.id.in_(customers)))


LEAVING: Mapping[str, Callable[[BulkConnection, set[int]], None]] = {"erased": erased, "removed": removed}


def states(connection: BulkConnection, kind: ListKind) -> list[str]:
    query = select(RecommendationRunRow.state).where(RecommendationRunRow.list == kind.value)
    return list(connection.scalars(query.order_by(RecommendationRunRow.id)))


def test_every_list_is_learned_judged_and_served(shop: BulkEngine) -> None:
    verdicts = learn(shop)

    assert [verdict.reason for verdict in verdicts.values()] == [None] * 4
    with bulk_read(shop) as connection:
        for kind in ListKind:
            assert states(connection, kind) == [RunState.LIVE.value]
            live = RunWriter(connection).find_live(kind)
            assert live is not None
            assert Figures.from_document(live.figures).baskets > 30
            assert live.figures["ndcg_at_10"] > 0
            assert live.seed == OPTIONS.seed
        for model in (RecommendedPairRow, RecommendedPersonallyRow, RecommendedPopularRow):
            assert connection.scalar(select(func.count()).select_from(model)) > 100


def test_only_customers_who_agreed_get_a_personal_list(shop: BulkEngine) -> None:
    learn(shop, ListKind.PERSONAL)

    with bulk_read(shop) as connection:
        listed = set(connection.scalars(select(RecommendedPersonallyRow.customer_id).distinct()))
        granted = select(ConsentRow.customer_id).where(
            ConsentRow.purpose == "personal_advice", ConsentRow.granted
        )
        assert listed
        assert listed <= set(connection.scalars(granted))


def test_a_list_that_lost_its_data_is_refused_and_the_served_one_stays(shop: BulkEngine) -> None:
    learn(shop, ListKind.POPULAR)
    with bulk_write(shop) as connection:
        connection.execute(delete(OrderRow).where(OrderRow.id % 2 == 0))

    verdict = learn(shop, ListKind.POPULAR)[ListKind.POPULAR]

    assert verdict.reason is not None
    assert "much of the data is gone" in verdict.reason
    with bulk_read(shop) as connection:
        assert states(connection, ListKind.POPULAR) == [RunState.LIVE.value, RunState.REFUSED.value]


def test_the_influence_of_who_was_erased_goes_with_the_next_training(shop: BulkEngine) -> None:
    with bulk_read(shop) as connection:
        before = learn(shop, ListKind.POPULAR)[ListKind.POPULAR].figures.learned_from
        most = select(OrderRow.customer_id).group_by(OrderRow.customer_id).order_by(func.count().desc())
        customer = connection.scalar(most.limit(1))
    with bulk_write(shop) as connection:
        connection.execute(
            update(CustomerRow).where(CustomerRow.id == customer).values(external_id=f"erased-{customer}")
        )

    after = learn(shop, ListKind.PERSONAL)[ListKind.PERSONAL]

    assert 0 < after.figures.learned_from < before
    with bulk_read(shop) as connection:
        listed = set(connection.scalars(select(RecommendedPersonallyRow.customer_id)))
        assert customer not in listed


@pytest.mark.parametrize("goes", [*LEAVING])
def test_who_goes_while_the_lists_are_learned_gets_none_and_everybody_else_does(
    shop: BulkEngine, goes: str
) -> None:
    with begun(shop, ListKind.PERSONAL) as runs, open_workspace(threads=1) as workspace:
        known, agreed = store.read_known(shop, workspace, "EUR", NOW)
        gone = {min(agreed), max(agreed)}
        with bulk_write(shop) as connection:
            LEAVING[goes](connection, gone)
        [learned] = train(known, [ListKind.PERSONAL], OPTIONS, agreed, lambda *_: None)
        verdict = store.keep(shop, learned, known, runs[ListKind.PERSONAL], lambda: NOW)

    assert verdict.reason is None
    with bulk_read(shop) as connection:
        stored = list(connection.scalars(select(RecommendedPersonallyRow.customer_id)))
    assert verdict.rows == len(stored)
    assert not gone & set(stored)
    assert len(set(stored)) > len(agreed) / 2


def test_an_erasure_that_is_going_on_is_waited_for(shop: BulkEngine, database_url: str) -> None:
    hurried = open_sync_engine(database_url, lock_wait=timedelta(milliseconds=50))
    with bulk_write(shop) as connection:
        customer = connection.scalars(select(CustomerRow.id).limit(1)).one()
        run = RunWriter(connection, clock=lambda: NOW).begin(ListKind.PERSONAL, 1, NOW)

    with bulk_write(shop) as erasure:
        erasure.execute(select(CustomerRow.id).where(CustomerRow.id == customer).with_for_update())
        with pytest.raises(StoreUnavailableError), bulk_write(hurried) as connection:
            RunWriter(connection).add_personal(run, [LearnedForCustomer(customer, 1, "DD-10001", 1.0)])
    hurried.dispose()


def test_products_that_go_while_the_lists_are_learned_do_not_stop_it(shop: BulkEngine) -> None:
    with begun(shop, *ListKind) as runs, open_workspace(threads=1) as workspace:
        known, agreed = store.read_known(shop, workspace, "EUR", NOW)
        with bulk_write(shop) as connection:
            never_bought = ~exists().where(
                OrderLineRow.variant_id == ProductVariantRow.id, ProductVariantRow.product_id == ProductRow.id
            )
            connection.execute(delete(ProductRow).where(never_bought))
            connection.execute(update(ProductRow).where(ProductRow.id % 2 == 0).values(active=False))
        found = train(known, tuple(ListKind), OPTIONS, agreed, lambda *_: None)
        verdicts = [store.keep(shop, each, known, runs[each.kind], lambda: NOW) for each in found]

    assert [verdict.reason for verdict in verdicts] == [None] * 4


def test_orders_of_the_future_are_learned_as_those_of_now(shop: BulkEngine) -> None:
    with bulk_write(shop) as connection:
        connection.execute(
            update(OrderRow).where(OrderRow.id % 100 == 0).values(placed_at=NOW + timedelta(days=4_000))
        )

    learn(shop, ListKind.POPULAR)

    with bulk_read(shop) as connection:
        live = RunWriter(connection).find_live(ListKind.POPULAR)
        assert live is not None
        assert live.learned_until <= NOW


def test_an_empty_shop_is_told_that_there_is_nothing_to_learn(database_url: str) -> None:
    engine = open_sync_engine(database_url)

    verdicts = learn(engine)

    assert all("nothing to learn from" in (verdict.reason or "") for verdict in verdicts.values())
    engine.dispose()


def test_a_training_is_due_when_there_are_orders_that_the_served_list_does_not_know(shop: BulkEngine) -> None:
    last = NOW.replace(hour=2) + timedelta(days=1)
    with bulk_read(shop) as connection:
        assert is_due(connection, NOW), "the first one, at any time"
    learn(shop, now=last)
    with bulk_read(shop) as connection:
        assert not is_due(connection, last + timedelta(days=1)), "nothing new"
    with bulk_write(shop) as connection:
        newest = select(func.max(OrderRow.id)).scalar_subquery()
        connection.execute(
            update(OrderRow).where(OrderRow.id == newest).values(placed_at=last + timedelta(minutes=1))
        )
    with bulk_read(shop) as connection:
        assert not is_due(connection, last + timedelta(hours=1)), "too soon"
        assert is_due(connection, last + timedelta(days=1))
        assert is_due(connection, last + timedelta(days=1), ZoneInfo("UTC"))
        assert not is_due(connection, last + timedelta(days=1), ZoneInfo("Asia/Tokyo")), "no night there"
        assert not is_due(connection, last + timedelta(hours=32)), "in the middle of the day"
        assert is_due(connection, last + timedelta(hours=41)), "it did not come to it in the night"


@pytest.mark.parametrize("placed_at", [NOW - timedelta(microseconds=1), NOW + timedelta(days=4_000)])
def test_orders_within_a_second_and_of_the_future_are_not_new_for_ever(
    shop: BulkEngine, placed_at: datetime
) -> None:
    with bulk_write(shop) as connection:
        newest = select(func.max(OrderRow.id)).scalar_subquery()
        connection.execute(update(OrderRow).where(OrderRow.id == newest).values(placed_at=placed_at))

    learn(shop, ListKind.PERSONAL)

    with bulk_read(shop) as connection:
        assert not is_due(connection, NOW + timedelta(days=3))


def test_an_erasure_is_a_reason_to_learn_anew_once(shop: BulkEngine) -> None:
    learn(shop, ListKind.PERSONAL)
    with bulk_write(shop) as connection:
        customer = connection.scalars(select(CustomerRow.id).limit(1)).one()
        erased(connection, {customer})

    later = NOW + timedelta(days=3)
    with bulk_read(shop) as connection:
        assert is_due(connection, later)
    learn(shop, ListKind.PERSONAL, now=later)
    with bulk_read(shop) as connection:
        assert not is_due(connection, later + timedelta(days=3))


def test_a_yes_that_was_taken_back_is_a_reason_to_learn_anew_and_a_first_no_is_none(shop: BulkEngine) -> None:
    learn(shop, ListKind.PERSONAL)
    said_yes = select(ConsentRow.customer_id).where(
        ConsentRow.purpose == "personal_advice", ConsentRow.granted
    )
    nobody_asked = select(CustomerRow.id).where(CustomerRow.id.not_in(said_yes))

    def say_no(who: Select[int]) -> None:
        with bulk_write(shop) as connection:
            customer = connection.scalars(who.limit(1)).one()
            no = {"purpose": "personal_advice", "granted": False, "source": "chat"}
            no_now = insert(ConsentRow).values(
                customer_id=customer, recorded_at=NOW + timedelta(hours=1), **no
            )
            connection.execute(no_now)

    later = NOW + timedelta(days=3)
    say_no(nobody_asked)
    with bulk_read(shop) as connection:
        assert not is_due(connection, later)
    say_no(said_yes)
    with bulk_read(shop) as connection:
        assert is_due(connection, later)
    learn(shop, ListKind.PERSONAL, now=later)
    with bulk_read(shop) as connection:
        assert not is_due(connection, later + timedelta(days=3))


def test_after_a_refusal_the_next_training_waits_for_the_night_again(shop: BulkEngine) -> None:
    night = NOW.replace(hour=2) + timedelta(days=1)
    learn(shop, ListKind.PERSONAL, now=night - timedelta(days=2))
    with bulk_write(shop) as connection:
        connection.execute(update(OrderRow).where(OrderRow.id % 100 == 0).values(placed_at=night))
        writer = RunWriter(connection, clock=lambda: night)
        writer.refuse(writer.begin(ListKind.PERSONAL, 1, night), {}, "It is worse than the served one.")

    with bulk_read(shop) as connection:
        assert not is_due(connection, night + timedelta(minutes=10)), "it was tried a moment ago"
        assert not is_due(connection, night + timedelta(hours=10)), "in the middle of the day"
        assert is_due(connection, night + timedelta(days=1))


def test_a_shop_without_lists_waits_after_a_refusal_but_not_for_the_night(shop: BulkEngine) -> None:
    with bulk_write(shop) as connection:
        writer = RunWriter(connection, clock=lambda: NOW)
        writer.refuse(writer.begin(ListKind.PERSONAL, 1, NOW), {}, "There is nothing to learn from.")

    with bulk_read(shop) as connection:
        assert not is_due(connection, NOW + timedelta(minutes=10))
        assert is_due(connection, NOW + timedelta(hours=21))


async def test_a_training_that_was_killed_is_not_tried_again_when_the_service_starts_anew(
    shop: BulkEngine, database_url: str, unit_of_work: UnitOfWork
) -> None:
    order = TrainingOrder(database_url=database_url, currency="EUR", threads=1)
    with pytest.raises(ListTrainingFailedError, match="was killed"):
        await train_lists(order, kill_at_once)
    trainings = Trainings(ListVerdict(ListKind.PERSONAL, {}, None, 1))

    assert await NightlyTraining(unit_of_work, trainings, utc_now, is_on=True).train_when_due() == 0
    assert trainings.begun == 0


def kill_at_once(_step: str, _done: int, _total: int) -> None:
    [child] = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text("ascii").split()
    os.kill(int(child), signal.SIGKILL)


async def test_the_nightly_training_runs_in_a_process_of_its_own_and_once(
    shop: BulkEngine, database_url: str, unit_of_work: UnitOfWork
) -> None:
    order = TrainingOrder(database_url=database_url, currency="EUR", lists=(ListKind.POPULAR,), threads=1)
    nightly = NightlyTraining(unit_of_work, partial(train_lists, order), lambda: NOW, is_on=True)

    assert await nightly.train_when_due() == 1
    assert await nightly.train_when_due() == 0

    with bulk_read(shop) as connection:
        assert states(connection, ListKind.POPULAR) == [RunState.LIVE.value]


@dataclass
class Trainings:
    """Trainings that come to what a test says."""

    outcome: Exception | ListVerdict
    begun: int = 0

    async def __call__(self) -> tuple[ListVerdict, ...]:
        self.begun += 1
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return (self.outcome,)


async def test_what_is_switched_off_is_not_trained(shop: BulkEngine, unit_of_work: UnitOfWork) -> None:
    trainings = Trainings(ListVerdict(ListKind.POPULAR, {}, None, 1))

    assert await NightlyTraining(unit_of_work, trainings, lambda: NOW, is_on=False).train_when_due() == 0
    assert trainings.begun == 0


async def test_why_a_training_broke_off_is_in_the_log_and_it_is_not_tried_again_at_once(
    shop: BulkEngine, unit_of_work: UnitOfWork, caplog: pytest.LogCaptureFixture
) -> None:
    trainings = Trainings(ListTrainingFailedError("no room to work in"))
    nightly = NightlyTraining(unit_of_work, trainings, lambda: NOW, is_on=True)

    assert [await nightly.train_when_due() for _ in range(2)] == [0, 0]

    assert trainings.begun == 1
    assert "broke off: no room to work in. What was served before still is." in caplog.text


async def test_why_a_list_is_refused_is_in_the_log(
    shop: BulkEngine, unit_of_work: UnitOfWork, caplog: pytest.LogCaptureFixture
) -> None:
    trainings = Trainings(ListVerdict(ListKind.PERSONAL, {}, "It is worse than the served one.", 0))

    assert await NightlyTraining(unit_of_work, trainings, lambda: NOW, is_on=True).train_when_due() == 0

    assert "'personal' is not served: It is worse than the served one." in caplog.text


async def test_while_somebody_trains_by_hand_the_nightly_training_comes_back_later(
    shop: BulkEngine, unit_of_work: UnitOfWork
) -> None:
    trainings = Trainings(TrainingGoesOnError())
    nightly = NightlyTraining(unit_of_work, trainings, lambda: NOW, is_on=True)

    assert [await nightly.train_when_due() for _ in range(2)] == [0, 0]

    assert trainings.begun == 2


async def test_two_trainings_do_not_go_on_at_once(shop: BulkEngine, database_url: str) -> None:
    order = TrainingOrder(database_url=database_url, currency="EUR", lists=(ListKind.POPULAR,), threads=1)

    with store.open_store(database_url), pytest.raises(TrainingGoesOnError):
        await train_lists(order)

    with bulk_read(shop) as connection:
        assert states(connection, ListKind.POPULAR) == []


def test_what_was_written_of_a_list_that_broke_off_goes_and_the_served_one_stays(shop: BulkEngine) -> None:
    learn(shop, ListKind.POPULAR)

    def rows() -> Iterator[LearnedPopular]:
        yield from (LearnedPopular("all", rank, f"DD-{rank}", 1.0) for rank in range(1, 2 * ROWS_AT_ONCE))
        raise RuntimeError("broke off")

    with open_workspace(threads=1) as workspace:
        known, _ = store.read_known(shop, workspace, "EUR", NOW)
        broken = Learned(ListKind.POPULAR, Figures(learned_from=100_000), rows())
        with pytest.raises(RuntimeError), begun(shop, ListKind.POPULAR) as runs:
            store.keep(shop, broken, known, runs[ListKind.POPULAR], lambda: NOW)

    with bulk_read(shop) as connection:
        assert states(connection, ListKind.POPULAR) == [RunState.LIVE.value, RunState.REFUSED.value]
        live = RunWriter(connection).find_live(ListKind.POPULAR)
        assert live is not None
        assert set(connection.scalars(select(RecommendedPopularRow.run_id))) == {live.id}


def test_a_list_is_served_though_the_old_ones_cannot_be_removed(
    shop: BulkEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> int:
        raise StoreUnavailableError("disk full")

    monkeypatch.setattr(RunWriter, "drop_some", refused)

    verdict = learn(shop, ListKind.POPULAR)[ListKind.POPULAR]

    assert verdict.reason is None
    assert not verdict.is_tidy
    with bulk_read(shop) as connection:
        assert states(connection, ListKind.POPULAR) == [RunState.LIVE.value]


async def test_that_old_lists_are_left_over_is_in_the_log_and_the_new_one_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    said = [
        {"verdict": {"list": "popular", "figures": {}, "reason": None, "rows": 3}},
        {"left_over": "popular"},
    ]
    process = tmp_path / "training"
    lines = "\n".join(map(json.dumps, said))
    process.write_text(f"#!/bin/sh\ncat > /dev/null\ncat <<'END'\n{lines}\nEND\n", "ascii")
    process.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(process))
    order = TrainingOrder(database_url="sqlite://", currency="EUR", lists=(ListKind.POPULAR,))

    [verdict] = await train_lists(order)

    assert (verdict.kind, verdict.reason, verdict.rows) == (ListKind.POPULAR, None, 3)
    assert "Old rows of the list 'popular' are still there" in caplog.text


async def test_a_training_that_is_killed_says_so_and_the_next_one_clears_up(
    shop: BulkEngine, database_url: str
) -> None:
    learn(shop, ListKind.ALTERNATIVES)
    order = TrainingOrder(
        database_url=database_url, currency="EUR", lists=(ListKind.ALTERNATIVES,), threads=1
    )
    with bulk_write(shop) as connection:
        run = RunWriter(connection, clock=lambda: NOW).begin(ListKind.ALTERNATIVES, 1, NOW)
        RunWriter(connection).add_pairs(run, [LearnedPair("DD-10001", 1, "DD-10002", 1.0)])

    with pytest.raises(ListTrainingFailedError, match="was killed"):
        await train_lists(order, kill_at_once)
    learn(shop, ListKind.ALTERNATIVES)

    with bulk_read(shop) as connection:
        assert states(connection, ListKind.ALTERNATIVES) == ["retired", "refused", "refused", "live"]
        listed = select(RecommendedPairRow.run_id).where(RecommendedPairRow.run_id == run)
        assert connection.scalars(listed).all() == []


async def test_trouble_that_nobody_foresaw_is_told_by_its_place_and_without_its_words() -> None:
    with pytest.raises(ListTrainingFailedError) as failed:
        await train_lists(TrainingOrder(database_url="oracle://sanne@db/shop", currency="EUR"))

    assert re.fullmatch(r"KeyError at balie/storage/engine\.py:\d+", failed.value.reason)


async def test_a_training_that_cannot_read_the_store_says_so(empty_database_url: str) -> None:
    order = TrainingOrder(database_url=empty_database_url, currency="EUR", threads=1)

    with pytest.raises(ListTrainingFailedError) as failed:
        await train_lists(order)

    assert json.dumps(order.database_url) not in str(failed.value)
