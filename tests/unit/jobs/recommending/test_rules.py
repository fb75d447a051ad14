from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from balie.jobs.recommending.counts import Counts, PairCounts
from balie.jobs.recommending.frames import DAY
from balie.jobs.recommending.lists import learn_rules
from balie.jobs.recommending.measures import measure_pairs
from balie.jobs.recommending.rules import stretches
from balie.jobs.recommending.snapshot import take_snapshot
from balie.jobs.recommending.sort_pairs import Sorts
from benchmarks.basket_rules import GROCERIES, largest_difference, read_groceries
from tests.unit.jobs.recommending.little_shop import NOW, known_shop, orders, usual_orders

COUNTED = Counts(
    products=PairCounts(np.array([0, 1]), np.array([2, 2]), np.array([18, 2]), np.array([20, 20, 20]), 200),
    sorts=PairCounts(np.array([0]), np.array([1]), np.array([20]), np.array([40, 20]), 200),
    repeated=np.array([0, 0]),
)
"""Two products of a sort; the first is nearly always bought with the third, the second hardly ever."""

HERE = Path(__file__).with_name("market.csv")


def test_measures_equal_those_counted_by_hand() -> None:
    baskets = [set(line.split(",")) for line in HERE.read_text("utf-8").splitlines()]

    rules, difference = largest_difference(baskets)

    assert rules > 50
    assert difference < 1e-9


@pytest.mark.skipif(not GROCERIES.exists(), reason="the baskets lie beside the repository, and not here")
def test_measures_of_groceries_equal_those_counted_by_hand() -> None:
    baskets = read_groceries()

    rules, difference = largest_difference(baskets)

    assert len(baskets) == 9_835
    assert rules > 15_000
    assert difference < 1e-9


def test_the_interval_is_narrower_the_more_was_seen() -> None:
    few, many = (measure_pairs(*(np.array([n * k]) for k in (4, 10, 20)), 100 * n) for n in (1, 100))

    assert few.lift == pytest.approx(many.lift)
    assert few.low < many.low < many.lift < many.high < few.high


def test_what_is_planted_is_found() -> None:
    newcomer = (1_000, 1, 99, "lamp-a", NOW - 10, False)
    with known_shop([*usual_orders(), newcomer]) as known:
        rules = learn_rules(take_snapshot(known, NOW + 1), known.catalogue)

        assert rules.related("bike-b", 1)[0].sku == "helmet-b"
        assert rules.related("lamp-a", 1)[0].sku == "batteries-a"
        assert rules.recommend(99, 1)[0].sku == "batteries-a"


def test_what_chance_explains_is_no_rule() -> None:
    lines = orders(("socks-a", "bike-a"), ("socks-a",), ("bike-a",), (), customers=[1])
    with known_shop(lines * 5) as known:
        assert list(learn_rules(take_snapshot(known, NOW + 1), known.catalogue).rows()) == []


def test_two_of_a_sort_are_not_shown_one_after_the_other() -> None:
    week = [
        ("bike-a", "helmet-a"),
        ("bike-a", "helmet-b"),
        ("bike-a", "lamp-a"),
        ("socks-a",),
        ("batteries-a",),
    ]
    with known_shop(orders(*week * 12, customers=[1, 2, 3])) as known:
        rules = learn_rules(take_snapshot(known, NOW + 1), known.catalogue)

        assert [each.sku for each in rules.related("bike-a", 3)] == ["helmet-a", "lamp-a", "helmet-b"]


def test_a_product_that_nobody_has_bought_gets_what_goes_with_its_sort() -> None:
    week = [("bike-a", "helmet-b"), ("bike-b", "helmet-b"), ("bike-b", "helmet-a"), ("socks-a",), ("lamp-a",)]
    with known_shop(orders(*week * 12, customers=[1, 2, 3])) as known:
        rules = learn_rules(take_snapshot(known, NOW + 1), known.catalogue)

    assert [each.sku for each in rules.related("bike-c", 2)] == ["helmet-b", "helmet-a"]
    measured = {
        row.sku: (row.support, row.lift, row.lift_low) for row in rules.rows() if row.anchor == "bike-c"
    }
    assert measured["helmet-b"] == (None, None, None), "there is nothing to measure"


def test_what_was_seen_together_comes_before_what_is_bought_most() -> None:
    week = [("bike-a", "helmet-a"), ("bike-b", "helmet-c"), ("bike-b", "helmet-c"), ("socks-a",), ("lamp-a",)]
    with known_shop(orders(*week * 12, customers=[1, 2, 3])) as known:
        rules = learn_rules(take_snapshot(known, NOW + 1), known.catalogue)

    assert [each.sku for each in rules.related("bike-a", 2)] == ["helmet-a", "helmet-c"]


def test_products_of_a_sort_that_differ_follow_their_own_counts() -> None:
    days = [("bike-a", "lamp-a")] * 30 + [("bike-a", "socks-a")] * 2 + [("bike-b", "socks-a")] * 30
    days += [("bike-b", "lamp-a")] * 2 + [("helmet-a",)] * 200
    with known_shop(orders(*days, customers=[1, 2, 3], first_at=NOW - 300 * DAY)) as known:
        rules = learn_rules(take_snapshot(known, NOW + 1), known.catalogue)

    assert [rules.related(bike, 1)[0].sku for bike in ("bike-a", "bike-b")] == ["lamp-a", "socks-a"]


def test_where_products_of_a_sort_do_not_differ_one_stands_for_all() -> None:
    week = [("bike-a", "lamp-a"), ("bike-b", "lamp-a"), ("bike-a",), ("bike-b",), ("socks-a",)]
    with known_shop(orders(*week * 12, customers=[1, 2, 3])) as known:
        alike = take_snapshot(known, NOW + 1)
        sorts = Sorts.learn(alike.counts, known.catalogue.sorts)

        assert sorts.strength() == math.inf
        assert sorts.drawn(np.array([1]), np.array([0]), math.inf).tolist() == [1.0]


def test_what_is_known_of_a_product_weighs_more_the_more_it_is() -> None:
    sorts = Sorts.learn(COUNTED, np.array([0, 0, 1]))

    much, little, nothing = (sorts.drawn(np.array([0]), np.array([1]), k)[0] for k in (0.1, 10.0, 1e9))

    assert sorts.rates.toarray()[0, 1] == pytest.approx(0.5)
    assert much > little > nothing
    assert nothing == pytest.approx(1.0)
    assert little == pytest.approx((18 + 10) / (10 + 10))
    assert 0 < sorts.strength() < 10


def test_of_the_counts_only_those_of_the_products_that_are_looked_at_are_copied() -> None:
    sorts = Sorts.learn(COUNTED, np.array([0, 0, 1]))
    beside = Cut(sorts.beside)

    drawn = replace(sorts, beside=beside).drawn(np.array([1]), np.array([1]), 10.0)

    assert drawn.tolist() == sorts.drawn(np.array([0, 1]), np.array([1, 1]), 10.0)[1:].tolist()
    assert beside.copied == [slice(1, 2)]


@dataclass
class Cut:
    """A matrix that remembers which of its rows were copied."""

    matrix: Any
    copied: list[slice] = field(default_factory=list)

    def __getitem__(self, rows: slice) -> Any:
        self.copied.append(rows)
        return self.matrix[rows]


@pytest.mark.parametrize(("most", "lengths"), [(3, [2, 1, 1]), (100, [4]), (1, [1, 1, 1, 1])])
def test_products_are_looked_at_so_many_at_a_time_as_memory_bears(most: int, lengths: list[int]) -> None:
    parts = list(stretches(np.array([1, 2, 50, 3]), most))

    assert [len(part) for part in parts] == lengths
    assert [number for part in parts for number in part] == [0, 1, 2, 3]


def test_counts_of_pairs_read_the_same_from_both_sides() -> None:
    counts = PairCounts(np.array([0]), np.array([2]), np.array([4]), np.array([5, 1, 6]), 9)

    assert counts.as_matrix().toarray().tolist() == [[0, 0, 4], [0, 0, 0], [4, 0, 0]]
