from __future__ import annotations

from balie.jobs.recommending.arrays import Catalogue
from balie.jobs.recommending.content import ContentRecommender
from balie.jobs.recommending.snapshot import catalogue_of
from balie.jobs.recommending.sorts import sorts_of
from tests.unit.jobs.recommending.little_shop import SOLD


def like(sku: str) -> list[str]:
    catalogue: Catalogue = catalogue_of(SOLD)
    return [each.sku for each in ContentRecommender.learn(SOLD, catalogue, n=5, threads=1).related(sku, 3)]


def test_a_product_that_nobody_has_bought_yet_is_like_the_others_of_its_sort() -> None:
    assert like("never-bought")[0] == "lamp-a"


def test_bikes_are_like_bikes_and_those_of_the_same_price_and_brand_first() -> None:
    assert like("bike-a")[:2] == ["bike-b", "bike-c"]


def test_a_sort_is_the_word_that_names_of_a_category_share() -> None:
    sorts = dict(zip((each.sku for each in SOLD), sorts_of(SOLD).tolist(), strict=True))

    assert sorts["bike-a"] == sorts["bike-b"] == sorts["bike-c"]
    assert sorts["helmet-a"] == sorts["helmet-c"] != sorts["bike-a"]
    assert sorts["lamp-a"] != sorts["batteries-a"], "two products share too little to be a sort"


def test_no_products_have_no_sorts() -> None:
    assert sorts_of(()).tolist() == []
