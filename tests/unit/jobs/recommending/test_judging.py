from __future__ import annotations

import math

import numpy as np
import pytest

from balie.jobs.recommending.arrays import csr
from balie.jobs.recommending.judging import judge


def test_a_perfect_list_reaches_one_and_a_wrong_one_nothing() -> None:
    bought = csr(np.array([0, 0, 1]), np.array([2, 5, 7]), np.ones(3), (2, 8))
    lists = np.full((2, 10), -1)
    lists[0, :2] = (5, 2)
    lists[1, :2] = (0, 1)

    judged = judge(lists, bought)

    assert judged.recall.tolist() == [1.0, 0.0]
    assert judged.ndcg.tolist() == [1.0, 0.0]
    assert judged.coverage == pytest.approx(4 / 8)


def test_a_hit_is_worth_less_further_down() -> None:
    bought = csr(np.array([0]), np.array([4]), np.ones(1), (1, 5))

    judged = judge(np.array([[0, 1, 4, -1, -1, -1, -1, -1, -1, -1]]), bought)

    assert judged.ndcg.tolist() == [pytest.approx(1 / math.log2(4))]
    assert judged.recall.tolist() == [1.0]


def test_baskets_in_which_there_is_nothing_to_find_do_not_count() -> None:
    nothing = csr(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), (3, 5))

    judged = judge(np.zeros((3, 10), np.int64), nothing)

    assert (judged.baskets, judged.spread) == (0, 0.0)
