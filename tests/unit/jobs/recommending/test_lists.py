from __future__ import annotations

from balie.jobs.recommending.frames import DAY
from balie.jobs.recommending.lists import Trial
from balie.jobs.recommending.options import Options
from balie.jobs.recommending.personal import Weights
from balie.jobs.recommending.snapshot import take_snapshot
from balie.recommendations.acceptance import Figures
from balie.recommendations.kinds import ListKind
from balie.recommendations.signal_repository import SoldProduct
from tests.unit.jobs.recommending.little_shop import NOW, SOLD, Line, known_shop, usual_orders

THEN = NOW - 28 * DAY
LATER: list[Line] = [
    (1_000, 1, 1, "bike-c", THEN + DAY, False),
    (1_000, 2, 1, "lamp-a", THEN + DAY, False),
    (1_001, 1, 99, "helmet-a", THEN + DAY, False),
]
BEFORE: list[Line] = [
    *(line for line in usual_orders() if line[2] != 1 and line[4] < THEN),
    (998, 1, 1, "bike-a", THEN - DAY, False),
    (999, 1, 99, "socks-a", THEN - DAY, False),
]


def judged(sold: tuple[SoldProduct, ...]) -> Figures:
    with known_shop([*BEFORE, *LATER], sold=sold) as known:
        then = take_snapshot(known, THEN)
        trial = Trial.hold(known, then, (THEN, NOW + 1), Weights(), Options(threads=1))
        return trial.judge(ListKind.ALTERNATIVES)


def test_what_was_bought_instead_is_of_the_category() -> None:
    assert judged(SOLD).baskets == 1, "the other bike; neither the lamp nor what goes with socks"


def test_in_a_shop_of_one_category_it_is_of_the_sort() -> None:
    figures = judged(tuple(product._replace(category="all") for product in SOLD))

    assert figures.baskets == 1
    assert figures.ndcg_at_10 > figures.popular_ndcg_at_10
