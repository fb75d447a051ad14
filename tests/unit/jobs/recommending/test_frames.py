from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis
import pyarrow as pa
import pytest

from balie.jobs.recommending import frames
from balie.jobs.recommending.frames import DAY, FrameLimits
from balie.jobs.recommending.workspace import LINES, PRODUCTS, SIGNALS

NOW = 100 * DAY
NOBODY = -1
LIMITS = FrameLimits(now=NOW, most_per_customer=3, most_per_order=2)

LINES_OF = [
    (1, 1, 7, "a", 10 * DAY, False),
    (1, 2, 7, "b", 10 * DAY, False),
    (1, 3, 7, "c", 10 * DAY, False),
    (2, 1, 8, "a", 80 * DAY, False),
    (2, 2, 8, "gone", 80 * DAY, False),
    (3, 1, 8, "b", 90 * DAY, True),
    (4, 1, None, "a", 95 * DAY, False),
    (4, 2, None, "b", 95 * DAY, False),
    (5, 1, 7, "d", 5_000 * DAY, False),
    (6, 1, 7, "a", 100 * DAY, False),
    (7, 1, None, "a", 95 * DAY, False),
    (7, 2, None, "c", 95 * DAY, False),
]
SIGNALS_OF = [
    (7, "b", "returned", 20 * DAY, 1.0),
    (8, "c", "viewed", 99 * DAY, 1.0),
    (8, "c", "no such kind", 99 * DAY, 1.0),
    (9, "gone", "basket", 99 * DAY, 1.0),
]
PRODUCTS_OF = [("a", 0, 0, 0), ("b", 1, 0, 0), ("c", 2, 1, 1), ("d", 3, 1, 2)]


def table(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)


def every_frame(engine: Any) -> dict[str, Any]:
    lines = engine.create_table("lines", table(LINES_OF, LINES))
    signals = engine.create_table("signals", table(SIGNALS_OF, SIGNALS))
    products = engine.create_table("products", table(PRODUCTS_OF, PRODUCTS))
    bought = frames.purchases(lines, products, LIMITS)
    of_customers = frames.customer_signals(lines, signals, products, LIMITS)
    baskets = frames.order_baskets(bought, LIMITS)
    of_sorts = frames.sort_baskets(baskets, products)
    segments = frames.segments(bought)
    return {
        "purchases": bought,
        "customer_signals": of_customers,
        "interactions": frames.interactions(of_customers, LIMITS),
        "order_baskets": baskets,
        "pair_counts": frames.pair_counts(baskets),
        "product_counts": frames.product_counts(baskets),
        "sort_baskets": of_sorts,
        "sort_pairs": frames.pair_counts(of_sorts),
        "repeated": frames.repeated_counts(of_sorts),
        "before": frames.before(bought, 80 * DAY),
        "next_baskets": frames.next_baskets(bought, 50 * DAY, NOW + 1),
        "popularity": frames.popularity(bought, LIMITS, half_life=30.0),
        "season": frames.season(bought, FrameLimits(now=NOW + 365 * DAY), days=21),
        "segments": segments,
        "by_segment": frames.popularity_by_segment(bought, segments, LIMITS, half_life=30.0),
    }


def rows_of(frame: Any) -> list[tuple[Any, ...]]:
    rows = (row.values() for row in frame.to_pyarrow().to_pylist())
    return sorted(tuple(NOBODY if value is None else value for value in row) for row in rows)


@pytest.fixture(params=["duckdb", "polars"])
def frame_rows(request: pytest.FixtureRequest) -> Callable[[str], list[tuple[Any, ...]]]:
    engine = ibis.duckdb.connect(threads=1) if request.param == "duckdb" else ibis.polars.connect()
    made = every_frame(engine)
    return lambda name: rows_of(made[name])


Rows = Callable[[str], list[tuple[Any, ...]]]


def test_the_same_expressions_give_the_same_rows_on_another_engine() -> None:
    here, elsewhere = every_frame(ibis.duckdb.connect(threads=1)), every_frame(ibis.polars.connect())

    for name, frame in here.items():
        found, expected = rows_of(elsewhere[name]), rows_of(frame)
        assert len(found) == len(expected) > 0, name
        for one, other in zip(found, expected, strict=True):
            assert one == pytest.approx(other, rel=1e-12, nan_ok=False), name


def test_cancelled_orders_and_unknown_products_are_not_bought(frame_rows: Rows) -> None:
    bought = [(order, product) for order, _, _, product, _, _ in frame_rows("purchases")]

    assert bought == [(1, 0), (1, 1), (1, 2), (2, 0), (4, 0), (4, 1), (5, 3), (6, 0), (7, 0), (7, 2)]


def test_a_moment_in_the_future_counts_as_now(frame_rows: Rows) -> None:
    assert {at for order, *_, at in frame_rows("purchases") if order == 5} == {NOW}


def test_what_was_sent_back_outweighs_having_bought_it(frame_rows: Rows) -> None:
    weights = {(customer, product): weight for customer, product, weight, _ in frame_rows("interactions")}

    assert weights[7, 1] < 0 < weights[7, 0]
    assert weights[8, 2] == pytest.approx(0.1 * 0.5 ** (1 / 180))


def test_of_a_customer_only_the_newest_products_count(frame_rows: Rows) -> None:
    products = [product for customer, product, _, _ in frame_rows("interactions") if customer == 7]

    assert products == [0, 1, 3]


def test_of_a_huge_order_only_the_first_products_are_paired(frame_rows: Rows) -> None:
    assert [product for order, product in frame_rows("order_baskets") if order == 1] == [0, 1]
    assert frame_rows("pair_counts") == [(0, 1, 2), (0, 2, 1)]


def test_orders_of_nobody_known_show_pairs_but_no_customer(frame_rows: Rows) -> None:
    assert (4, 0) in frame_rows("order_baskets")
    assert (4, 1, NOBODY) in {row[:3] for row in frame_rows("purchases")}
    assert {customer for customer, *_ in frame_rows("interactions")} == {7, 8}


def test_the_season_is_around_this_day_of_earlier_years(frame_rows: Rows) -> None:
    assert dict(frame_rows("season")) == {0: 4, 1: 1, 2: 1, 3: 1}
