from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from balie.handoff.bands import Band, BandTerms, Purchases, find_band
from balie.handoff.priority import BAND_POINTS
from balie.orders.errors import ShopTermsError
from tests.support.content import real_renderer

NOW = datetime(2026, 11, 3, tzinfo=UTC)
TERMS = BandTerms.from_shop(real_renderer().library.shop)


@pytest.mark.parametrize(
    ("paid_minor", "days_ago", "band"),
    [
        (0, 0, Band.NEW),
        (TERMS.regular_from - 1, 0, Band.NEW),
        (TERMS.regular_from, 0, Band.REGULAR),
        (TERMS.loyal_from, 365, Band.LOYAL),
        (TERMS.loyal_from, 366, Band.REGULAR),
        (TERMS.top_from, 0, Band.TOP),
        (TERMS.top_from, 400, Band.LOYAL),
        (TERMS.regular_from, 4000, Band.REGULAR),
    ],
)
def test_a_band_follows_from_what_was_paid_and_when(paid_minor: int, days_ago: int, band: Band) -> None:
    bought = Purchases(paid_minor, NOW - timedelta(days=days_ago))

    assert find_band(bought, TERMS, NOW) is band


def test_whoever_never_paid_is_new() -> None:
    assert find_band(Purchases(), TERMS, NOW) is Band.NEW


def test_every_band_has_its_points_in_the_queue() -> None:
    assert set(BAND_POINTS) == {band.value for band in Band}


@pytest.mark.parametrize(
    "bands",
    [None, {}, {"regular_from": "much", "loyal_from": 2, "top_from": 3, "recent_days": 4},
     {"regular_from": 5, "loyal_from": 2, "top_from": 3, "recent_days": 4}],
)  # fmt: skip
def test_a_shop_that_does_not_say_its_bands_is_told_so(bands: Any) -> None:
    with pytest.raises(ShopTermsError, match="value_bands"):
        BandTerms.from_shop({"currency": "EUR", "value_bands": bands})
