"""The shop's own words about recommendations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from balie.orders.errors import ShopTermsError
from balie.recommendations.terms import SHOWN_WHEN, RecommendationTerms
from tests.support.content import real_renderer


def facts(**changed: Any) -> dict[str, Any]:
    shop = dict(real_renderer().library.shop)
    return {**shop, "recommendations": {**shop["recommendations"], **changed}}


def test_the_shop_says_everything_that_is_needed() -> None:
    terms = RecommendationTerms.from_shop(facts())

    assert (terms.currency, terms.explore_share, terms.hold_out_share) == ("EUR", 0.05, 0.05)
    assert (terms.same_category, terms.attribution) == ((2, 3), timedelta(days=7))
    assert terms.bought_again == {"nutrition": timedelta(days=21)}
    assert set(terms.restrictions) == set(SHOWN_WHEN)


@pytest.mark.parametrize(
    "changed",
    [
        {"explore_percent": 100},
        {"hold_out_percent": -1},
        {"same_category": {"most": 0, "of": 3}},
        {"attribution_days": "week"},
        {"bought_again_days": None},
        {"restricted": {"taste": {"categories": [], "products": []}}},
        {"restricted": {"age": {"categories": []}}},
    ],
)
def test_what_makes_no_sense_is_refused_at_start(changed: dict[str, Any]) -> None:
    with pytest.raises(ShopTermsError):
        RecommendationTerms.from_shop(facts(**changed))


def test_a_shop_that_says_nothing_is_refused_at_start() -> None:
    with pytest.raises(ShopTermsError):
        RecommendationTerms.from_shop({"currency": "EUR"})
