from __future__ import annotations

import numpy as np
import pytest

from balie.jobs.recommending.arrays import csr, top_of_rows
from balie.jobs.recommending.frames import DAY
from balie.jobs.recommending.lists import learn_personal
from balie.jobs.recommending.neighbours import nearest, nearest_of_pairs
from balie.jobs.recommending.options import Options
from balie.jobs.recommending.personal import PersonalModel, Weights
from balie.jobs.recommending.snapshot import take_snapshot
from balie.jobs.recommending.taste import Taste
from balie.jobs.recommending.tuning import choose_weights
from balie.recommendations.contract import Recommender
from tests.unit.jobs.recommending.little_shop import NOW, Line, known_shop, usual_orders

NEWCOMER = 99


def learned(lines: list[Line], signals: list[tuple[object, ...]] | None = None) -> Recommender:
    with known_shop(lines, signals or []) as known:
        return learn_personal(take_snapshot(known, NOW + 1), known.catalogue, Weights(), Options(threads=1))


def test_a_newcomer_is_told_which_of_their_products_speaks_for_another() -> None:
    recommender = learned([*usual_orders(), (1_000, 1, NEWCOMER, "lamp-a", NOW - DAY, False)])

    again, fresh = recommender.recommend(NEWCOMER, 2)

    assert (again.sku, again.because) == ("lamp-a", None)
    assert (fresh.sku, fresh.because) == ("batteries-a", "lamp-a")


def test_what_was_sent_back_is_not_recommended() -> None:
    lines = [*usual_orders(), (1_000, 1, NEWCOMER, "lamp-a", NOW - DAY, False)]

    recommender = learned(lines, [(NEWCOMER, "lamp-a", "returned", NOW - 10, 1.0)])

    assert "lamp-a" not in {each.sku for each in recommender.recommend(NEWCOMER, 20)}


def test_customers_that_nobody_knows_get_no_list_of_their_own() -> None:
    assert learned(usual_orders()).recommend(12_345, 5) == ()


def test_who_bought_ten_thousand_things_gets_a_list_like_anybody() -> None:
    skus = ("socks-a", "lamp-a", "bike-a", "helmet-a")
    reseller = [(2_000 + n, 1, 500, skus[n % 4], NOW - n * 60, False) for n in range(10_000)]

    found = learned([*usual_orders(), *reseller]).recommend(500, 5)

    assert 0 < len(found) <= 5


def test_neighbours_of_counted_pairs_are_those_of_the_baskets() -> None:
    lines = usual_orders()
    with known_shop(lines) as known:
        counts = take_snapshot(known, NOW + 1).counts.products
        rows = np.array([line[0] for line in lines])
        products = np.array([known.catalogue.numbers[line[3]] for line in lines])
    baskets = csr(rows, products, np.ones(len(rows)), (int(rows.max()) + 1, len(known.catalogue)))

    by_pairs = nearest_of_pairs(counts, 20, len(known.catalogue))

    assert by_pairs.toarray() == pytest.approx(nearest(baskets, 20, threads=1).toarray())


def test_weights_are_chosen_that_find_what_was_bought_next() -> None:
    liking = csr(np.arange(6), np.zeros(6, np.int64), np.ones(6), (6, 4))
    bought = csr(np.arange(6), np.full(6, 3), np.ones(6), (6, 4))
    near = csr(np.array([0]), np.array([3]), np.ones(1), (4, 4))
    nothing = csr(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), (4, 4))
    model = PersonalModel(near, nothing, np.array([0.0, 1.0, 0.9, 0.0]), Taste(None, 1))

    weights, reached = choose_weights(model.parts(liking), liking, bought)

    assert weights.customers > weights.trend
    assert reached > 1.5


def test_the_best_of_a_row_are_in_order_and_equals_by_number() -> None:
    matrix = csr(np.array([0, 0, 0, 2]), np.array([3, 1, 2, 0]), np.array([5.0, 5.0, 7.0, -1.0]), (3, 4))

    rows, columns, values = top_of_rows(matrix, 2)

    assert (rows.tolist(), columns.tolist(), values.tolist()) == ([0, 0], [2, 1], [7.0, 5.0])
