"""One suite for every recommender: what the contract promises (balie/recommendations/contract.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from balie.jobs.recommending.lists import learn_content, learn_personal, learn_rules
from balie.jobs.recommending.options import Options
from balie.jobs.recommending.personal import Weights
from balie.jobs.recommending.snapshot import Known, Snapshot, take_snapshot
from balie.recommendations.contract import Recommender, Suggestion
from tests.unit.jobs.recommending.little_shop import NOW, SOLD, known_shop, usual_orders

OPTIONS = Options(threads=1)

MAKERS: dict[str, Callable[[Known, Snapshot], Recommender]] = {
    "personal": lambda known, now: learn_personal(now, known.catalogue, Weights(), OPTIONS),
    "complementary": lambda known, now: learn_rules(now, known.catalogue),
    "alternatives": lambda known, now: learn_content(known, now, OPTIONS),
    "popular": lambda known, now: now.popular,
}


@pytest.fixture(scope="module", params=list(MAKERS))
def makers_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def recommender(makers_name: str) -> Iterator[Recommender]:
    with known_shop(usual_orders(), [(1, "bike-a", "returned", NOW, 1.0)]) as known:
        yield MAKERS[makers_name](known, take_snapshot(known, NOW + 1))


def every_answer(recommender: Recommender, n: int) -> list[tuple[Suggestion, ...]]:
    answers = [recommender.recommend(customer, n) for customer in range(12)]
    return answers + [recommender.related(product.sku, n) for product in SOLD]


@pytest.mark.parametrize("n", [1, 3, 100])
def test_no_answer_is_longer_than_wanted_or_names_anything_twice(recommender: Recommender, n: int) -> None:
    for answer in every_answer(recommender, n):
        skus = [each.sku for each in answer]
        assert len(skus) <= n
        assert len(skus) == len(set(skus))


def test_only_products_of_the_catalogue_are_named(recommender: Recommender) -> None:
    sold = {product.sku for product in SOLD}

    named = {each.sku for answer in every_answer(recommender, 20) for each in answer}

    assert named
    assert named <= sold
    assert {each.because for answer in every_answer(recommender, 20) for each in answer} <= {*sold, None}


def test_scores_do_not_rise(recommender: Recommender) -> None:
    for answer in every_answer(recommender, 20):
        scores = [each.score for each in answer]
        assert scores == sorted(scores, reverse=True)


def test_a_shorter_answer_is_the_beginning_of_a_longer_one(recommender: Recommender) -> None:
    for short, long in zip(every_answer(recommender, 2), every_answer(recommender, 9), strict=True):
        assert long[: len(short)] == short


def test_nobody_is_shown_the_product_they_ask_about(recommender: Recommender) -> None:
    for product in SOLD:
        assert product.sku not in {each.sku for each in recommender.related(product.sku, 20)}


@pytest.mark.parametrize("n", [0, -1])
def test_nothing_wanted_is_nothing_named(recommender: Recommender, n: int) -> None:
    assert not any(every_answer(recommender, n))


def test_an_unknown_product_has_nothing_beside_it(recommender: Recommender) -> None:
    assert recommender.related("no-such-product", 5) == ()


def test_the_same_question_and_the_same_shop_give_the_same_answer(makers_name: str) -> None:
    def learn() -> list[tuple[Suggestion, ...]]:
        with known_shop(usual_orders()) as known:
            return every_answer(MAKERS[makers_name](known, take_snapshot(known, NOW + 1)), 10)

    assert learn() == learn()


def test_an_empty_shop_has_nothing_to_recommend(makers_name: str) -> None:
    with known_shop([], sold=()) as known:
        recommender = MAKERS[makers_name](known, take_snapshot(known, NOW + 1))

        assert recommender.recommend(1, 5) == ()
        assert recommender.related("bike-a", 5) == ()


def test_a_shop_with_one_product_recommends_no_other(makers_name: str) -> None:
    lines = [(1, 1, 1, "bike-a", NOW - 10, False)]
    with known_shop(lines, sold=[each for each in SOLD if each.sku == "bike-a"]) as known:
        recommender = MAKERS[makers_name](known, take_snapshot(known, NOW + 1))

        assert recommender.related("bike-a", 5) == ()
        assert {each.sku for each in recommender.recommend(1, 5)} <= {"bike-a"}


def test_products_nobody_bought_yet_have_alternatives_and_nothing_else() -> None:
    with known_shop([]) as known:
        now = take_snapshot(known, NOW + 1)

        assert learn_rules(now, known.catalogue).related("bike-a", 5) == ()
        assert now.popular.recommend(1, 5) == ()
        assert [each.sku for each in learn_content(known, now, OPTIONS).related("bike-a", 2)] == [
            "bike-b",
            "bike-c",
        ]
