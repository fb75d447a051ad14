"""What many buy: these days, around this day of earlier years, in a category, in a segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from balie.jobs.recommending.arrays import Catalogue, Floats, Ints
from balie.recommendations.contract import Suggestion
from balie.recommendations.views import LearnedPopular

HALF_LIFE: Final = 30.0
"""Days after which a purchase counts half for what is popular."""

TREND_HALF_LIFE: Final = 7.0
"""The same for the trend, which is one part of the personal list."""

SEASON_DAYS: Final = 21
"""Around today's day of the year."""

SEASON_WEIGHT: Final = 0.5
"""A purchase of an earlier year's season, against one of today."""

EVERYWHERE: Final = "all"


@dataclass(frozen=True)
class PopularRecommender:
    """Names what many buy.

    Attributes:
        scores: Of each product, everywhere.
        segments: Of each product, among the customers of a segment (the category they buy most of).
        segment_of: The segment of a customer.
    """

    catalogue: Catalogue
    scores: Floats
    segments: Mapping[str, Floats]
    segment_of: Mapping[int, str]

    def recommend(self, customer: int, n: int) -> tuple[Suggestion, ...]:
        """What is popular in the customer's segment; everywhere, for somebody nobody knows."""
        scores = self.segments.get(self.segment_of.get(customer, ""), self.scores)
        return self._suggest(best_of(scores, n), scores)

    def related(self, sku: str, n: int) -> tuple[Suggestion, ...]:
        """What else is popular in the product's category."""
        number = self.catalogue.numbers.get(sku)
        if number is None:
            return ()
        scores = np.where(self.catalogue.categories == self.catalogue.categories[number], self.scores, 0.0)
        scores[number] = 0.0
        return self._suggest(best_of(scores, n), scores)

    def rows(self, n: int) -> Iterator[LearnedPopular]:
        """The best of each scope, as they are stored."""
        yield from self._rows(EVERYWHERE, self.scores, n)
        for number, code in enumerate(self.catalogue.category_codes):
            inside = np.where(self.catalogue.categories == number, self.scores, 0.0)
            yield from self._rows(f"category:{code}", inside, n)
        for segment, scores in sorted(self.segments.items()):
            yield from self._rows(f"segment:{segment}", scores, n)

    def _rows(self, scope: str, scores: Floats, n: int) -> Iterator[LearnedPopular]:
        for rank, number in enumerate(best_of(scores, n), start=1):
            yield LearnedPopular(scope, rank, self.catalogue.skus[number], float(scores[number]))

    def _suggest(self, numbers: Ints, scores: Floats) -> tuple[Suggestion, ...]:
        return tuple(Suggestion(self.catalogue.skus[each], float(scores[each])) for each in numbers)


def best_of(scores: Floats, n: int) -> Ints:
    """The numbers of the largest scores above zero, largest first, among equals the lower number."""
    order = np.argsort(-scores, kind="stable")[: max(n, 0)]
    best: Ints = order[scores[order] > 0]
    return best
