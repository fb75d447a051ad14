from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from balie.jobs.recommending.counts import PairCounts
from balie.jobs.recommending.lists import learn_rules
from balie.jobs.recommending.rules import measure_pairs
from balie.jobs.recommending.snapshot import take_snapshot
from benchmarks.basket_rules import GROCERIES, largest_difference, read_groceries
from tests.unit.jobs.recommending.little_shop import NOW, known_shop, orders, usual_orders

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


def test_counts_of_pairs_read_the_same_from_both_sides() -> None:
    counts = PairCounts(np.array([0]), np.array([2]), np.array([4]), np.array([5, 1, 6]), 9)

    assert counts.as_matrix().toarray().tolist() == [[0, 0, 4], [0, 0, 0], [4, 0, 0]]
